"""The settings that the kernel itself owns."""

from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator

from ..proxies import valid_proxy
from .section import RequiredOnRead, Section

MIN_SECRET_LENGTH = 32
INSECURE_PREFIX = "raystack-insecure-"

_NEW_KEY = (
    'Make one with: python -c "import secrets; print(secrets.token_urlsafe(50))"\n'
    "  and set it as RAYSTACK_SECRET_KEY, in the environment or in .env."
)


class CoreSettings(Section):
    """What every Raystack project has, with Django's names and meanings where Django has them."""

    DEBUG: bool = Field(
        False, description="Show tracebacks and the API's docs. Never in production."
    )
    SECRET_KEY: Annotated[SecretStr | None, RequiredOnRead(_NEW_KEY)] = Field(
        None, description="Signs cookies and tokens. At least 32 characters, kept secret."
    )
    SECRET_KEY_FALLBACKS: tuple[SecretStr, ...] = Field(
        (), description="Former secret keys, still accepted while they are rotated out."
    )
    ALLOWED_HOSTS: tuple[str, ...] = Field(
        (), description='Host names the site answers to; ".example.com" includes subdomains.'
    )
    TRUSTED_PROXIES: tuple[Annotated[str, AfterValidator(valid_proxy)], ...] = Field(
        (),
        description="Addresses or networks of proxies whose X-Forwarded-* headers are believed; "
        '"unix" for those on a Unix socket.',
    )
    TIME_ZONE: str = Field("UTC", description="The time zone's name, such as Europe/Zurich.")
    USE_TZ: bool = Field(True, description="Datetimes are aware and stored in UTC.")
    LANGUAGE_CODE: str = Field("en-us", description="The site's language.")
    LOGGING: dict[str, Any] | None = Field(
        None, description="A dictionary for logging.config.dictConfig; none leaves logging alone."
    )
    INSTALLED_APPS: tuple[str, ...] = Field((), description="The project's apps, in order.")
    MIDDLEWARE: tuple[Any, ...] = Field(
        (),
        description="The project's own middleware: import paths or Middleware objects; "
        '"-name" turns a contributed one off.',
    )
    ROOT_URLCONF: str = Field("config.urls", description="The module whose router is the site's.")
    FASTAPI: dict[str, Any] = Field({}, description="Arguments for FastAPI's constructor.")
    ASGI_APPLICATION: str | None = Field(
        None, description='A hand-written application, as "module:attribute".'
    )
    PLUGINS: tuple[str, ...] | None = Field(
        None, description="If set, only these plugins start; otherwise all that are installed."
    )
    PLUGINS_DISABLED: tuple[str, ...] = Field((), description="Plugins that are not even imported.")
    PLUGIN_ERRORS: Literal["raise", "skip"] = Field(
        "raise", description="What a broken plugin does: stop the start-up, or be left out."
    )

    @field_validator("SECRET_KEY")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < MIN_SECRET_LENGTH:
            raise ValueError(f"should have at least {MIN_SECRET_LENGTH} characters. {_NEW_KEY}")
        return value

    @field_validator("TIME_ZONE")
    @classmethod
    def _known_time_zone(cls, value: str) -> str:
        if (
            value == "UTC"
        ):  # zoneinfo needs a database even for this one, which not all systems have
            return value
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("should be the name of a time zone, such as UTC") from None
        return value

    @model_validator(mode="after")
    def _own_key_in_production(self) -> Self:
        key = self.SECRET_KEY
        if key and not self.DEBUG and key.get_secret_value().startswith(INSECURE_PREFIX):
            raise ValueError(
                f"SECRET_KEY is an example's ({INSECURE_PREFIX}...), which only DEBUG = True "
                f"accepts. {_NEW_KEY}"
            )
        return self
