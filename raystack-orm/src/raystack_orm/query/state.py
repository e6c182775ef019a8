"""The state of a query: what has been asked for, as data.

A state is never changed once a QuerySet has it; ``with_()`` makes the next one. What depends on the
order of the calls is a list of steps; the rest are plain attributes. Replaying the steps makes SQL
of it, once for each shape.
"""

from collections.abc import Hashable, Mapping
from types import MappingProxyType
from typing import Any, Self

from ..databases import DEFAULT
from ..expressions.shape import Collector, Uncacheable, shape_of
from ..lookups.kinds import Kind, kind_of, padded

MOST_WRITTEN = 100
"""The longest slice whose length is a part of the shape, and so of the SQL."""


class Condition:
    """A filter keyword that is resolved, and its value, which is prepared.

    Args:
        target: What is compared, and how.
        kind: The kind of the value.
        value: The prepared value.
    """

    __slots__ = ("kind", "target", "value")

    def __init__(self, target: Any, kind: Kind, value: Any) -> None:
        self.target = target
        self.kind = kind
        self.value = value

    def shape(self, collector: Collector) -> Hashable:
        """Return target and kind, and give the value away."""
        kind, value = self.kind, self.value
        if kind is Kind.SCALAR:
            collector.values.append(value)
            collector.tokens.append(self)
            return self.target  # type: ignore[no-any-return]  # one object for each keyword
        if kind is Kind.LIST:
            collector.add(self, value)
            return (self.target, 0 if collector.takes_arrays else padded(len(value)))
        if kind is Kind.EXPRESSION:
            if getattr(value, "using", None):  # each time, it is compared with the outer query's
                raise Uncacheable
            return (self.target, shape_of(value, collector))
        if kind is Kind.RAW:
            if value is not None and not isinstance(value, bool):
                raise Uncacheable
            return (self.target, value)
        return (self.target, kind)


class Node:
    """Conditions joined by AND, OR or XOR, negated or not.

    Args:
        connector: What joins them.
        negated: Whether the whole is negated.
        children: Conditions, nodes, pairs of keyword and value, expressions.
    """

    __slots__ = ("children", "connector", "negated")

    def __init__(self, connector: str, negated: bool, children: tuple[Any, ...]) -> None:
        self.connector = connector
        self.negated = negated
        self.children = children

    def shape(self, collector: Collector) -> Hashable:
        """Return the shapes of the children and what joins them."""
        return (
            self.connector,
            self.negated,
            tuple(
                [
                    (c[0], kind_of(c, c[1], collector)) if type(c) is tuple else c.shape(collector)
                    for c in self.children
                ]
            ),
        )


class Filter:
    """One call of ``filter()`` or ``exclude()``.

    Args:
        node: The conditions.
    """

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node

    def shape(self, collector: Collector) -> Hashable:
        """Return the shape of the conditions."""
        return self.node.shape(collector)


class StickyFilter(Filter):
    """A related manager's own condition: the filter that follows speaks of the same related row."""

    __slots__ = ()

    def shape(self, collector: Collector) -> Hashable:
        """Return the shape of the conditions, marked."""
        return (StickyFilter, self.node.shape(collector))


class JoinedFilter(Filter):
    """A condition added to a finished query: it speaks of the related rows that are joined."""

    __slots__ = ()

    def shape(self, collector: Collector) -> Hashable:
        """Return the shape of the conditions, marked."""
        return (JoinedFilter, self.node.shape(collector))


class Annotate:
    """One call of ``annotate()`` or ``alias()``."""

    __slots__ = ("expressions", "select")

    def __init__(self, expressions: dict[str, Any], select: bool) -> None:
        self.expressions = expressions
        self.select = select

    def shape(self, collector: Collector) -> Hashable:
        """Return the names and the shapes of the expressions."""
        made = [(name, shape_of(e, collector)) for name, e in self.expressions.items()]
        return (Annotate, self.select, tuple(made))


class Values:
    """One call of ``values()`` or ``values_list()``."""

    __slots__ = ("names",)

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def shape(self, collector: Collector) -> Hashable:
        """Return the names."""
        return (Values, self.names)


class Combined:
    """The conditions of another QuerySet, joined by ``&``, ``|`` or ``^``."""

    __slots__ = ("connector", "state")

    def __init__(self, state: "State", connector: str) -> None:
        self.state = state
        self.connector = connector

    def shape(self, collector: Collector) -> Hashable:
        """Return the shape of the other's steps."""
        steps = tuple([step.shape(collector) for step in self.state.steps])
        return (Combined, self.connector, steps)


