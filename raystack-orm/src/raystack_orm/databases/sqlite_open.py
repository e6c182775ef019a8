"""Opening SQLite connections: every one has the same functions, checks and journal."""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Self

from ..database_url import MEMORY, DatabaseURL
from ..exceptions import ImproperlyConfigured, OperationalError
from .options import number, refuse_others
from .sqlite_functions import register

SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")
PAUSE_S = 0.01
USUAL_PARAMETERS = 32_766  # since SQLite 3.32


@dataclass(frozen=True)
class SQLiteOptions:
    """The options of a SQLite URL.

    Args:
        timeout_s: How long a writer waits for another, in seconds.
        synchronous: When SQLite waits for the disk. ``NORMAL`` never breaks the file, but a loss of
            power may undo the last transactions; ``FULL`` waits at each commit.
    """

    timeout_s: float = 5.0
    synchronous: str = "NORMAL"

    @classmethod
    def of(cls, url: DatabaseURL) -> Self:
        """Read them.

        Raises:
            ImproperlyConfigured: There is no such option, or it has no such value.
        """
        refuse_others(url, ("timeout", "synchronous"))
        synchronous = url.options.get("synchronous", cls.synchronous).upper()
        if synchronous not in SYNCHRONOUS:
            raise ImproperlyConfigured(
                f"synchronous={synchronous} in the options of {url} is none of "
                f"{', '.join(SYNCHRONOUS)}."
            )
        return cls(number(url, "timeout", float, cls.timeout_s), synchronous)


def most_parameters() -> int:
    """Return how many parameters a statement has at most: SQLite's own limit, if this one has more.

    What is compiled for so many is kept, and a longer statement would save no time.
    """
    with closing(sqlite3.connect(MEMORY)) as raw:
        return min(raw.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER), USUAL_PARAMETERS)


class SQLiteConnection(sqlite3.Connection):
    """A connection that knows what it holds.

    Attributes:
        has_turn: It has the turn to write, or that of a database in memory.
        only_reads: Its transaction began read-only.
    """

    __slots__ = ("has_turn", "only_reads")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_turn = False
        self.only_reads = False


def open_sqlite(url: DatabaseURL, options: SQLiteOptions) -> SQLiteConnection:
    """Open a connection.

    Raises:
        OperationalError: The file cannot be opened.
    """
    try:
        raw = sqlite3.connect(
            url.database,
            timeout=options.timeout_s,
            isolation_level=None,
            check_same_thread=False,
            factory=SQLiteConnection,
        )
    except sqlite3.OperationalError as error:
        raise OperationalError(f"{error}: {url.database}") from error
    try:
        raw.execute("PRAGMA foreign_keys = ON")
        if url.database != MEMORY:
            _write_ahead(raw, options.timeout_s)
            raw.execute(f"PRAGMA synchronous = {options.synchronous}")
        register(raw)
    except BaseException:
        raw.close()
        raise
    return raw


def _write_ahead(raw: sqlite3.Connection, timeout_s: float) -> None:
    """Switch the file to WAL. SQLite does not wait by itself when others do the same."""
    deadline = time.monotonic() + timeout_s
    while raw.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            raw.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_S)
        else:
            return
