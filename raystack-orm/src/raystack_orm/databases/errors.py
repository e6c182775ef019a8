"""Driver errors as the ORM's: one table for all drivers, which share the names of PEP 249."""

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


def translate(error: Exception) -> exceptions.Error:
    """Return the ORM's exception for a driver's; raise it ``from`` the driver's own."""
    if isinstance(error, exceptions.Error):
        return error
    if isinstance(error, OverflowError):  # sqlite3, for an integer of more than 64 bits
        return exceptions.DataError(str(error))
    for cls in type(error).__mro__:
        if cls.__name__ in CLASSES:
            return CLASSES[cls.__name__](str(error))
    return exceptions.DatabaseError(str(error))
