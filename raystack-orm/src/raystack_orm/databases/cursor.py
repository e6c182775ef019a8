"""Cursors, for SQL that is written by hand: ``with connection.cursor() as cursor:``.

https://docs.djangoproject.com/en/stable/topics/db/sql/#executing-custom-sql-directly
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self

from ..configuration import configuration
from ..exceptions import InterfaceError, NotSupportedError
from .placeholders import native

if TYPE_CHECKING:
    from .connection import Connection

TIMESTAMPTZ = 1184
CALLS = {"postgresql": "SELECT * FROM {}({})", "mysql": "CALL {}({})"}


class Cursor:
    """Runs statements on a connection and holds the rows of the last one.

    In asynchronous code it is used in ``await run_sync(function)``.

    Args:
        connection: The connection.

    Attributes:
        description: The columns of the rows, as PEP 249 has them; ``None`` without rows.
        rowcount: How many rows the last statement changed or returned.
        lastrowid: The key of the last new row, where the driver tells it.
        arraysize: How many rows ``fetchmany()`` returns.
    """

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection
        self.db = connection
        self.description: Sequence[Any] | None = None
        self.rowcount = -1
        self.lastrowid: Any = None
        self.arraysize = 1
        self._rows: list[Any] = []
        self._next = 0
        self._closed = False

    def execute(self, sql: str, params: Any = None) -> Self:
        """Run a statement.

        Args:
            sql: The statement, with ``%s`` or ``%(name)s`` where a parameter goes.
            params: A sequence or a mapping; without one, ``%`` means itself.
        """
        return self._run(sql, params, many=False)

    def executemany(self, sql: str, param_list: Sequence[Any]) -> Self:
        """Run a statement once for each of many sequences of parameters."""
        return self._run(sql, list(param_list), many=True)

    def callproc(self, procname: str, params: Sequence[Any] | None = None) -> Self:
        """Call a stored procedure or function.

        Raises:
            NotSupportedError: The database has none.
        """
        if self.connection.vendor not in CALLS:
            raise NotSupportedError(f"{self.connection.vendor} has no stored procedures.")
        name = self.connection.ops.quote_name(procname)
        places = ", ".join(["%s"] * len(params or ()))
        return self.execute(CALLS[self.connection.vendor].format(name, places), params or ())

    def _run(self, sql: str, params: Any, *, many: bool) -> Self:
        if self._closed:
            raise InterfaceError("The cursor is closed. Open another with connection.cursor().")
        connection = self.connection
        style, vendor = connection.driver.dialect.paramstyle, connection.vendor
        if many:
            pairs = [native(sql, given, style, vendor) for given in params]
            sql, params = (pairs[0][0] if pairs else sql), [given for _, given in pairs]
        elif params is not None:
            sql, params = native(sql, params, style, vendor)
        done = connection.execute_sql(sql, params, many=many)
        self._rows, self._next = done.rows, 0
        if vendor == "postgresql" and not configuration().use_tz:
            self._rows = _without_zones(done.rows, done.description or ())
        self.description, self.rowcount = done.description, done.rowcount
        self.lastrowid = done.lastrowid
        return self

    def fetchone(self) -> Any:
        """Return the next row; ``None`` after the last."""
        rows = self.fetchmany(1)
        return rows[0] if rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return the next rows."""
        rows = self._rows[self._next : self._next + (self.arraysize if size is None else size)]
        self._next += len(rows)
        return rows

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        return self.fetchmany(len(self._rows))

    def close(self) -> None:
        """Forget the rows."""
        self._closed, self._rows = True, []

    def __iter__(self) -> Iterator[Any]:
        while (row := self.fetchone()) is not None:
            yield row

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _without_zones(rows: list[Any], columns: Sequence[Any]) -> list[Any]:
    """Return rows with moments as a project without time zones has them: in its one zone."""
    places = {place for place, column in enumerate(columns) if column[1] == TIMESTAMPTZ}
    if not places:
        return rows
    zone = configuration().zone
    return [
        tuple(
            value.astimezone(zone).replace(tzinfo=None)
            if place in places and value is not None
            else value
            for place, value in enumerate(row)
        )
        for row in rows
    ]
