"""Queries answered by plain Python, as Django's documentation says that databases answer them."""

import re
from collections.abc import Callable
from typing import Any

from raystack_orm.models import Q

LOOKUPS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda found, value: found == value,
    "gt": lambda found, value: found > value,
    "gte": lambda found, value: found >= value,
    "lt": lambda found, value: found < value,
    "lte": lambda found, value: found <= value,
    "range": lambda found, value: value[0] <= found <= value[1],
    "in": lambda found, value: found in value,
    "contains": lambda found, value: value in found,
    "startswith": lambda found, value: found.startswith(value),
    "endswith": lambda found, value: found.endswith(value),
    "regex": lambda found, value: re.search(value, found) is not None,
    "year": lambda found, value: found.year == value,
    "month": lambda found, value: found.month == value,
    "hour__gte": lambda found, value: found.hour >= value,
}
FOLDED = {"iexact": "exact", "icontains": "contains", "istartswith": "startswith"}
LIKE = {"contains", "startswith", "endswith"}


def holds(q: Q, obj: Any, vendor: str, *, negated: bool = False) -> bool | None:
    """Say whether a condition holds for an object; ``None`` is what SQL calls unknown.

    A field that is null fits no comparison, and so fits each that is negated. A computed value that
    is null makes both unknown. A None in a list counts where the list is excluded.
    """
    negated = negated != q.negated
    found = [
        holds(child, obj, vendor, negated=negated)
        if isinstance(child, Q)
        else _fits(*child, obj, vendor, negated)
        for child in q.children
    ]
    ends_it = q.connector == Q.OR  # True ends an OR, False an AND
    result = ends_it if ends_it in found else None if None in found else not ends_it
    return result if result is None else result != q.negated


def _fits(keyword: str, value: Any, obj: Any, vendor: str, negated: bool) -> bool | None:
    path, lookup = split(keyword)
    computed = path in getattr(obj, "computed", ())
    found = obj.computed[path] if computed else value_of(obj, path)
    if lookup == "isnull":
        return bool((found is None) == value)
    if value is None:
        return found is None
    if isinstance(value, Other):
        value = value_of(obj, value.name)
    if found is None and lookup == "in" and negated and not computed and None in value:
        return True
    if found is None or value is None:
        return None if computed else False
    return compare(found, lookup, value, vendor)


class Other:
    """Another field of the same object, to compare with."""

    def __init__(self, name: str) -> None:
        self.name = name


def split(keyword: str) -> tuple[str, str]:
    """Return the path and the lookup of a keyword."""
    for lookup in (*LOOKUPS, *FOLDED, "isnull"):
        if keyword.endswith(f"__{lookup}"):
            return keyword.removesuffix(f"__{lookup}"), lookup
    return keyword, "exact"


def value_of(obj: Any, path: str) -> Any:
    """Follow a path of to-one relations."""
    for name in path.split("__"):
        obj = None if obj is None else getattr(obj, name)
    return obj


def compare(found: Any, lookup: str, value: Any, vendor: str) -> bool:
    """Compare two values that are not null, as the database's collation does."""
    if isinstance(value, list):
        value = [each for each in value if each is not None]
    if isinstance(found, str) and lookup != "regex":
        folds = lookup in FOLDED or (vendor == "sqlite" and lookup in LIKE)
        is_like = lookup in LIKE or lookup in FOLDED
        lookup = FOLDED.get(lookup, lookup)
        if vendor == "mysql" and not is_like:  # what is no LIKE pads with spaces
            folds = True
            found, value = _each(str.rstrip, found), _each(str.rstrip, value)
        if folds:
            found, value = _each(str.lower, found), _each(str.lower, value)
    return LOOKUPS[lookup](found, value)


def _each(change: Callable[[str], str], value: Any) -> Any:
    return [change(each) for each in value] if isinstance(value, list) else change(value)


def ordered(objects: list[Any], order: list[tuple[str, bool, str]], vendor: str) -> list[Any]:
    """Sort by names, each descending or not, with nulls ``first``, ``last`` or as is usual."""
    result = list(objects)
    for name, descending, nulls in reversed(order):
        present = [obj for obj in result if value_of(obj, name) is not None]
        absent = [obj for obj in result if value_of(obj, name) is None]
        present.sort(key=lambda obj, name=name: value_of(obj, name), reverse=descending)
        first = nulls == "first" or (not nulls and (vendor == "postgresql") == descending)
        result = absent + present if first else present + absent
    return result
