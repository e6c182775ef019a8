"""Choices in all the forms that Django documents, brought into one.

https://docs.djangoproject.com/en/stable/ref/models/fields/#choices
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

Pair = tuple[Any, Any]
BLANK = ("", "---------")


def pairs_of(choices: Any) -> list[Pair]:
    """Return pairs of value and name; a group is a pair of its name and a list of pairs.

    Args:
        choices: Pairs, groups, a mapping of either, an enumeration, or a callable that returns one.

    Raises:
        TypeError: It is none of those.
    """
    if isinstance(choices, type) and issubclass(choices, Enum):
        return _members(choices)
    if callable(choices):
        return pairs_of(choices())
    items = choices.items() if isinstance(choices, Mapping) else choices
    if isinstance(items, (str, bytes)) or not isinstance(items, Iterable):
        raise TypeError(f"Choices are pairs of a value and its name, or a mapping, not {choices!r}")
    return [_pair(item) for item in items]


def is_text(value: Any) -> bool:
    """Say whether it is text, or acts as text: a translation made when it is read."""
    return isinstance(value, (str, bytes)) or hasattr(value, "casefold")


def _members(enumeration: type[Enum]) -> list[Pair]:
    named: list[Pair] | None = getattr(enumeration, "choices", None)
    if named is not None:
        return list(named)
    return [(member.value, member.name.replace("_", " ").title()) for member in enumeration]


def _pair(item: Any) -> Pair:
    if isinstance(item, str):
        raise TypeError(f"A choice is a pair of a value and its name, not {item!r}.")
    try:
        value, name = item
    except (TypeError, ValueError):
        raise TypeError(f"A choice is a pair of a value and its name, not {item!r}.") from None
    if is_text(name) or not isinstance(name, (Mapping, Iterable)):
        return value, name
    return value, pairs_of(name)


def flat(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Yield the choices, groups opened."""
    for value, name in pairs:
        if isinstance(name, list):
            yield from name
        else:
            yield value, name


def offered(
    objects: Any, key: str, limit: Any, ordering: Sequence[str], blank: Iterable[Pair]
) -> list[Pair]:
    """Return the choices of a relation: keys of objects, and how they are called.

    Args:
        objects: The manager that finds them.
        key: The attribute that a choice stands for.
        limit: Which of them to offer.
        ordering: Their order; the model's own by default.
        blank: The choices that come first.
    """
    found = objects.complex_filter(limit)
    if ordering:
        found = found.order_by(*ordering)
    return [*blank, *((getattr(obj, key), str(obj)) for obj in found)]


def with_blank(pairs: list[Pair], blank: Iterable[Pair]) -> list[Pair]:
    """Put the blank choice first, unless one of the choices is blank itself."""
    if any(value in ("", None) for value, _ in flat(pairs)):
        return pairs
    return [*blank, *pairs]
