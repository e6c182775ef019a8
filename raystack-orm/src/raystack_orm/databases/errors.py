"""Driver errors as the ORM's: one table for all drivers, which share the names of PEP 249.

Where a driver chooses another class than Django documents, its error's code decides.
"""

from typing import Any

from .. import exceptions

CLASSES: dict[str, type[exceptions.Error]] = {
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
MYSQL_CODES: dict[Any, type[exceptions.Error]] = {
    1048: exceptions.IntegrityError,  # a column cannot be null
    1690: exceptions.IntegrityError,  # an expression is out of range
    3819: exceptions.IntegrityError,  # a check constraint, MySQL
    4025: exceptions.IntegrityError,  # a check constraint, MariaDB
}


def translate(error: Exception) -> exceptions.Error:
    """Return the ORM's exception for a driver's; raise it ``from`` the driver's own."""
    if isinstance(error, exceptions.Error):
        return error
    if isinstance(error, OverflowError):  # sqlite3, for an integer of more than 64 bits
        return exceptions.DataError(str(error))
    if type(error).__module__.startswith("pymysql") and error.args:
        found = MYSQL_CODES.get(error.args[0])
        if found is not None:
            return found(str(error))
    for cls in type(error).__mro__:
        if cls.__name__ in CLASSES:
            return CLASSES[cls.__name__](str(error))
    return exceptions.DatabaseError(str(error))
