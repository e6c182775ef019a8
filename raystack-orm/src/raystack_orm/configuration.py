"""What the ORM is set up with: its databases, the time zone, the installed apps.

In a project it follows the settings of the active kernel. On its own::

    raystack_orm.configure(databases={"default": "sqlite:///db.sqlite3"})
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .database_url import DatabaseURL, parse_url
from .exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Configuration:
    """The active configuration.

    Args:
        databases: Alias to database; ``default`` is the one that is used unless told otherwise.
        use_tz: Datetimes are aware, and stored in UTC.
        time_zone: The name of the current time zone.
        apps: Installed packages with their labels.
        media_root: The folder of uploaded files.
        media_url: What the URLs of uploaded files start with.
        storages: Alias to ``BACKEND`` and ``OPTIONS`` of the storages of files.
        configured: False until ``configure()`` was called.
    """

    databases: Mapping[str, DatabaseURL] = field(default_factory=dict)
    use_tz: bool = True
    time_zone: str = "UTC"
    apps: Mapping[str, str] = field(default_factory=dict)
    media_root: str = ""
    media_url: str = ""
    storages: Mapping[str, Any] = field(default_factory=dict)
    configured: bool = False

    @property
    def zone(self) -> tzinfo:
        """The current time zone."""
        return ZoneInfo(self.time_zone)


DatabaseKey = tuple[str, DatabaseURL]
"""An alias and its URL: what tells two databases apart."""

_unconfigured = Configuration()
_given = _unconfigured
_source: Callable[[], Configuration | None] = lambda: None  # noqa: E731 - replaced by follow()
_apps: Callable[[], Mapping[str, str]] = dict
_loading: ContextVar[Mapping[str, str] | None] = ContextVar("loading", default=None)
_substitutes: dict[DatabaseKey, DatabaseURL] = {}
_substituted = (_unconfigured, _unconfigured)


def configuration() -> Configuration:
    """Return the active configuration: the same object until something in it changes."""
    active = _source() or _given
    return _with_substitutes(active) if _substitutes else active


def follow(
    source: Callable[[], Configuration | None], apps: Callable[[], Mapping[str, str]] = dict
) -> None:
    """Ask functions for the active configuration from now on.

    Args:
        source: Return the configuration; ``None`` means what ``configure()`` was given.
        apps: Return the installed packages with their labels, known before the rest is.
    """
    global _source, _apps
    _source, _apps = source, apps


def label_of(module: str) -> str:
    """Return the label of the app that a module belongs to.

    It is the innermost installed app. Where there is none, as when a test imports models before
    the project is set up, it is the package with the module ``models``, or the top-level one.
    """
    apps = _loading.get() or _apps() or _given.apps
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
    before = _source, _apps
    follow(lambda: made, lambda: made.apps)
    try:
        yield made
    finally:
        follow(*before)


def substitute(key: DatabaseKey, url: DatabaseURL) -> None:
    """Use another database wherever a configuration names this one, as a test run does."""
    global _substituted
    _substitutes[key] = url
    _substituted = (_unconfigured, _unconfigured)


def restore_databases() -> None:
    """End all substitutions."""
    _substitutes.clear()


def _with_substitutes(real: Configuration) -> Configuration:
    global _substituted
    known, made = _substituted
    if known is not real:
        databases = {
            alias: _substitutes.get((alias, url), url) for alias, url in real.databases.items()
        }
        made = replace(real, databases=databases)
        _substituted = (real, made)
    return made


def configure(
    *,
    databases: Mapping[str, str],
    installed_apps: Iterable[str] | Mapping[str, str] = (),
    root: Path | None = None,
    USE_TZ: bool = True,  # noqa: N803 - the settings' names
    TIME_ZONE: str = "UTC",  # noqa: N803
    MEDIA_ROOT: str | Path = "",  # noqa: N803
    MEDIA_URL: str = "",  # noqa: N803
    STORAGES: Mapping[str, Any] | None = None,  # noqa: N803
) -> None:
    """Set the ORM up. May be called before or after models are defined.

    Args:
        databases: Alias to URL: ``sqlite:///relative.db``, ``sqlite:////absolute.db``,
            ``sqlite://:memory:``, ``postgresql://user:password@host:port/name``.
        installed_apps: Packages whose models take the package's last part as their label, or a
            mapping from package to label.
        root: The folder that relative paths of SQLite files start from; the current one by default.
        USE_TZ: Datetimes are aware, and stored in UTC.
        TIME_ZONE: The name of the current time zone.
        MEDIA_ROOT: The folder of uploaded files.
        MEDIA_URL: What the URLs of uploaded files start with.
        STORAGES: Alias to ``BACKEND`` and ``OPTIONS`` of the storages of files.

    Raises:
        ImproperlyConfigured: There is no ``default``, or a URL cannot be understood.
    """
    global _given
    if "default" not in databases:
        raise ImproperlyConfigured(
            f'The databases need one named "default"; given are: {", ".join(databases) or "none"}.'
        )
    apps = (
        dict(installed_apps)
        if isinstance(installed_apps, Mapping)
        else {name: name.rpartition(".")[2] for name in installed_apps}
    )
    made = Configuration(
        databases={alias: parse_url(url, root) for alias, url in databases.items()},
        use_tz=USE_TZ,
        time_zone=TIME_ZONE,
        apps=apps,
        media_root=str(MEDIA_ROOT),
        media_url=MEDIA_URL,
        storages=STORAGES or {},
        configured=True,
    )
    _given = made
    follow(lambda: None)
