"""A section: the settings of one plugin, as a typed, frozen pydantic model."""

from dataclasses import dataclass
from typing import ClassVar

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

ENV_PREFIX = "RAYSTACK_"


class Section(BaseSettings):
    """The base of a plugin's settings.

    Fields are UPPERCASE, each with a default and a description, so that a project works before it
    is configured and ``raystack settings`` can explain itself. Secrets are ``SecretStr``.

    Example::

        class HelloSettings(Section):
            HELLO_GREETING: str = Field("Hello", description="What visitors are greeted with.")
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        case_sensitive=True,
        env_prefix=ENV_PREFIX,
        env_nested_delimiter="__",
        hide_input_in_errors=True,  # a value may be a secret
        validate_default=True,
    )

    apps: ClassVar[tuple[str, ...]] = ()
    """Apps that the plugin adds to ``INSTALLED_APPS``.

    They have no ``plugin.py`` of their own: by the time a section is read, all plugins are
    registered. Their hooks belong in the plugin that adds them.
    """

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from the kernel alone, which has merged the sources and knows the origins."""
        return (init_settings,)


@dataclass(frozen=True, slots=True)
class RequiredOnRead:
    """Marks a field that may be missing until something reads it.

    Args:
        remedy: What the error advises.

    Example:
        ``API_KEY: Annotated[SecretStr | None, RequiredOnRead("Set RAYSTACK_API_KEY.")] = None``
    """

    remedy: str
