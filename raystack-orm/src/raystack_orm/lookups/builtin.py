"""Django's lookups.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#field-lookups
"""

import operator
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import ColumnElement, String, Text, cast, func

from ..fields.numbers import IntegerField
from .base import NOTHING, Converter, Kind, Lookup, Prepared

ESCAPE = "!"
_ESCAPED = str.maketrans({c: ESCAPE + c for c in (ESCAPE, "%", "_")})


class Exact(Lookup):
    """Equal; ``None`` means null."""

    name = "exact"

    def prepare(self, field: Converter, value: Any) -> Prepared:
        """Convert a value; an integer that the column cannot hold is in no row."""
        if value is None:
            return Prepared(Kind.NULL)
        made = field.get_prep_value(value)
        if _beyond(field, made):
            return NOTHING
        return Prepared(Kind.SCALAR, made)

    def build(
        self, column: ColumnElement[Any], binds: Sequence[Any], *, upper: bool
    ) -> ColumnElement[bool]:
        """Build ``column = value``."""
        made: ColumnElement[bool] = column == binds[0]
        return made


class Comparison(Lookup):
    """Less or greater.

    Args:
        name: ``lt``, ``lte``, ``gt`` or ``gte``.
        compare: The operator.
    """

    def __init__(self, name: str, compare: Callable[[Any, Any], Any]) -> None:
        self.name = name  # type: ignore[misc]  # one class serves four names
        self.compare = compare

    def prepare(self, field: Converter, value: Any) -> Prepared:
        """Convert a value; one beyond the column's range decides for all rows."""
        prepared = super().prepare(field, value)
        side = _beyond(field, prepared.value)
        if side:
            return Prepared(Kind.ALL) if (side > 0) == (self.name[0] == "l") else NOTHING
        return prepared

    def build(
        self, column: ColumnElement[Any], binds: Sequence[Any], *, upper: bool
    ) -> ColumnElement[bool]:
        """Build the comparison."""
        return self.compare(column, binds[0])  # type: ignore[no-any-return]  # an operator's result


class In(Lookup):
    """One of some values."""

    name = "in"

    def prepare(self, field: Converter, value: Any) -> Prepared:
        """Convert the values; None is in no list, and each counts once."""
        if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
            raise TypeError(f"The lookup in takes a list of values or a QuerySet, not {value!r}.")
        made = [field.get_prep_value(item) for item in value if item is not None]
        made = [item for item in made if not _beyond(field, item)]
        with suppress(TypeError):  # JSON values cannot be hashed
            made = list(dict.fromkeys(made))
        return Prepared(Kind.LIST, made) if made else NOTHING

    def build(
        self, column: ColumnElement[Any], binds: Sequence[Any], *, upper: bool
    ) -> ColumnElement[bool]:
        """Build ``column IN (...)``."""
        return column.in_(binds)


class Range(Lookup):
    """Between two values, both included."""

    name = "range"

    def prepare(self, field: Converter, value: Any) -> Prepared:
        """Convert both values."""
        try:
            start, end = value
        except (TypeError, ValueError):
            raise ValueError(f"The lookup range takes two values, not {value!r}.") from None
        if start is None or end is None:
            raise ValueError("Cannot use None as a query value")
        pair = field.get_prep_value(start), field.get_prep_value(end)
        if any(_beyond(field, item) for item in pair):
            raise ValueError(f"The values of the lookup range are too large: {value!r}.")
        return Prepared(Kind.PAIR, pair)

    def build(
        self, column: ColumnElement[Any], binds: Sequence[Any], *, upper: bool
    ) -> ColumnElement[bool]:
        """Build ``column BETWEEN a AND b``."""
        return column.between(binds[0], binds[1])


class IsNull(Lookup):
    """Null, or not."""

    name = "isnull"

    def prepare(self, field: Converter, value: Any) -> Prepared:
        """Take True or False alone."""
        if not isinstance(value, bool):
            raise ValueError("The QuerySet value for an isnull lookup must be True or False.")  # noqa: TRY004 - Django's class
        return Prepared(Kind.NULL if value else Kind.NOT_NULL)

    def build(
        self, column: ColumnElement[Any], binds: Sequence[Any], *, upper: bool
    ) -> ColumnElement[bool]:
        """Do not build: the kind says it all."""
        raise AssertionError("isnull binds nothing")


class Like(Lookup):
    """Text that has a text in it, with its wildcards escaped in the value.

    Args:
        name: The lookup's name.
        pattern: The LIKE pattern, with ``{}`` for the value.
        ignore_case: Compare without case. SQLite's LIKE never respects it, for ASCII letters.
    """

    binds_text = True

    def __init__(self, name: str, pattern: str, *, ignore_case: bool) -> None:
        self.name = name  # type: ignore[misc]  # one class serves seven names
        self.pattern = pattern
        self.ignore_case = ignore_case

    def prepare(self, field: Converter, value: Any) -> Prepared:
        """Escape the value and put it into the pattern."""
        if value is None:
            if self.name == "iexact":
                return Prepared(Kind.NULL)
            raise ValueError("Cannot use None as a query value")
        return Prepared(Kind.SCALAR, self.pattern.format(str(value).translate(_ESCAPED)))

    def build(
        self, column: ColumnElement[Any], binds: Sequence[Any], *, upper: bool
    ) -> ColumnElement[bool]:
        """Build ``column LIKE pattern``."""
        if not isinstance(column.type, String):
            column = cast(column, Text())
        pattern = binds[0]
        if upper and self.ignore_case:
            column, pattern = func.upper(column), func.upper(pattern)
        return column.like(pattern, escape=ESCAPE)


def _beyond(field: Any, value: Any) -> int:
    """Return -1 or 1 for an integer below or above what the field's column can hold."""
    target = getattr(field, "target_field", field)
    if isinstance(target, IntegerField) and isinstance(value, int):
        least, greatest = -(1 << (target.bits - 1)), (1 << (target.bits - 1)) - 1
        return (value > greatest) - (value < least)
    return 0


LOOKUPS: dict[str, Lookup] = {
    lookup.name: lookup
    for lookup in (
        Exact(),
        Comparison("gt", operator.gt),
        Comparison("gte", operator.ge),
        Comparison("lt", operator.lt),
        Comparison("lte", operator.le),
        In(),
        Range(),
        IsNull(),
        Like("iexact", "{}", ignore_case=True),
        Like("contains", "%{}%", ignore_case=False),
        Like("icontains", "%{}%", ignore_case=True),
        Like("startswith", "{}%", ignore_case=False),
        Like("istartswith", "{}%", ignore_case=True),
        Like("endswith", "%{}", ignore_case=False),
        Like("iendswith", "%{}", ignore_case=True),
    )
}
