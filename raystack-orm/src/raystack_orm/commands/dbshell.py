"""``raystack dbshell``: the database's own command line, connected as the project is."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Annotated, NamedTuple

import typer

from ..configuration import configuration
from ..database_url import DatabaseURL
from ..databases import DEFAULT, connections
from ..exceptions import ImproperlyConfigured

PROGRAMS = {"sqlite": ("sqlite3",), "postgresql": ("psql",), "mysql": ("mysql", "mariadb")}
# What libpq reads from the environment; the rest of the URL's options are for our driver.
LIBPQ = ("sslmode", "sslrootcert", "sslcert", "sslkey", "service", "passfile", "connect_timeout")
MYSQL = {"ssl_ca": "--ssl-ca", "ssl_cert": "--ssl-cert", "ssl_key": "--ssl-key"}


class Client(NamedTuple):
    """How a database's command line is called.

    Args:
        arguments: The program and its arguments, which everybody on the machine can read.
        environment: What is set for it alone: the password.
    """

    arguments: list[str]
    environment: Mapping[str, str]


def dbshell(
    arguments: Annotated[
        list[str] | None, typer.Argument(help="For the database's program, after --.")
    ] = None,
    database: Annotated[str, typer.Option("--database", help="The alias.")] = DEFAULT,
) -> None:
    """Open psql, mysql or sqlite3 on the database; the password is not on its command line."""
    client = client_of(configuration().databases[connections[database].alias], arguments or [])
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the project's own settings
            client.arguments, env={**os.environ, **client.environment}, check=False
        )
    finally:
        signal.signal(signal.SIGINT, before)
    if done.returncode:
        sys.exit(done.returncode)


def client_of(url: DatabaseURL, more: list[str]) -> Client:
    """Return how to call the command line of a database.

    Raises:
        ImproperlyConfigured: Its program is not installed.
    """
    names = PROGRAMS[url.vendor]
    program = next((name for name in names if shutil.which(name)), None)
    if program is None:
        raise ImproperlyConfigured(
            f"dbshell runs {' or '.join(names)}, which is not installed or not on PATH."
        )
    if url.vendor == "sqlite":
        return Client([program, *more, url.database], {})
    if url.vendor == "postgresql":
        return _psql(program, url, more)
    return _mysql(program, url, more)


def _psql(program: str, url: DatabaseURL, more: list[str]) -> Client:
    found = [program]
    for option, value in (("-U", url.user), ("-h", url.host), ("-p", url.port)):
        found += [option, str(value)] if value else []
    environment = {f"PG{n.replace('_', '').upper()}": url.options[n] for n in LIBPQ
                   if n in url.options}  # fmt: skip
    if "connect_timeout" in url.options:
        del environment["PGCONNECTTIMEOUT"]
        environment["PGCONNECT_TIMEOUT"] = url.options["connect_timeout"]
    if url.password:
        environment["PGPASSWORD"] = url.password
    return Client([*found, "-d", url.database, *more], environment)


def _mysql(program: str, url: DatabaseURL, more: list[str]) -> Client:
    found = [program, "--default-character-set=utf8mb4"]
    for option, value in (("--user", url.user), ("--host", url.host), ("--port", url.port)):
        found += [f"{option}={value}"] if value else []
    if url.options.get("unix_socket"):
        found.append(f"--socket={url.options['unix_socket']}")
    found += [f"{option}={url.options[n]}" for n, option in MYSQL.items() if n in url.options]
    environment = {"MYSQL_PWD": url.password} if url.password else {}
    return Client([*found, *more, url.database], environment)
