"""A section: the settings of one plugin, as a typed, frozen pydantic model."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from ..exceptions import SettingsError
from .sources import PREFIX


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
        env_prefix=PREFIX,
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

    if not TYPE_CHECKING:  # a type checker knows the fields, and would take any name for one

        def __getattr__(self, name: str) -> Any:
            """Ask for what is required and missing; ``leave_out_missing`` has taken it away."""
            if name in type(self).model_fields:
                raise missing(type(self), name)
            return super().__getattr__(name)


@dataclass(frozen=True, slots=True)
class RequiredOnRead:
    """Marks a field that may be missing until something reads it.

    Args:
        remedy: What the error advises.

    Example:
        ``API_KEY: Annotated[SecretStr | None, RequiredOnRead("Set RAYSTACK_API_KEY.")] = None``
    """

    remedy: str


def is_required(section: type[Section], name: str) -> bool:
    """Say whether a field is one that has to be set once something reads it."""
    field = section.model_fields.get(name)
    return field is not None and any(isinstance(mark, RequiredOnRead) for mark in field.metadata)


def missing(section: type[Section], name: str) -> SettingsError:
    """Make the error for reading a required field that is not set."""
    marks = section.model_fields[name].metadata
    remedy = next(mark.remedy for mark in marks if isinstance(mark, RequiredOnRead))
    return SettingsError(f"{name} is needed here but is not set.\n  {remedy}")


def leave_out_missing(section: Section) -> None:
    """Take away the required fields that are not set, so that reading one says what is missing.

    Validators have read them by now, and may have found ``None``.
    """
    for name in type(section).model_fields:
        if is_required(type(section), name) and getattr(section, name) is None:
            del section.__dict__[name]  # a frozen model refuses delattr
