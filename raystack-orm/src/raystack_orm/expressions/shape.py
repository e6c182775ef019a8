"""Shapes of expressions: what stays of one when its values are taken out.

Two queries of one shape have the same SQL. ``Value("a")`` gives its value to the collector and
leaves its type in the shape; a plain argument of a function, as in ``Substr("name", 1, 5)``, is
part of the shape and stands in the SQL. An expression that is not ours is uncacheable unless its
class says ``cacheable = True``: nobody knows what its ``as_sql`` reads.
"""

from collections.abc import Hashable, Mapping, Sequence, ValuesView
from collections.abc import Set as AbstractSet
from typing import Any


class Uncacheable(Exception):
    """The shape of this query cannot be told."""


class Collector:
    """Takes the values out of a query while its shape is told.

    Attributes:
        values: The values, in the order of the walk.
        tokens: Who brought each value; the compiler finds a value's place by it.
        takes_arrays: The database takes a list as one parameter.
    """

    __slots__ = ("takes_arrays", "tokens", "values")

    def __init__(self, *, takes_arrays: bool) -> None:
        self.values: list[Any] = []
        self.tokens: list[Any] = []
        self.takes_arrays = takes_arrays

    def add(self, token: object, value: Any) -> None:
        """Take a value."""
        self.values.append(value)
        self.tokens.append(token)


def shape_of(value: Any, collector: Collector) -> Hashable:
    """Return the shape of anything that may be an argument of an expression.

    Raises:
        Uncacheable: It has none.
    """
    if hasattr(value, "get_internal_type"):
        return field_shape(value)
    shape = getattr(value, "shape", None)
    if shape is not None:
        told: Hashable = shape(collector)
        return told
    if isinstance(value, str | int | bytes) or value is None:
        return (type(value), value)  # the type too: True == 1 == 1.0
    if isinstance(value, Mapping):
        return tuple([(name, shape_of(item, collector)) for name, item in value.items()])
    if isinstance(value, Sequence):
        return (type(value), tuple([shape_of(item, collector) for item in value]))
    if isinstance(value, Hashable):
        return (type(value), value, *_unequal(value))
    raise Uncacheable


def _unequal(value: Any) -> tuple[Hashable, ...]:
    """Return what tells equal values apart: of 1.0 and 1.00, of the two hours at a clock's change.

    A function's plain argument stands in the SQL as it is.
    """
    fold = getattr(value, "fold", None)
    return (str(value),) if fold is None else (str(value), fold)


def field_shape(field: Any) -> Hashable:
    """Return what two fields have in common that make the same type: a model's field, itself.

    Raises:
        Uncacheable: Its arguments cannot be told.
    """
    if field is None or getattr(field, "model", None) is not None:
        return field  # type: ignore[no-any-return]  # a field can be hashed
    known = field.__dict__.get("_shape")
    if known is None:
        _, path, args, kwargs = field.deconstruct()
        known = (path, _frozen(args), _frozen(kwargs))
        field.__dict__["_shape"] = known
    return known  # type: ignore[no-any-return]  # made above


def _frozen(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return tuple([(name, _frozen(item)) for name, item in value.items()])
    if isinstance(value, list | tuple):
        return tuple([_frozen(item) for item in value])
    if not isinstance(value, Hashable):
        raise Uncacheable
    return value


def hashable(value: Any) -> Any:
    """Return what stands for an argument in the identity of an expression."""
    if isinstance(value, list | tuple | ValuesView):
        return tuple(hashable(item) for item in value)
    if isinstance(value, Mapping):
        return tuple((name, hashable(item)) for name, item in value.items())
    if isinstance(value, AbstractSet):
        return frozenset(value)
    if hasattr(value, "get_internal_type"):  # a field: of a model, or one that says a type
        named = getattr(value, "model", None) is not None and getattr(value, "name", None)
        return (value.model._meta.label, value.name) if named else type(value)
    return value
