"""A query while it is resolved: its tables, its conditions, what it selects.

It is made by replaying the steps of a state and thrown away when its SQL is compiled. Filters are
added by ``filters``, selected columns by ``columns``, groups by ``grouping``, the order by
``ordering``; this class is what they share.
"""

from collections.abc import Iterable
from typing import Any

from ...databases import Driver
from ...exceptions import FieldError, NotSupportedError
from ...expressions.references import Col, ColPairs, Ref
from ...fields.relations import Hop
from . import comparing, filtered_relations, filters, related_values
from .columns import values_of
from .joins import INNER, OUTER, Join, keep_rows
from .paths import Path, follow, unknown_name
from .where import Where


class Query:
    """A query that is being resolved.

    Args:
        model: The model.
        driver: The database that it is for.
        outer: The query that it is a subquery of.

    Attributes:
        joins: The tables, the first table first.
        where: The conditions.
        annotations: Computed columns by name, those of ``alias()`` too.
        selected: The names of annotations that come out.
        columns: What ``values()`` selects: ``None`` for the model's fields.
        group_by: ``None`` for no groups, ``True`` for the model's rows, or expressions.
        correlated: The outer query's columns that were referred to.
        touched: Joins that were used since it was last emptied.
        sticky: Joins to many rows that the next filter may use again.
    """

    def __init__(self, model: Any, driver: Driver, outer: "Query | None" = None) -> None:
        self.model = model
        self.driver = driver
        self.outer = outer
        table = model._meta.table
        nested = outer is not None
        self.base = Join(model._meta.db_table, table.alias() if nested else table, model)
        self.joins: list[Join] = [self.base]
        self.where = Where()
        self.annotations: dict[str, Any] = {}
        self.selected: set[str] = set()
        self.columns: list[tuple[str, Any]] | None = None
        self.value_names: tuple[str, ...] = ()
        self.group_by: Any = None
        self.filtered_relations: dict[str, Any] = {}
        self.correlated: list[Any] = []
        self.touched: set[Join] = set()
        self.sticky: set[Join] = set()
        self.state: Any = None
        self.parts: list[Query] = []

    # Tables --------------------------------------------------------------------------------------

    def join(
        self,
        parent: Join,
        hop: Hop,
        *,
        reuse: "set[Join] | None" = None,
        filtered: str | None = None,
    ) -> Join:
        """Return the table that a step leads to, joining it if it is not joined yet.

        Args:
            parent: Where the step starts.
            hop: The step.
            reuse: The joins that may be used again; ``None`` for any.
            filtered: The ``FilteredRelation`` that the step belongs to.
        """
        found = None
        for join in self.joins:
            if join.joins_as(parent, hop, filtered) and (reuse is None or join in reuse):
                found = join
        if found is None:
            number = len(self.joins) + 1
            alias = filtered or f"T{number}"
            table = hop.model._meta.table
            if self.outer is not None or any(join.table is table for join in self.joins):
                table = table.alias()
            found = Join(alias, table, hop.model, parent, hop, filtered)
            self.joins.append(found)
        return found

    def reach(
        self,
        hops: Iterable[Hop],
        reuse: "set[Join] | None" = None,
        start: Join | None = None,
        filtered: str | None = None,
    ) -> list[Join]:
        """Join along steps, and return the joins, the start first.

        Args:
            hops: The steps.
            reuse: The joins to many rows that may be used again; ``None`` for any.
            start: Where they start; the first table by default.
            filtered: The ``FilteredRelation`` that the last steps belong to.
        """
        way = [start or self.base]
        for hop in hops:
            again = reuse if hop.many or filtered else None
            way.append(self.join(way[-1], hop, reuse=again, filtered=filtered))
        self.touched.update(way)
        return way

    def promote_joins(self, joins: Iterable[Join]) -> None:
        """Make joins outer ones where they may find no row, and all that hang on them."""
        waiting = list(joins)
        while waiting:
            join = waiting.pop(0)
            if join.parent is None or join.kind == OUTER:
                continue
            if join.nullable or join.parent.kind == OUTER:
                join.kind = OUTER
                waiting += [other for other in self.joins if other.parent is join]

    def demote_joins(self, joins: Iterable[Join]) -> None:
        """Make joins inner ones, and all that they hang on."""
        for join in joins:
            here: Join | None = join
            while here is not None and here.kind == OUTER:
                here.kind = INNER
                here = here.parent

    # Names ---------------------------------------------------------------------------------------

    def path(self, parts: tuple[str, ...], said: str, *, whole: bool = False) -> Path:
        """Follow names from the model.

        Raises:
            FieldError: A part is unknown.
        """
        if parts[0] not in self.model._meta.names:
            others = (*self.annotations, *self.filtered_relations)
            raise unknown_name(self.model, parts[0], said, others)
        return follow(self.model, parts, said, whole=whole)

    def way_to(
        self, parts: tuple[str, ...], said: str, reuse: "set[Join] | None", *, whole: bool = False
    ) -> tuple[Path, list[Join]]:
        """Follow names and join along them; a ``FilteredRelation`` may come first."""
        relation = self.filtered_relations.get(parts[0])
        if relation is None:
            path = self.path(parts, said, whole=whole)
            return path, self.reach(path.hops, reuse)
        return filtered_relations.way_through_filtered(
            self, relation, parts, said, reuse, whole=whole
        )

    def column(self, field: Any, join: Join) -> Any:
        """Return a field's column of a joined table."""
        if field.is_composite:
            return ColPairs([Col(join, part) for part in field.fields], field)
        return Col(join, field)

    def resolve_ref(
        self,
        name: str,
        allow_joins: bool = True,
        reuse: "set[Join] | None" = None,
        summarize: bool = False,
    ) -> Any:
        """Return what a name stands for: an annotation, or a column.

        Args:
            name: The name, with ``__`` over relations and before transforms.
            allow_joins: It may lead over relations.
            reuse: The joins to many rows that may be used again; ``None`` for any.
            summarize: It is asked about the query as a whole.

        Raises:
            FieldError: It is unknown, or leads where it may not.
        """
        annotation = self.annotations.get(name)
        if annotation is not None:
            if summarize:
                self._refuse_alias(name)
                return Ref(name, annotation)
            if not allow_joins and self._is_joined(annotation):
                raise FieldError("Joined field references are not permitted in this query")
            return annotation
        first, *others = name.split("__")
        annotation = self.annotations.get(first)
        if annotation is not None:
            expression = Ref(first, annotation) if summarize else annotation
            for transform in others:
                expression = self.transformed(expression, transform, name)
            return expression
        path, way = self.way_to((first, *others), f"F({name!r})", reuse)
        if not allow_joins and len(way) > 1:
            raise FieldError(
                f"Joined field references are not permitted in this query: {name} is a related "
                f"row's."
            )
        if reuse is not None:
            reuse.update(way)
        found: Any = self.column(path.field, way[-1])
        for transform in path.rest:
            found = self.transformed(found, transform, name)
        if path.first_many >= 0:
            found.possibly_multivalued = True
        return found

    def _is_joined(self, annotation: Any) -> bool:
        columns = (part for part in annotation.flatten() if isinstance(part, Col))
        return any(column.join in self.joins[1:] for column in columns)

    def _refuse_alias(self, name: str) -> None:
        if self.state is not None and self.state.annotations.get(name) is False:
            raise FieldError(
                f"Cannot aggregate over the '{name}' alias. Use annotate() to promote it."
            )

    def transformed(self, expression: Any, name: str, said: str) -> Any:
        """Put a transform around an expression.

        Raises:
            FieldError: Its type has no such transform.
        """
        transform = expression.get_transform(name)
        if transform is None:
            raise comparing.unknown_lookup(expression, name, said)
        return transform(expression)

    # Steps ---------------------------------------------------------------------------------------

    def add_annotation(self, name: str, expression: Any, *, select: bool = True) -> None:
        """Add a computed column.

        Raises:
            FieldError: It refers to something unknown.
        """
        resolved = expression.resolve_expression(self, allow_joins=True, reuse=None)
        if isinstance(resolved, Where) and not resolved:
            raise FieldError(f"annotate({name}=...): the condition is empty.")
        keep_rows(resolved)
        self.annotations.pop(name, None)
        self.annotations[name] = resolved
        if select:
            self.selected.add(name)
        else:
            self.selected.discard(name)

    def add_filtered_relation(self, name: str, relation: Any) -> None:
        """Add a ``FilteredRelation`` under its name."""
        filtered_relations.check_filtered(self, relation)
        relation = relation.clone()
        relation.alias = name
        self.filtered_relations[name] = relation

    def add_q_inner(self, q: Any, reuse: "set[Join] | None", **options: Any) -> tuple[Where, Any]:
        """Resolve a ``Q`` to conditions, and return them with the joins that they need."""
        return filters.add_node(self, q, reuse, **options)

    # Subqueries ----------------------------------------------------------------------------------

    def subquery(self, state: Any, *, for_exists: bool = False) -> "Query":
        """Resolve what a QuerySet asks, inside of this query."""
        from .replay import replay

        return replay(state, self.driver, outer=self, for_exists=for_exists)

    def lookup_subquery(self, lookup: Any, queryset: Any) -> Any:
        """Resolve a QuerySet on the right side of a lookup."""
        return related_values.right_query(self, lookup.lhs, lookup.lookup_name, queryset)

    @property
    def output_field(self) -> Any:
        """The field of the one column that it selects."""
        if self.columns is None and (not self.selected or self.state.form == "instances"):
            return self.model._meta.pk
        found = values_of(self)
        return found[0][1].output_field if len(found) == 1 else None

    def require(self, supported: bool, what: str) -> None:
        """Refuse what the database has not.

        Raises:
            NotSupportedError: It has not.
        """
        if not supported:
            raise NotSupportedError(f"{what} is not supported on {self.driver.vendor}.")
