"""Database URLs: ``sqlite:///db.sqlite3``, ``postgresql://user:password@host:5432/name``.

Read without SQLAlchemy, because settings are validated by every command. The password is never
shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from .exceptions import ImproperlyConfigured, nearest

MEMORY = ":memory:"
VENDORS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
}


@dataclass(frozen=True, slots=True)
class DatabaseURL:
    """A database URL taken apart.

    Args:
        vendor: ``sqlite``, ``postgresql``, or ``mysql``, which is MariaDB too.
        database: The absolute path of a SQLite file, ``:memory:``, or the database's name.
        host: The server.
        port: Its port; ``None`` for the usual one.
        user: Who connects.
        password: With what; not part of the representation.
        options: The parameters after the ``?``, and ``OPTIONS`` of the settings; like the password
            not part of the representation, for ``sslpassword`` is one of them.
        server_side_cursors: Streams of rows come from a cursor of the server's.
        test_name: The name of the database that tests use; empty for one made from this one's.
        testing: It was made for tests, which may empty it.
    """

    vendor: str
    database: str
    host: str = ""
    port: int | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)
    server_side_cursors: bool = True
    test_name: str = ""
    testing: bool = False

    def __str__(self) -> str:
        if self.vendor == "sqlite":
            return f"sqlite:///{self.database}"
        port = f":{self.port}" if self.port else ""
        user = f"{self.user}@" if self.user else ""
        return f"{self.vendor}://{user}{self.host}{port}/{self.database}"


def parse_url(url: str, root: Path | None = None) -> DatabaseURL:
    """Take a database URL apart.

    Args:
        url: The URL.
        root: The folder that a relative path of a SQLite file starts from.

    Raises:
        ImproperlyConfigured: It is no URL of a known database. The message does not repeat it, for
            it may hold a password.
    """
    scheme, separator, rest = url.partition("://")
    name = scheme.partition("+")[0]
    if not separator or name not in VENDORS:
        known = ", ".join(f"{vendor}://" for vendor in ("sqlite", "postgresql", "mysql"))
        said = f"starts with {scheme!r}" if separator else "has no scheme"
        raise ImproperlyConfigured(
            f"A database URL {said}.{nearest(name, VENDORS)} It should start with one of {known}\n"
            f"  For example sqlite:///db.sqlite3 or postgresql://user:password@localhost/name"
        )
    if VENDORS[name] == "sqlite":
        return _sqlite(rest, root or Path.cwd())
    return _server(VENDORS[name], f"{name}://{rest}")


def _sqlite(rest: str, root: Path) -> DatabaseURL:
    path, _, query = rest.partition("?")
    options = dict(parse_qsl(query))
    if path in {"", "/", MEMORY, f"/{MEMORY}"}:
        return DatabaseURL("sqlite", MEMORY, options=options)
    if not path.startswith("/"):
        raise ImproperlyConfigured(
            f"A SQLite URL names a host: sqlite://{path}. Write three slashes before a relative "
            f"path (sqlite:///db.sqlite3) and four before an absolute one."
        )
    return DatabaseURL("sqlite", str(root / unquote(path[1:])), options=options)


def _server(vendor: str, url: str) -> DatabaseURL:
    parts = urlsplit(url)
    if "@" in parts.path + parts.query + parts.fragment:  # so a / ? or # before it came too early
        raise ImproperlyConfigured(
            f"A {vendor} URL has a special character that is not escaped, perhaps in the password: "
            f"write %2F for /, %3F for ?, %23 for # and %40 for @."
        )
    try:
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(
            f"The port in a {vendor} URL is not a number. Write "
            f"{vendor}://user:password@host:port/name, and escape special characters "
            f"of the password as in %40 for @."
        ) from None
    database = unquote(parts.path.removeprefix("/"))
    if not database:
        raise ImproperlyConfigured(
            f"A {vendor} URL names no database. Write {vendor}://user:password@host:port/name"
        )
    return DatabaseURL(
        vendor,
        database,
        host=parts.hostname or "",
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        options=dict(parse_qsl(parts.query)),
    )
