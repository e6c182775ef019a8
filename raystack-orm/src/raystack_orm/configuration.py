"""What the ORM is set up with: its databases, the time zone, the installed apps.

In a project the plugin sets it from the settings. On its own::

    raystack_orm.configure(databases={"default": "sqlite:///db.sqlite3"})
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
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
        configured: False until ``configure()`` was called.
    """

    databases: Mapping[str, DatabaseURL] = field(default_factory=dict)
    use_tz: bool = True
    time_zone: str = "UTC"
    apps: Mapping[str, str] = field(default_factory=dict)
    configured: bool = False

    @property
    def zone(self) -> tzinfo:
        """The current time zone."""
        return ZoneInfo(self.time_zone)

    def label_of(self, module: str) -> str:
        """Return the label of the app that a module belongs to.

        It is the innermost installed app, or the top-level package where there is none.
        """
        inside = [name for name in self.apps if module == name or module.startswith(name + ".")]
        if inside:
            return self.apps[max(inside, key=len)]
        return module.partition(".")[0].strip("_") or "models"


_active = Configuration()


def activate(made: Configuration) -> None:
    """Make a configuration the active one."""
    global _active
    _active = made


def configuration() -> Configuration:
    """Return the active configuration."""
    return _active


def configure(
    *,
    databases: Mapping[str, str],
    installed_apps: Iterable[str] | Mapping[str, str] = (),
    root: Path | None = None,
    USE_TZ: bool = True,  # noqa: N803 - the settings' names
    TIME_ZONE: str = "UTC",  # noqa: N803
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

    Raises:
        ImproperlyConfigured: There is no ``default``, or a URL cannot be understood.
    """
    if "default" not in databases:
        raise ImproperlyConfigured(
            f'The databases need one named "default"; given are: {", ".join(databases) or "none"}.'
        )
    apps = (
        dict(installed_apps)
        if isinstance(installed_apps, Mapping)
        else {name: name.rpartition(".")[2] for name in installed_apps}
    )
    activate(
        Configuration(
            databases={alias: parse_url(url, root) for alias, url in databases.items()},
            use_tz=USE_TZ,
            time_zone=TIME_ZONE,
            apps=apps,
            configured=True,
        )
    )
