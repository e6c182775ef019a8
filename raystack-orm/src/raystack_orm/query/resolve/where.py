"""Conditions of a query, over columns: what ``Q`` objects have become."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, not_, or_
from sqlalchemy.sql.elements import Grouping

from ...exceptions import EmptyResultSet, FullResultSet
from ...expressions.base import Expression

if TYPE_CHECKING:
    from .compiler import Compiler


class Where(Expression):
    """Conditions that are joined.

    Args:
        children: Lookups, expressions that are true or false, and others of these.
        connector: ``"AND"``, ``"OR"`` or ``"XOR"``.
        negated: Whether the whole is negated.
    """

    conditional = True
    cacheable = False

    def __init__(
        self, children: list[Any] | None = None, connector: str = "AND", negated: bool = False
    ) -> None:
        super().__init__()
        self.children = children or []
        self.connector = connector
        self.negated = negated

    @cached_property
    def output_field(self) -> Any:
        """A truth value."""
        from ...fields import BooleanField

        return BooleanField()

    def __bool__(self) -> bool:
        return bool(self.children)

    def add(self, child: Any) -> None:
        """Add a condition that has to hold too."""
        if self.connector == "AND" and not self.negated:
            self.children.append(child)
            return
        self.children = [Where(self.children, self.connector, self.negated), child]
        self.connector, self.negated = "AND", False

    def get_source_expressions(self) -> list[Any]:
        """Return the conditions."""
        return list(self.children)

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take the conditions."""
        self.children = exprs

    def resolve_expression(self, *args: Any, **kwargs: Any) -> "Where":
        """Return itself: it is resolved."""
        return self

    def get_group_by_cols(self) -> list[Any]:
        """Return what the conditions need."""
        return [column for child in self.children for column in child.get_group_by_cols()]

    def copy(self) -> "Where":
        """Return a copy with children of its own."""
        return Where(list(self.children), self.connector, self.negated)

    @property
    def identity(self) -> tuple[Any, ...]:
        """The conditions and what joins them."""
        return (Where, self.connector, self.negated, *self.children)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the conditions, joined.

        Raises:
            EmptyResultSet: No row can fit.
            FullResultSet: Every row fits.
        """
        if self.connector == "XOR":
            return self._build_xor(compiler)
        conjunction = self.connector == "AND"
        made = []
        for child in self.children:
            try:
                made.append(compiler.condition(child))
            except EmptyResultSet:
                if conjunction:
                    return self._known(False)
            except FullResultSet:
                if not conjunction:
                    return self._known(True)
        if not made:
            return self._known(conjunction)
        joined: ColumnElement[Any] = and_(*made) if conjunction else or_(*made)
        return not_(joined.self_group()) if self.negated else joined

    def _known(self, truth: bool) -> ColumnElement[Any]:
        if truth != self.negated:
            raise FullResultSet
        raise EmptyResultSet

    def _build_xor(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return whether an odd number of the conditions hold."""
        odd = False
        counted = []
        for child in self.children:
            try:
                counted.append(case((compiler.condition(child), 1), else_=0))
            except EmptyResultSet:
                continue
            except FullResultSet:
                odd = not odd
        if not counted:
            return self._known(odd)
        total: Any = counted[0]
        for one in counted[1:]:
            total = total + one
        return Grouping(total).op("%")(compiler.constant(2)) == compiler.constant(
            int(odd == self.negated)
        )

    def split(self) -> "tuple[Where | None, Where | None, Where | None]":
        """Split into what rows, groups and windows have to fit.

        Returns:
            The conditions for WHERE, for HAVING, and for around the windows.
        """
        if not self.contains_aggregate and not self.contains_over_clause:
            return self, None, None
        mixed = self.connector != "AND" or self.negated
        if mixed or (len(self.children) == 1 and not isinstance(self.children[0], Where)):
            if self.contains_over_clause:
                return None, None, self
            return None, self, None
        parts: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
        for child in self.children:
            for part, found in zip(parts, _split(child), strict=True):
                if found is not None:
                    part.append(found)
        where, having, qualify = (Where(part) if part else None for part in parts)
        return where, having, qualify

    def leaves(self) -> Iterator[Any]:
        """Return all conditions in it that are no nodes."""
        for child in self.children:
            if isinstance(child, Where):
                yield from child.leaves()
            else:
                yield child


def _split(child: Any) -> tuple[Any, Any, Any]:
    if isinstance(child, Where):
        return child.split()
    if getattr(child, "contains_over_clause", False):
        return None, None, child
    if getattr(child, "contains_aggregate", False):
        return None, child, None
    return child, None, None


class Nothing(Expression):
    """A condition that no row fits."""

    conditional = True

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Say that no row can fit."""
        raise EmptyResultSet

    def get_group_by_cols(self) -> list[Any]:
        """Return nothing."""
        return []
