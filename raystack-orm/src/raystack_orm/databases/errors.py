"""Driver errors as the ORM's: one table for all drivers, which share the names of PEP 249.

Where a driver's class says less than the code of the error, or another class than Django documents,
the code decides.
"""

import sqlite3
from typing import Any

from .. import exceptions
from ..exceptions import (
    DataError,
    DeadlockError,
    Error,
    IntegrityError,
    OperationalError,
    SerializationError,
    UnavailableError,
)

CLASSES: dict[str, type[Error]] = {
    name: getattr(exceptions, name)
    for name in (
        "InterfaceError",
        "DatabaseError",
        "DataError",
        "OperationalError",
        "IntegrityError",
        "InternalError",
        "ProgrammingError",
        "NotSupportedError",
        "Error",
    )
}
DISK_FULL = "The disk is full: nothing was changed. Free some space on it, then repeat."
UNAVAILABLE: dict[str, tuple[str | int, ...]] = {
    "psycopg": (
        *("OperationalError", "ConnectionTimeout"),  # without a code: the server does not answer
        *("08000", "08003", "08006"),  # no connection
        *("53000", "53200", "53300"),  # no memory, no connection free
        "55P03",  # another transaction has locked it
        *("57P01", "57P02", "57P03"),  # the server is stopping or starting
    ),
    "pymysql": (
        *(1040, 1053, 1927),  # no connection free, the server is stopping, it ended the connection
        1205,  # another transaction has locked it
        *(2002, 2003, 2006, 2013),  # no connection
    ),
}
CODES: dict[tuple[str, Any], tuple[type[Error], str]] = {
    **{
        (driver, code): (UnavailableError, "")
        for driver, codes in UNAVAILABLE.items()
        for code in codes
    },
    ("psycopg", "40P01"): (DeadlockError, ""),
    ("psycopg", "40001"): (SerializationError, ""),
    ("psycopg", "25006"): (OperationalError, "This is atomic(read_only=True)."),
    ("psycopg", "53100"): (UnavailableError, DISK_FULL),
    ("pymysql", 0): (UnavailableError, "The connection was lost."),
    ("pymysql", 1021): (UnavailableError, DISK_FULL),
    ("pymysql", 1114): (UnavailableError, DISK_FULL),
    ("pymysql", 1020): (SerializationError, ""),
    ("pymysql", 1048): (IntegrityError, ""),  # a column cannot be null
    ("pymysql", 1213): (DeadlockError, ""),
    ("pymysql", 1264): (DataError, ""),  # a value is out of range
    ("pymysql", 1690): (IntegrityError, ""),  # an expression is out of range: Django says so
    ("pymysql", 3819): (IntegrityError, ""),  # a check constraint, MySQL
    ("pymysql", 4025): (IntegrityError, ""),  # a check constraint, MariaDB
    ("sqlite3", sqlite3.SQLITE_BUSY_SNAPSHOT): (SerializationError, ""),
    ("sqlite3", sqlite3.SQLITE_BUSY): (
        UnavailableError,
        "Another process wrote for longer than the timeout of this one (?timeout=... in the URL).",
    ),
    ("sqlite3", sqlite3.SQLITE_FULL): (UnavailableError, DISK_FULL),
    ("sqlite3", sqlite3.SQLITE_IOERR): (
        UnavailableError,
        "The disk failed, or it is full: nothing was changed.",
    ),
    ("sqlite3", sqlite3.SQLITE_READONLY): (
        OperationalError,
        "The file cannot be written, or this is atomic(read_only=True).",
    ),
}


def translate(error: BaseException) -> Error:
    """Return the ORM's exception for a driver's; raise it ``from`` the driver's own."""
    if isinstance(error, Error):
        return error
    if isinstance(error, OverflowError):  # sqlite3, for an integer of more than 64 bits
        return DataError(str(error))
    said = str(error)
    found = CODES.get(_code(error))
    if found is not None:
        cls, hint = found
        return cls(f"{said}. {hint}" if hint else said)
    for base in type(error).__mro__:
        if base.__name__ in CLASSES:
            return CLASSES[base.__name__](said)
    return exceptions.DatabaseError(said)


def _code(error: BaseException) -> tuple[str, Any]:
    """Return the driver's name with its code of an error, or with its class if it has none."""
    driver = type(error).__module__.partition(".")[0]
    if driver == "psycopg":
        return driver, getattr(error, "sqlstate", None) or type(error).__name__
    if driver == "pymysql":
        return driver, error.args[0] if error.args else None
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or code == sqlite3.SQLITE_BUSY_SNAPSHOT:
        return driver, code
    return driver, code & 0xFF  # the rest of an extended code says where it happened
