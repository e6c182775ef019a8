"""What the ORM is set up with: its databases, the time zone, the installed apps.

In a project it follows the settings of the active kernel. On its own::

    raystack_orm.configure(databases={"default": "sqlite:///db.sqlite3"})
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .database_url import DatabaseURL
from .exceptions import ImproperlyConfigured, nearest

if TYPE_CHECKING:  # pydantic is heavy, and needed when there is something to set
    from .settings import OrmSettings

TIMES = ("USE_TZ", "TIME_ZONE")
NEAR = 0.83  # DATABASE_ROUTER is near DATABASE_ROUTERS; other distributions' settings seldom are


def _defaults() -> "OrmSettings":
    from .settings import OrmSettings

    return OrmSettings()


@dataclass(frozen=True, slots=True)
class Configuration:
    """The active configuration.

    Args:
        databases: Alias to database; ``default`` is the one that is used unless told otherwise.
        use_tz: Datetimes are aware, and stored in UTC.
        time_zone: The name of the current time zone.
        apps: Installed packages with their labels.
        root: The project's folder: relative paths start there.
        configured: False until ``configure()`` was called.
        orm: The settings of the ORM.
        settings: All settings of the project by their names, those of other distributions too.
    """

    databases: Mapping[str, DatabaseURL] = field(default_factory=dict)
    use_tz: bool = True
    time_zone: str = "UTC"
    apps: Mapping[str, str] = field(default_factory=dict)
    root: Path | None = None
    configured: bool = False
    orm: "OrmSettings" = field(default_factory=_defaults)
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)  # some are secrets

    @classmethod
    def of(
        cls,
        orm: "OrmSettings",
        *,
        root: Path | None = None,
        use_tz: bool,
        time_zone: str,
        apps: Mapping[str, str],
        settings: Mapping[str, Any],
    ) -> "Configuration":
        """Make the configuration that settings ask for.

        Args:
            orm: The settings of the ORM.
            root: The folder that relative paths of SQLite files start from.
            use_tz: Datetimes are aware.
            time_zone: The name of the current time zone.
            apps: Installed packages with their labels.
            settings: All settings of the project.
        """
        return cls(
            databases={alias: given.parsed(root) for alias, given in orm.DATABASES.items()},
            use_tz=use_tz,
            time_zone=time_zone,
            apps=apps,
            root=root,
            configured=True,
            orm=orm,
            settings=settings,
        )

    @property
    def media_root(self) -> str:
        """The folder of uploaded files."""
        given = self.orm.MEDIA_ROOT
        return str((self.root or Path()) / given) if given else ""

    @property
    def media_url(self) -> str:
        """What the URLs of uploaded files start with."""
        return self.orm.MEDIA_URL

    @property
    def storages(self) -> Mapping[str, Any]:
        """Alias to ``BACKEND`` and ``OPTIONS`` of the storages of files."""
        return self.orm.STORAGES

    @property
    def default_fetch_mode(self) -> str:
        """The name of the fetch mode of queries that choose none."""
        return self.orm.DEFAULT_FETCH_MODE

    @property
    def default_auto_field(self) -> str:
        """The import path of the field of primary keys that models do not declare."""
        return self.orm.DEFAULT_AUTO_FIELD

    @property
    def slow_query_log_ms(self) -> float | None:
        """From how many milliseconds on a query is logged."""
        return self.orm.SLOW_QUERY_LOG_MS

    @property
    def zone(self) -> tzinfo:
        """The current time zone."""
        return ZoneInfo(self.time_zone)


Override = Callable[[Mapping[str, Any]], AbstractContextManager[None] | None]

DatabaseKey = tuple[str, DatabaseURL]
"""An alias and its URL: what tells two databases apart."""

_given: Configuration | None = None  # what configure() was given
_source: Callable[[], Configuration | None] = lambda: None  # noqa: E731 - replaced by follow()
_apps: Callable[[], Mapping[str, str]] = dict
_override: Override = lambda values: None  # noqa: E731 - as above
_loading: ContextVar[Mapping[str, str] | None] = ContextVar("loading", default=None)
_substitutes: dict[DatabaseKey, DatabaseURL] = {}
_substituted: tuple[Configuration, Configuration] | None = None  # a configuration and its twin


@cache
def _unconfigured() -> Configuration:
    return Configuration()


def configuration() -> Configuration:
    """Return the active configuration: the same object until something in it changes."""
    active = _source() or _given or _unconfigured()
    return _with_substitutes(active) if _substitutes else active


def follow(
    source: Callable[[], Configuration | None],
    apps: Callable[[], Mapping[str, str]] = dict,
    override: Override = lambda values: None,
) -> None:
    """Ask functions for the active configuration from now on.

    Args:
        source: Return the configuration; ``None`` means what ``configure()`` was given.
        apps: Return the installed packages with their labels, known before the rest is.
        override: Change settings where the configuration is made of them; ``None`` where it is not.
    """
    global _source, _apps, _override
    _source, _apps, _override = source, apps, override


def override_at_source(values: Mapping[str, Any]) -> AbstractContextManager[None] | None:
    """Change settings for a while where they come from; ``None`` where they come from no others."""
    return _override(values)


def label_of(module: str) -> str:
    """Return the label of the app that a module belongs to.

    It is the innermost installed app. Where there is none, as when a test imports models before
    the project is set up, it is the package with the module ``models``, or the top-level one.
    """
    apps = _loading.get() or _apps() or (_given.apps if _given else {})
    inside = [name for name in apps if module == name or module.startswith(name + ".")]
    if inside:
        return apps[max(inside, key=len)]
    package, found, _ = f"{module}.".rpartition(".models.")
    name = package.rpartition(".")[2] if found else module.partition(".")[0]
    return name.strip("_") or "models"


@contextmanager
def loading(apps: Mapping[str, str]) -> Iterator[None]:
    """Label the models that this thread imports inside as these apps'."""
    token = _loading.set(apps)
    try:
        yield
    finally:
        _loading.reset(token)