# What has another way into the shape, or is not in it: annotations are steps.
_OWN_WAY = frozenset({"annotations", "start", "stop", "cut", "parts"})


class State:
    """What a QuerySet asks for.

    Args:
        model: The model.

    Attributes:
        steps: What was asked for in which order: filters, annotations, ``values()``.
        annotations: The names of computed columns, and whether each comes out.
        order: Sort keys; ``None`` for none that were given.
        default_order: The model's own ordering counts where none was given.
        reverse: Whether the order is reversed.
        distinct: Whether equal rows are left out.
        distinct_on: The fields that rows must differ in.
        start: The index of the first row.
        stop: The index after the last row; ``None`` for all.
        cut: Stands for both in all copies of a sliced query: the compiler finds them by it.
        related: ``True`` or the paths of relations that are loaded in the same query.
        deferred: Names of fields, and whether they are the ones left out.
        columns: The names that ``values()`` asks for; ``None`` for instances, ``()`` for all.
        form: ``instances``, ``dicts``, ``tuples``, ``named`` or ``flat``.
        nothing: ``none()`` was called.
        using: The database that ``using()`` named.
        lock: The options of ``select_for_update()``.
        combinator: ``union``, ``intersection`` or ``difference`` of the parts.
        parts: The states that it combines.
    """

    is_queryset = True  # it may stand wherever a QuerySet may

    # An instance stores what differs from these alone: a copy costs as little as there is to say.
    steps: tuple[Any, ...] = ()
    annotations: Mapping[str, bool] = MappingProxyType({})
    order: tuple[Any, ...] | None = None
    default_order = True
    reverse = False
    distinct = False
    distinct_on: tuple[str, ...] = ()
    start = 0
    stop: int | None = None
    cut: Any = None
    related: Any = False
    deferred: tuple[frozenset[str], bool] = (frozenset(), True)
    columns: tuple[str, ...] | None = None
    form = "instances"
    nothing = False
    using: str | None = None
    lock: Any = None
    combinator: str | None = None
    combine_all = False
    parts: "tuple[State, ...]" = ()

    def __init__(self, model: Any) -> None:
        self.model = model

    def with_(self, **changes: Any) -> Self:
        """Return a copy with changes."""
        made = object.__new__(type(self))
        made.__dict__ = {**self.__dict__, **changes}
        return made

    def step(self, step: Any, **changes: Any) -> Self:
        """Return a copy with one more step."""
        return self.with_(steps=(*self.steps, step), **changes)

    def unsorted(self) -> Self:
        """Return a copy whose rows come in any order, if it takes all of them."""
        if self.is_sliced or self.distinct_on:
            return self
        parts = tuple([part.unsorted() for part in self.parts])
        return self.with_(order=(), default_order=False, parts=parts)

    @property
    def query(self) -> Self:
        """The same: where a QuerySet is expected, its state will do."""
        return self

    @property
    def is_sliced(self) -> bool:
        """Whether only some of the rows are asked for."""
        return self.stop is not None or self.start > 0

    @property
    def annotation_names_selected(self) -> list[str]:
        """The names of the computed columns that come out."""
        return [name for name, selected in self.annotations.items() if selected]

    @property
    def ordering(self) -> tuple[Any, ...]:
        """The sort keys that count."""
        if self.order is not None:
            return self.order
        return tuple(self.model._meta.ordering) if self.default_order else ()

    def shape(self, collector: Collector) -> Hashable:
        """Return what is left without the values, which go to the collector.

        Raises:
            Uncacheable: A part of it has no shape.
        """
        made: list[Hashable] = []
        for name, value in self.__dict__.items():
            if name == "steps":
                value = tuple([step.shape(collector) for step in value])
            elif name == "order":
                value = value and tuple(
                    [key if type(key) is str else shape_of(key, collector) for key in value]
                )
            elif name in _OWN_WAY:
                continue
            made.append(name)
            made.append(value)
        start, stop = self.start, self.stop
        if stop is not None:
            if stop - start <= MOST_WRITTEN:
                made.append(stop - start)
            else:
                collector.add((self.cut or self, "limit"), stop - start)
                made.append("limit")
        if start:
            collector.add((self.cut or self, "offset"), start)
            made.append("offset")
        if self.combinator:
            made.append(self._parts_shape(collector))
        return tuple(made)

    def _parts_shape(self, collector: Collector) -> Hashable:
        parts = tuple([(part.nothing, part.shape(collector)) for part in self.parts])
        return (self.combinator, self.combine_all, parts)

    def __str__(self) -> str:
        from .execute import sql_of  # execution is a station further on

        return sql_of(self, self.using or DEFAULT)
