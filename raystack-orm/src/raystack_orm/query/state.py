"""The state of a query: what has been asked for, as data.

A state is never changed once a QuerySet has it; ``with_()`` makes the next one. Names in it are
resolved and values are prepared, so nothing unknown gets this far.
"""

from typing import TYPE_CHECKING, Any, Self

from ..expressions.q import Connector
from ..lookups import Kind

if TYPE_CHECKING:  # the models are a room above
    from .resolve.names import Target


class Condition:
    """A field, a lookup and a value.

    Args:
        target: What is compared, and how.
        kind: The kind of the value.
        value: The prepared value.
    """

    __slots__ = ("kind", "target", "value")

    def __init__(self, target: "Target", kind: Kind, value: Any) -> None:
        self.target = target
        self.kind = kind
        self.value = value


class Node:
    """Conditions joined by AND or OR, negated or not.

    Args:
        connector: What joins them.
        negated: Whether the whole is negated.
        children: Conditions and nodes.
    """

    __slots__ = ("children", "connector", "negated")

    def __init__(
        self, connector: Connector, negated: bool, children: "tuple[Condition | Node, ...]"
    ) -> None:
        self.connector = connector
        self.negated = negated
        self.children = children


class State:
    """What a QuerySet asks for.

    Args:
        model: The model.

    Attributes:
        where: One node for each call of ``filter()`` and ``exclude()``.
        order: Sort keys; ``None`` for the model's own ordering.
        reverse: Whether the order is reversed.
        distinct: Whether equal rows are left out.
        start: The index of the first row.
        stop: The index after the last row; ``None`` for all.
        related: The paths of relations that are loaded in the same query.
        columns: The names that ``values()`` asks for; ``None`` for instances.
        form: ``instances``, ``dicts``, ``tuples`` or ``flat``.
        nothing: ``none()`` was called.
    """

    __slots__ = (
        "columns",
        "distinct",
        "extra",
        "form",
        "loaded",
        "model",
        "nothing",
        "order",
        "related",
        "reverse",
        "start",
        "stop",
        "where",
    )

    def __init__(self, model: Any) -> None:
        self.model = model
        self.where: tuple[Node, ...] = ()
        self.order: tuple[Any, ...] | None = None
        self.reverse = False
        self.distinct = False
        self.start = 0
        self.stop: int | None = None
        self.related: tuple[tuple[str, ...], ...] = ()
        self.columns: tuple[str, ...] | None = None
        self.form = "instances"
        self.nothing = False
        self.loaded: tuple[Any, ...] | None = None  # fields of instances; all by default
        self.extra: tuple[Any, ...] = ()  # attribute, hops and field of columns of joined tables

    def with_(self, **changes: Any) -> Self:
        """Return a copy with changes."""
        made = object.__new__(type(self))
        made.model = self.model
        made.where = self.where
        made.order = self.order
        made.reverse = self.reverse
        made.distinct = self.distinct
        made.start = self.start
        made.stop = self.stop
        made.related = self.related
        made.columns = self.columns
        made.form = self.form
        made.nothing = self.nothing
        made.extra = self.extra
        made.loaded = self.loaded
        for name, value in changes.items():
            setattr(made, name, value)
        return made

    @property
    def is_sliced(self) -> bool:
        """Whether only some of the rows are asked for."""
        return self.stop is not None or self.start > 0

    @property
    def ordering(self) -> tuple[Any, ...]:
        """The sort keys that count."""
        return self.model._meta.ordering if self.order is None else self.order
