"""Fields that make the database's values themselves.

Ours leave that to SQLAlchemy's types. One of the developer's may define ``get_db_prep_value``,
which has to be asked wherever a value of it is bound.

https://docs.djangoproject.com/en/stable/howto/custom-model-fields/#converting-query-values-to-database-values
"""

from collections.abc import Callable
from typing import Any

from ..databases import Driver
from ..databases.connection_facade import ConnectionFacade

Prepare = Callable[[Any], Any]


class DatabaseValue:
    """Converts a prepared value, or each of several, by a field's ``get_db_prep_value``.

    Args:
        field: The field.
        driver: The database.
        prepare: Prepares what was given; ``None`` where that has been done.
        several: The value is a list of them.
    """

    __slots__ = ("connection", "field", "prepare", "several")

    def __init__(self, field: Any, driver: Driver, prepare: Prepare | None, several: bool) -> None:
        self.field = field
        self.connection = ConnectionFacade(driver)
        self.prepare = prepare
        self.several = several

    @property
    def identity(self) -> tuple[Any, ...]:
        """What makes two of them do the same for one database."""
        return (self.field, self.prepare, self.several)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DatabaseValue) and other.identity == self.identity

    def __hash__(self) -> int:
        return hash(self.identity)

    def __call__(self, value: Any) -> Any:
        """Return the database's value."""
        prepared = value if self.prepare is None else self.prepare(value)
        return [self._convert(one) for one in prepared] if self.several else self._convert(prepared)

    def _convert(self, value: Any) -> Any:
        return self.field.get_db_prep_value(value, self.connection, prepared=True)


def for_database(
    field: Any, driver: Driver | None, prepare: Prepare | None, *, several: bool = False
) -> Prepare | None:
    """Return what converts values for a database; ``prepare`` itself where the field is ours.

    Args:
        field: The field that is compared.
        driver: The database; ``None`` where nothing will be sent.
        prepare: Prepares a value.
        several: The value is a list of them.
    """
    converting = _converting(field)
    if converting is None or driver is None:
        return prepare
    return DatabaseValue(converting, driver, prepare, several)


def _converting(field: Any) -> Any:
    target = getattr(field, "target_field", None)
    while target is not None:
        field, target = target, getattr(target, "target_field", None)
    method = getattr(type(field), "get_db_prep_value", None)
    if method is None or method.__module__.startswith(f"{__name__.partition('.')[0]}."):
        return None
    return field
