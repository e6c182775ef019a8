"""Comparing: a left side, the transforms and the lookup of a keyword, and a value."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...exceptions import FieldError, nearest
from ...expressions.values import Bound
from ...fields.database_value import for_database
from ...lookup_registry import OF_EXTENSIONS
from ...lookups import IsNull, Kind, is_builtin
from ...lookups.kinds import OtherKind, is_expression, is_query
from ..state import Condition
from .related_values import Related, right_query
from .where import Nothing

if TYPE_CHECKING:
    from .query import Query


def make_condition(
    query: "Query",
    lhs: Any,
    rest: tuple[str, ...],
    value: Any,
    child: Any,
    said: str,
    relation: Any = None,
) -> Any:
    """Put transforms around the left side, and compare it with the value."""
    *transforms, name = rest or ("exact",)
    for transform in transforms:
        lhs = query.transformed(lhs, transform, said)
    lookup = lhs.get_lookup(name)
    if lookup is None:
        if getattr(lhs, "is_relation", False):
            raise FieldError(f"{said}: a relation has no lookup {name}.")
        if lhs.get_transform(name) is None:
            raise unknown_lookup(lhs, name, said)
        lhs, name = query.transformed(lhs, name, said), "exact"
        lookup = lhs.get_lookup("exact")
        if lookup is None:
            raise unknown_lookup(lhs, name, said)
    return compare(query, lookup, lhs, value, child, relation)


def compare(
    query: "Query", lookup: Any, lhs: Any, value: Any, child: Any, relation: Any = None
) -> Any:
    """Make the condition of a lookup, its left side and a value."""
    if isinstance(child, Condition) and child.kind is not Kind.EXPRESSION:
        return _bound(query, lookup, lhs, value, child, relation)
    if is_query(value) and not is_expression(value):
        if getattr(lhs, "get_bilateral_transforms", list)():
            raise NotImplementedError(
                "Bilateral transformations on nested querysets are not implemented."
            )
        right = right_query(query, lhs, lookup.lookup_name, value, relation)
        return lookup(lhs, right)
    if value is None and not getattr(lookup, "can_use_none_as_rhs", False):
        if getattr(lookup, "lookup_name", "") not in {"exact", "iexact"}:
            raise ValueError("Cannot use None as a query value")
        return IsNull(lhs, True)
    if is_expression(value):
        _check_key(lookup, lhs, value)
    if is_expression(value) or not is_builtin(lookup):
        return lookup(lhs, value)
    return _bound(query, lookup, lhs, value, child, relation)


def _check_key(lookup: Any, lhs: Any, value: Any) -> None:
    """Refuse to compare a key of several columns with one value, or the other way round.

    Raises:
        ValueError: One side alone is such a key.
    """
    several = getattr(value, "cols", None) is not None
    if getattr(lhs, "cols", None) is None:
        if several:
            raise ValueError("CompositePrimaryKey cannot be used as a lookup value.")
    elif getattr(value, "conditional", False):
        raise ValueError(
            f"'{lookup.lookup_name}' subquery lookup of 'pk' only supports OuterRef and QuerySet "
            f"objects (received {type(value).__name__!r})"
        )


def _bound(query: "Query", lookup: Any, lhs: Any, value: Any, child: Any, relation: Any) -> Any:
    """Make the condition of one of our lookups and a plain value, which is bound."""
    field = lhs.output_field
    prepare: Callable[[Any], Any] | None = None
    if isinstance(child, Condition):  # it was prepared when the filter was written
        kind = child.kind
        made = value if kind is Kind.RAW else child.value  # its expressions are resolved now
        if kind in {Kind.NOTHING, Kind.NOT_NULL}:  # and its kind is in the shape
            return Nothing() if kind is Kind.NOTHING else IsNull(lhs, False)
    else:
        converter = Related(relation, field) if relation is not None else field
        kind, made = lookup.prepare_value(converter, value)
        prepare = Preparing(lookup, converter, kind)
        if kind in {Kind.SCALAR, Kind.LIST}:
            made = value
    if kind is Kind.NULL:
        null = IsNull(lhs, True)
        return null if value is None or isinstance(child, Condition) else _following_value(null)
    if kind is Kind.NOTHING:
        return _following_value(Nothing())
    if kind is Kind.NOT_NULL:
        return _following_value(IsNull(lhs, False))
    if kind is Kind.RAW:
        return lookup(lhs, made)
    bound = lookup.bound_field(field)
    if bound is field:
        prepare = for_database(field, query.driver, prepare, several=kind is Kind.LIST)
    return lookup(lhs, Bound(getattr(child, "token", child), made, bound, prepare))


class Preparing:
    """Prepares a value when its query runs.

    Args:
        lookup: The lookup's class.
        field: The left side's field.
        kind: The kind that the compiled query is for.
    """

    __slots__ = ("field", "kind", "lookup")

    def __init__(self, lookup: Any, field: Any, kind: Kind) -> None:
        self.lookup = lookup
        self.field = field
        self.kind = kind

    def __call__(self, value: Any) -> Any:
        """Return the prepared value.

        Raises:
            OtherKind: It is of another kind.
        """
        kind, made = self.lookup.prepare_value(self.field, value)
        if kind is not self.kind:
            raise OtherKind
        return made


def _following_value(condition: Any) -> Any:
    """Mark a condition that another value of the same kind would not have made."""
    condition.follows_value = True
    return condition


def unknown_lookup(expression: Any, name: str, said: str) -> FieldError:
    """Make the error for a name that is neither a lookup nor a transform."""
    field = expression.output_field
    names = sorted(type(field).get_lookups().keys() - OF_EXTENSIONS.keys())  # few have these
    return FieldError(
        f'{said}: the {type(field).__name__} "{getattr(field, "name", "")}" has no lookup "{name}".'
        f"{nearest(name, names)}\n  Lookups: {', '.join(names)}."
    )