@contextmanager
def configured(made: Configuration) -> Iterator[Configuration]:
    """Make a configuration the active one for a while, in tests."""
    before = _source, _apps, _override
    follow(lambda: made, lambda: made.apps)
    try:
        yield made
    finally:
        follow(*before)


def substitute(key: DatabaseKey, url: DatabaseURL) -> None:
    """Use another database wherever a configuration names this one, as a test run does."""
    global _substituted
    _substitutes[key] = url
    _substituted = None


def is_substitute(url: DatabaseURL) -> bool:
    """Say whether a database stands in the place of another one."""
    return url in _substitutes.values()


def restore_databases() -> None:
    """End all substitutions."""
    _substitutes.clear()


def _with_substitutes(real: Configuration) -> Configuration:
    global _substituted
    if _substituted is None or _substituted[0] is not real:
        databases = {
            alias: _substitutes.get((alias, url), url) for alias, url in real.databases.items()
        }
        _substituted = (real, replace(real, databases=databases))
    return _substituted[1]


def configure(
    *,
    databases: Mapping[str, str | Mapping[str, Any]],
    installed_apps: Iterable[str] | Mapping[str, str] = (),
    root: Path | None = None,
    USE_TZ: bool = True,  # noqa: N803 - the settings' names
    TIME_ZONE: str = "UTC",  # noqa: N803
    **settings: Any,
) -> None:
    """Set the ORM up. May be called before or after models are defined.

    Args:
        databases: Alias to URL: ``sqlite:///relative.db``, ``sqlite:////absolute.db``,
            ``sqlite://:memory:``, ``postgresql://user:password@host:port/name``,
            ``mysql://...`` or ``mariadb://...``; or to a mapping with ``URL`` and options, as in
            the setting ``DATABASES``.
        installed_apps: Packages whose models take the package's last part as their label, or a
            mapping from package to label.
        root: The folder that relative paths of SQLite files start from; the current one by default.
        USE_TZ: Datetimes are aware, and stored in UTC.
        TIME_ZONE: The name of the current time zone.
        settings: Any other setting of the ORM by its name: ``DEFAULT_FETCH_MODE="FETCH_RAISE"``.

    Raises:
        ImproperlyConfigured: There is no ``default``, a URL cannot be understood, or a setting has
            no such name or value.
    """
    global _given
    if not isinstance(databases, Mapping):
        raise ImproperlyConfigured(
            'configure(databases=...) takes a mapping of aliases to URLs: databases={"default": '
            '"sqlite:///db.sqlite3"}.'
        )
    if "default" not in databases:
        raise ImproperlyConfigured(
            f'The databases need one named "default"; given are: {", ".join(databases) or "none"}.'
        )
    apps = (
        dict(installed_apps)
        if isinstance(installed_apps, Mapping)
        else {name: name.rpartition(".")[2] for name in installed_apps}
    )
    orm = _validated({**settings, "DATABASES": databases})
    _check_times(USE_TZ, TIME_ZONE)
    made = Configuration.of(
        orm,
        root=root,
        use_tz=USE_TZ,
        time_zone=TIME_ZONE,
        apps=apps,
        settings={**settings, **vars(orm), "USE_TZ": USE_TZ, "TIME_ZONE": TIME_ZONE},
    )
    _given = made
    follow(lambda: None)


def _check_times(use_tz: Any, time_zone: Any) -> None:
    """Check the two settings of times, which belong to the kernel's in a project."""
    if not isinstance(use_tz, bool):
        raise ImproperlyConfigured(f"configure(): USE_TZ should be True or False, not {use_tz!r}.")
    try:
        if time_zone != "UTC":  # which needs no database of zones to be known
            ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ImproperlyConfigured(
            f"configure(): TIME_ZONE should be the name of a time zone, such as Europe/Zurich, not "
            f"{time_zone!r}."
        ) from None


def _validated(settings: Mapping[str, Any]) -> "OrmSettings":
    from pydantic import ValidationError

    from .settings import OrmSettings

    known = OrmSettings.model_fields
    spelled = (*known, *TIMES)
    for name in settings:
        close = nearest(name, spelled, NEAR) if name not in known else ""
        if close or not name.isupper():
            raise ImproperlyConfigured(f"configure({name}=...): there is no such setting.{close}")
    try:
        return OrmSettings(**{name: settings[name] for name in known if name in settings})
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, each['loc']))}: {each['msg'].removeprefix('Value error, ')}"
            for each in error.errors(include_input=False, include_url=False)
        ]
        raise ImproperlyConfigured("configure(): " + "\n  ".join(lines)) from None
