"""Joins: the tables of a query, and how each is joined.

Django's rules decide which join a condition uses: conditions in one ``filter()`` speak of one
related row, so they share a join; those of chained calls may fit different rows, so a relation to
many is joined again for each. A join that may find no row is an outer one, until a condition that
has to hold makes it an inner one.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_

from ...exceptions import FullResultSet
from ...fields.relations import Hop

INNER, OUTER = "INNER", "OUTER"


class Join:
    """A table of a query.

    Args:
        alias: Its name in the query.
        table: The table.
        model: The table's model.
        parent: The join that it hangs on; ``None`` for the first table.
        hop: The step from there.
        filtered: The ``FilteredRelation`` that it was joined for.
    """

    __slots__ = (
        "alias",
        "columns",
        "condition",
        "filtered",
        "hop",
        "kept",
        "kind",
        "model",
        "nullable",
        "optional",
        "parent",
        "table",
        "used",
    )

    def __init__(
        self,
        alias: str,
        table: FromClause,
        model: Any,
        parent: "Join | None" = None,
        hop: Hop | None = None,
        filtered: str | None = None,
    ) -> None:
        self.alias = alias
        self.table = table
        self.model = model
        self.parent = parent
        self.hop = hop
        self.filtered = filtered
        self.used = False
        # Its rows count even if nothing of them is selected: True always, False where rows are
        # grouped, as an aggregate over them is computed for groups alone.
        self.kept: bool | None = None
        self.condition: Any = None  # of a FilteredRelation, resolved
        self.nullable = hop is not None and (hop.nullable or hop.many)
        # Whether it may find no row, however other conditions have it joined meanwhile.
        self.optional: bool = self.nullable or (parent is not None and parent.optional)
        self.kind: str | None = None
        if parent is not None:
            self.kind = OUTER if parent.kind == OUTER or self.nullable else INNER

    @property
    def ancestors(self) -> "list[Join]":
        """The joins that it hangs on, the first table first."""
        found: list[Join] = []
        here = self.parent
        while here is not None:
            found.insert(0, here)
            here = here.parent
        return found

    def column(self, field: Any) -> ColumnElement[Any]:
        """Return a field's column of this table, which is needed from now on."""
        self.used = True
        found: ColumnElement[Any] = self.table.c[field.column]
        return found

    def is_needed(self, *, grouped: bool) -> bool:
        """Whether the query reads a column of it, or its rows count."""
        return self.used or (self.kept is not None if grouped else bool(self.kept))

    def joins_as(self, parent: "Join", hop: Hop, filtered: str | None) -> bool:
        """Whether this is the step from there."""
        return self.parent is parent and self.hop == hop and self.filtered == filtered

    def on(self, compiler: Any) -> ColumnElement[bool]:
        """Return what joins the table to its parent."""
        if self.parent is None or self.hop is None:
            raise AssertionError("The first table is not joined.")
        made = self.parent.column(self.hop.source) == self.column(self.hop.target)
        if self.condition is None:
            return made
        try:
            return and_(made, compiler.condition(self.condition))
        except FullResultSet:
            return made

    def __repr__(self) -> str:
        return f"<Join {self.alias} {self.kind}>"


def joins_to_many(expression: Any) -> set[Join]:
    """Return the joins to many rows that the columns in an expression hang on.

    Those of a subquery are the columns of this query that it refers to.
    """
    parts = [
        column
        for part in expression.flatten()
        for column in (part, *getattr(part, "external_columns", ()))
    ]
    ends = {part.join for part in parts if getattr(part, "join", None) is not None}
    joins = {join for end in ends for join in (end, *end.ancestors)}
    return {join for join in joins if join.hop is not None and join.hop.many}


def keep_rows(annotation: Any) -> None:
    """Keep the related rows that an annotation was computed of, whatever is selected of them."""
    for join in joins_to_many(annotation):
        join.kept = join.kept or not annotation.contains_aggregate


class JoinPromoter:
    """Counts which joins the conditions of one node need, and makes them inner or outer.

    Args:
        connector: What joins the conditions.
        number: How many conditions there are.
        negated: Whether the node stands under an odd number of negations.
    """

    def __init__(self, connector: str, number: int, negated: bool) -> None:
        self.number = number
        connector = "OR" if connector == "XOR" else connector
        if negated:
            connector = "OR" if connector == "AND" else "AND"
        self.connector = connector
        self.votes: Counter[Join] = Counter()

    def add_votes(self, joins: Iterable[Join]) -> None:
        """Count joins that a condition needs a row of."""
        self.votes.update(set(joins))

    def update(self, query: Any) -> Collection[Join]:
        """Change the joins; return those that every row has to have."""
        outer, inner = [], []
        for join, votes in self.votes.items():
            if self.connector == "OR" and votes < self.number:
                outer.append(join)  # another condition may hold where this one has no row
            else:
                inner.append(join)
        query.promote_joins(outer)
        query.demote_joins(inner)
        return inner
