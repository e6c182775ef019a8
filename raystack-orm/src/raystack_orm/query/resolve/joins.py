"""Joins: each relation that a statement uses is joined once.

Django's rules decide what "the same relation" is: conditions in one ``filter()`` speak of one
related row, so they share a join; those of chained calls may fit different rows, so a relation to
many is joined again for each.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause

from ...fields.relations import Hop

Key = tuple[Any, ...]


class Join:
    """A joined table.

    Args:
        table: The table under a name of its own.
        on: What joins it.
        parent: The join that it hangs on; ``None`` for the first table.
        optional: A row without a related one stays.
    """

    __slots__ = ("on", "optional", "parent", "required", "table")

    def __init__(
        self, table: FromClause, on: ColumnElement[bool], parent: "Join | None", optional: bool
    ) -> None:
        self.table = table
        self.on = on
        self.parent = parent
        self.optional: bool = optional or (parent is not None and parent.optional)
        self.required = False

    @property
    def is_outer(self) -> bool:
        """Whether it has to be a LEFT JOIN."""
        return self.optional and not self.required


class Joins:
    """The tables of one statement.

    Args:
        root: The first table.
    """

    def __init__(self, root: FromClause) -> None:
        self.root = root
        self._joins: dict[Key, Join] = {}

    def __bool__(self) -> bool:
        return bool(self._joins)

    def reach(self, hops: tuple[Hop, ...], group: int | None, *, required: bool) -> FromClause:
        """Return the table at the end of the hops, joining what is not joined yet.

        Args:
            hops: The way from the first table.
            group: The call of ``filter()`` that asks; ``None`` takes any join that is there.
            required: Rows without a related row are not wanted.
        """
        key: Key = ()
        parent: Join | None = None
        table = self.root
        split = False
        for hop in hops:
            split = split or hop.many
            key = self._key((*key, hop), group if split else -1)
            join = self._joins.get(key)
            if join is None:
                other = hop.model._meta.table.alias()
                on = table.c[hop.source.column] == other.c[hop.target.column]
                join = Join(other, on, parent, hop.nullable or hop.many)
                self._joins[key] = join
            join.required = join.required or required
            parent, table = join, join.table
        return table

    def _key(self, way: Key, group: int | None) -> Key:
        if group is not None:
            return (*way, group)
        for key in self._joins:
            if key[:-1] == way:
                return key
        return (*way, None)

    def from_clause(self) -> FromClause:
        """Return all tables, joined."""
        clause: FromClause = self.root
        for join in self._joins.values():
            clause = clause.join(join.table, join.on, isouter=join.is_outer)
        return clause
