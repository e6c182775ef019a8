"""The settings of the ORM. Validated by every command, so SQLAlchemy is not imported here.

This is the one place that defines them: a project sets them in its settings, and who uses the ORM
alone gives them to ``configure()``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from raystack import ImproperlyConfigured, Section

from .database_url import DatabaseURL, parse_url

DEFAULT_URL = "sqlite:///db.sqlite3"

FetchModeName = Literal["FETCH_ONE", "FETCH_PEERS", "FETCH_RAISE"]


class TestDatabaseSettings(BaseModel):
    """What tests use in a database's place."""

    __test__ = False  # pytest: no tests in here
    model_config = ConfigDict(frozen=True, extra="forbid")

    NAME: str = Field(
        default="", description="The name of the database; test_ and its own by default."
    )
    MIRROR: str | None = Field(
        default=None, description="The alias of the database that it is a copy of."
    )


class DatabaseSettings(BaseModel):
    """A database."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    URL: SecretStr = Field(
        description="sqlite:///file, postgresql://user:password@host:port/name, mariadb://..."
    )
    OPTIONS: dict[str, Any] = Field(
        default={}, description="What may follow the ? of the URL, too; this wins."
    )
    REPLICAS: tuple[str, ...] = Field(default=(), description="The aliases of copies to read from.")
    DISABLE_SERVER_SIDE_CURSORS: bool = Field(
        default=False,
        description="For a pooler between, which gives each transaction another connection.",
    )
    TEST: TestDatabaseSettings = Field(
        default=TestDatabaseSettings(), description="What tests use in its place."
    )

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Show what is set."""
        return (arg for arg in super().__repr_args__() if arg[0] in self.model_fields_set)

    @field_validator("URL")
    @classmethod
    def _understood(cls, value: SecretStr) -> SecretStr:
        try:
            parse_url(value.get_secret_value())
        except ImproperlyConfigured as error:
            raise ValueError(str(error)) from None
        return value

    def parsed(self, root: Path | None = None) -> DatabaseURL:
        """Return the URL taken apart, with what is set beside it.

        Args:
            root: The folder that a relative path of a SQLite file starts from.
        """
        url = parse_url(self.URL.get_secret_value(), root)
        given = {name: str(value) for name, value in self.OPTIONS.items()}
        return replace(
            url,
            options={**url.options, **given},
            server_side_cursors=not self.DISABLE_SERVER_SIDE_CURSORS,
            test_name=self.TEST.NAME,
        )


class OrmSettings(Section):
    """Where the data is, and what queries and models do unless they say otherwise."""

    DATABASES: dict[str, DatabaseSettings] = Field(
        default={"default": DatabaseSettings(URL=SecretStr(DEFAULT_URL))},
        description='Alias to URL; "default" is the one that models use. A SQLite file\'s relative '
        "path starts at the project's folder.",
    )
    DATABASE_ROUTERS: tuple[Any, ...] = Field(
        default=(),
        description="Routers, or their import paths, which choose the database of a query; the "
        "first that decides wins.",
    )
    DEFAULT_AUTO_FIELD: str = Field(
        default="raystack_orm.models.BigAutoField",
        description="The field of primary keys that models do not declare.",
    )
    DEFAULT_FETCH_MODE: FetchModeName = Field(
        default="FETCH_PEERS",
        description="What reading a relation that is not loaded does: load it for this instance, "
        "for all that came with it, or raise an error.",
    )
    DEFAULT_TABLESPACE: str = Field(
        default="", description="Where tables are, on databases that ask."
    )
    DEFAULT_INDEX_TABLESPACE: str = Field(default="", description="Where indexes are.")
    SLOW_QUERY_LOG_MS: float | None = Field(
        default=None,
        description="Log queries that take longer, in milliseconds; none for no such log.",
    )

    MEDIA_ROOT: str | Path = Field(default="", description="The folder of uploaded files.")
    FILE_UPLOAD_PERMISSIONS: int | None = Field(
        default=0o644, description="The permissions of uploaded files; None for the system's."
    )
    FILE_UPLOAD_DIRECTORY_PERMISSIONS: int | None = Field(
        default=None, description="The permissions of folders made for uploaded files."
    )
    MEDIA_URL: str = Field(default="", description="What the URLs of uploaded files start with.")
    STORAGES: dict[str, dict[str, Any]] = Field(
        default={}, description="Alias to BACKEND and OPTIONS of the storages of files."
    )

    @field_validator("DATABASES", mode="before")
    @classmethod
    def _urls_alone(cls, value: Any) -> Any:
        """Take ``{"default": "sqlite:///..."}`` for ``{"default": {"URL": ...}}``."""
        if not isinstance(value, Mapping):
            return value
        return {
            alias: {"URL": given} if isinstance(given, (str, SecretStr)) else given
            for alias, given in value.items()
        }

    @field_validator("DATABASES")
    @classmethod
    def _aliases_are_known(cls, value: dict[str, DatabaseSettings]) -> dict[str, DatabaseSettings]:
        if "default" not in value:
            raise ValueError('should have a database named "default"')
        for alias, database in value.items():
            others = (*database.REPLICAS, *filter(None, [database.TEST.MIRROR]))
            for other in others:
                if other not in value or other == alias:
                    raise ValueError(f'the database "{alias}" names "{other}", which is no other')
        return value

    @property
    def replicas(self) -> dict[str, tuple[str, ...]]:
        """The aliases of copies by that of their original."""
        return {alias: d.REPLICAS for alias, d in self.DATABASES.items() if d.REPLICAS}

    @property
    def mirrors(self) -> dict[str, str]:
        """The alias of the original by those of its copies, which in tests are the same."""
        copies = {copy: alias for alias, found in self.replicas.items() for copy in found}
        named = {alias: d.TEST.MIRROR for alias, d in self.DATABASES.items()}
        return {**copies, **{alias: mirror for alias, mirror in named.items() if mirror}}
