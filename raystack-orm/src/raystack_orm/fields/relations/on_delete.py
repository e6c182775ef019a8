"""``on_delete``: what happens to the rows that refer to a deleted one.

Each value is a callable that tells the collector what to do with the objects that refer; those
named ``DB_*`` leave it to the database, which has the rule in its foreign key.

https://docs.djangoproject.com/en/stable/ref/models/fields/#django.db.models.ForeignKey.on_delete
"""

from collections.abc import Callable
from typing import Any, Protocol


class Collector(Protocol):
    """What the collector of a deletion offers; it lives two rooms above."""

    def cascade(self, field: Any, objs: Any) -> None:
        """Delete the objects too."""

    def protect(self, field: Any, objs: Any) -> None:
        """Refuse the deletion."""

    def restrict(self, field: Any, objs: Any) -> None:
        """Refuse the deletion unless the objects go with something else."""

    def set_value(self, field: Any, value: Any, objs: Any) -> None:
        """Let the objects refer to a value."""


Act = Callable[[Any, Any, Any], None]


class OnDelete:
    """One of the named values: ``models.CASCADE``.

    Args:
        name: Its name.
        act: Tells the collector what to do with a field's objects; ``None`` for nothing.
        database: The rule of the foreign key in the database, for those named ``DB_*``.
        lazy: The objects need not be fetched.
    """

    def __init__(
        self,
        name: str,
        act: Act | None = None,
        *,
        database: str | None = None,
        lazy: bool = False,
    ) -> None:
        self.__name__ = name
        self._act = act
        self.database = database
        self.lazy_sub_objs = lazy

    @property
    def is_skipped(self) -> bool:
        """Whether the collector has nothing to do."""
        return self._act is None

    def __call__(self, collector: Collector, field: Any, sub_objs: Any, using: str) -> None:
        """Tell the collector what to do.

        Args:
            collector: Collects what is deleted.
            field: The ForeignKey.
            sub_objs: The objects that refer by it.
            using: The database.
        """
        if self._act is not None:
            self._act(collector, field, sub_objs)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return how a migration writes it: a name, without arguments."""
        return f"raystack_orm.models.{self.__name__}", (), {}

    def __reduce__(self) -> str:
        return self.__name__

    def __repr__(self) -> str:
        return self.__name__


class SET:
    """``on_delete=SET(value)``: the objects refer to ``value``, or to what calling it returns.

    Args:
        value: A value, or a callable that makes it when something is deleted.
    """

    database: str | None = None
    is_skipped = False

    def __init__(self, value: Any) -> None:
        self.value = value

    @property
    def lazy_sub_objs(self) -> bool:
        """Whether the objects need not be fetched: a callable is called only if there are some."""
        return not callable(self.value)

    def __call__(self, collector: Collector, field: Any, sub_objs: Any, using: str) -> None:
        """Tell the collector which value to set."""
        value = self.value() if callable(self.value) else self.value
        collector.set_value(field, value, sub_objs)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return how a migration writes it."""
        return "raystack_orm.models.SET", (self.value,), {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SET) and other.value == self.value

    def __hash__(self) -> int:
        return hash((SET, self.value))

    def __repr__(self) -> str:
        return f"SET({self.value!r})"


CASCADE = OnDelete("CASCADE", lambda collector, field, objs: collector.cascade(field, objs))
PROTECT = OnDelete("PROTECT", lambda collector, field, objs: collector.protect(field, objs))
RESTRICT = OnDelete("RESTRICT", lambda collector, field, objs: collector.restrict(field, objs))
SET_NULL = OnDelete(
    "SET_NULL", lambda collector, field, objs: collector.set_value(field, None, objs), lazy=True
)
SET_DEFAULT = OnDelete(
    "SET_DEFAULT",
    lambda collector, field, objs: collector.set_value(field, field.get_default(), objs),
)
DO_NOTHING = OnDelete("DO_NOTHING")
DB_CASCADE = OnDelete("DB_CASCADE", database="CASCADE")
DB_SET_NULL = OnDelete("DB_SET_NULL", database="SET NULL")
DB_SET_DEFAULT = OnDelete("DB_SET_DEFAULT", database="SET DEFAULT")

Action = OnDelete | SET | Callable[[Any, Any, Any, str], None]
