"""The settings of the ORM. Validated by every command, so SQLAlchemy is not imported here."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from raystack import ImproperlyConfigured, Section

from .database_url import parse_url

DEFAULT_URL = "sqlite:///db.sqlite3"


class DatabaseSettings(BaseModel):
    """A database."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    URL: SecretStr = Field(description="sqlite:///file, postgresql://user:password@host:port/name")

    @field_validator("URL")
    @classmethod
    def _understood(cls, value: SecretStr) -> SecretStr:
        try:
            parse_url(value.get_secret_value())
        except ImproperlyConfigured as error:
            raise ValueError(str(error)) from None
        return value


class OrmSettings(Section):
    """Where the data is."""

    DATABASES: dict[str, DatabaseSettings] = Field(
        {"default": DatabaseSettings(URL=SecretStr(DEFAULT_URL))},
        description='Alias to URL; "default" is the one that models use. A SQLite file\'s relative '
        "path starts at the project's folder.",
    )

    MEDIA_ROOT: str = Field("", description="The folder of uploaded files.")
    MEDIA_URL: str = Field("", description="What the URLs of uploaded files start with.")
    STORAGES: dict[str, dict[str, Any]] = Field(
        {}, description="Alias to BACKEND and OPTIONS of the storages of files."
    )

    @field_validator("DATABASES", mode="before")
    @classmethod
    def _urls_alone(cls, value: Any) -> Any:
        """Take ``{"default": "sqlite:///..."}`` for ``{"default": {"URL": ...}}``."""
        if not isinstance(value, dict):
            return value
        return {
            alias: {"URL": given} if isinstance(given, (str, SecretStr)) else given
            for alias, given in value.items()
        }

    @field_validator("DATABASES")
    @classmethod
    def _has_default(cls, value: dict[str, DatabaseSettings]) -> dict[str, DatabaseSettings]:
        if "default" not in value:
            raise ValueError('should have a database named "default"')
        return value
