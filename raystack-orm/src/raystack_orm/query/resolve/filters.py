"""Filters: from keywords and ``Q`` objects to conditions over columns.

The rules are Django's. Conditions in one call speak of one related row; a negated condition on a
relation to many means that no related row fits; where a column or its row may be missing, a negated
condition takes care that null counts as "does not fit".
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...exceptions import FieldError, NotSupportedError, nearest
from ...expressions.q import Q
from ...expressions.values import Bound
from ...lookups import BuiltinLookup, Exact, IsNull, Kind
from ...lookups.kinds import is_expression, is_query, state_of
from ..state import Condition, Node, Values
from .joins import Join, JoinPromoter
from .paths import Path, follow, hops_to_owner
from .where import Nothing, Where

if TYPE_CHECKING:
    from .query import Query


class Options:
    """How a node of conditions is resolved.

    Args:
        branch_negated: A negation stands somewhere above.
        negated: An odd number of negations stands above.
        allow_joins: Names may lead over relations.
        split_subq: A negated condition on a relation to many becomes a subquery.
        check_filterable: Expressions have to be allowed in conditions.
        summarize: The conditions are about the query as a whole.
        promote: Joins are made inner or outer by what the conditions need.
    """

    __slots__ = ("allow_joins", "branch_negated", "check_filterable", "negated", "promote",
                 "split_subq", "summarize")  # fmt: skip

    def __init__(
        self,
        *,
        branch_negated: bool = False,
        negated: bool = False,
        allow_joins: bool = True,
        split_subq: bool = True,
        check_filterable: bool = True,
        summarize: bool = False,
        promote: bool = True,
    ) -> None:
        self.branch_negated = branch_negated
        self.negated = negated
        self.allow_joins = allow_joins
        self.split_subq = split_subq
        self.check_filterable = check_filterable
        self.summarize = summarize
        self.promote = promote

    def inside(self, negated: bool) -> "Options":
        """Return the options for the children of a node."""
        return Options(
            branch_negated=self.branch_negated or negated,
            negated=self.negated ^ negated,
            allow_joins=self.allow_joins,
            split_subq=self.split_subq,
            check_filterable=self.check_filterable,
            summarize=self.summarize,
            promote=self.promote,
        )


def add_filter(query: "Query", node: Any) -> None:
    """Add the conditions of one ``filter()`` or ``exclude()``."""
    before = [join for join in query.joins if join.kind == "INNER"]
    clause, _ = add_node(query, node, set())
    if clause:
        query.where.children.append(clause)
    query.demote_joins(before)


def add_node(
    query: "Query", node: Any, reuse: "set[Join] | None", **options: Any
) -> tuple[Where, Any]:
    """Resolve a node of conditions.

    Args:
        query: The query.
        node: A ``Q``, or a node of a state.
        reuse: The joins to many rows that may be used again; it receives those that are made.
        options: As in ``Options``.

    Returns:
        The conditions, and the joins that every row has to have.
    """
    return _node(query, node, reuse, Options(**options))


def _node(
    query: "Query", node: Any, reuse: "set[Join] | None", options: Options
) -> tuple[Where, Any]:
    inside = options.inside(node.negated)
    clause = Where([], node.connector, node.negated)
    promoter = JoinPromoter(node.connector, len(node.children), inside.negated)
    for child in node.children:
        made, needed = _child(query, child, reuse, inside)
        promoter.add_votes(needed)
        if made is not None:
            clause.children.append(made)
    needed = promoter.update(query) if options.promote else ()
    return clause, needed


def _child(query: "Query", child: Any, reuse: Any, options: Options) -> tuple[Any, Any]:
    if isinstance(child, Node | Q):
        made, needed = _node(query, child, reuse, options)
        return (made or None), needed
    if isinstance(child, Condition):
        return _keyword(query, child.target.keyword, child, reuse, options)
    if isinstance(child, tuple):
        return _keyword(query, child[0], child, reuse, options)
    return _expression(query, child, reuse, options), ()


def _expression(query: "Query", child: Any, reuse: Any, options: Options) -> Any:
    if not is_expression(child):
        raise TypeError(f"A filter takes Q objects and expressions, not {child!r}.")
    resolved = child.resolve_expression(query, options.allow_joins, reuse, options.summarize)
    if not getattr(resolved, "conditional", False):
        raise TypeError(f"Cannot filter against a non-conditional expression: {child!r}.")
    _check_filterable(resolved, options)
    return resolved


def _check_filterable(expression: Any, options: Options) -> None:
    if not options.check_filterable or not is_expression(expression):
        return
    if not getattr(expression, "filterable", True):
        raise NotSupportedError(f"{type(expression).__name__} is disallowed in the filter clause.")
    for source in getattr(expression, "get_source_expressions", list)():
        _check_filterable(source, options)


# One keyword ---------------------------------------------------------------------------------------


def _keyword(
    query: "Query", keyword: str, child: Any, reuse: Any, options: Options
) -> tuple[Any, Any]:
    said = f"filter({keyword}=...)"
    parts = tuple(keyword.split("__"))
    annotation, rest = _annotation(query, parts)
    if annotation is not None:
        value = _value(query, child, reuse, options)
        _check_filterable(annotation, options)
        return _condition(query, annotation, rest, value, child, said), ()
    query.touched = set()
    value = _value(query, child, reuse, options)
    value_joins = {join for join in query.touched if join.parent is not None}
    if parts[0] in query.filtered_relations:
        path, way = query.way_to(parts, said, reuse)
    else:
        path = query.path(parts, said)
        if not options.allow_joins and path.hops:
            raise FieldError("Joined field references are not permitted in this query")
        if path.first_many >= 0 and options.branch_negated and options.split_subq:
            return _no_related(query, path, value, child, said), ()
        way = query.reach(path.hops, reuse)
    _check_related(path, value, child, said)
    if reuse is not None:
        reuse.update(way)
    column = query.column(path.field, way[-1])
    if path.relation is not None:
        check_relation_lookup(path, said)
    made = _condition(query, column, path.rest, value, child, said, path.relation)
    joins = {join for join in way if join.parent is not None} | value_joins
    return _guarded(query, made, path, way, value, joins, options)


def _guarded(
    query: "Query", made: Any, path: Path, way: list[Join], value: Any, joins: Any, options: Options
) -> tuple[Any, Any]:
    """Say which joins a condition needs, and let a negated one count null as not fitting."""
    is_null = isinstance(made, IsNull)
    needs_no_row = is_null and made.rhs is True and not options.negated
    clause: Any = made
    if options.negated and not (is_null and made.rhs is True):
        needs_no_row = True
        if not is_null:
            extra = []
            if _may_be_null(path.field, way[-1]):
                extra.append(IsNull(query.column(path.field, way[-1]), False))
            target = getattr(value, "target", None)
            if target is not None and _may_be_null(target, value.join):
                extra.append(IsNull(value, False))
            if extra:
                clause = Where([made, *extra])
    return clause, (() if needs_no_row else joins)


def _may_be_null(field: Any, join: Join) -> bool:
    return bool(field.null) or join.optional


def _annotation(query: "Query", parts: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
    """Return the annotation that the first parts name, and the other parts."""
    for number in range(len(parts), 0, -1):
        found = query.annotations.get("__".join(parts[:number]))
        if found is not None:
            return found, parts[number:]
    return None, parts


def _value(query: "Query", child: Any, reuse: Any, options: Options) -> Any:
    """Return the right side: an expression resolved, everything else as it is."""
    value = child.value if isinstance(child, Condition) else child[1]
    if isinstance(value, Iterator):
        raise TypeError(f"An iterator is no value to compare with: make it a list: {value!r}.")
    if is_expression(value):
        resolved = value.resolve_expression(query, options.allow_joins, reuse, options.summarize)
        _check_filterable(resolved, options)
        return resolved
    if isinstance(value, list | tuple) and any(is_expression(item) for item in value):
        made = [
            item.resolve_expression(query, options.allow_joins, reuse, options.summarize)
            if is_expression(item)
            else item
            for item in value
        ]
        return tuple(made) if isinstance(value, tuple) else made
    return value


def _condition(
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
        return _bound(lookup, lhs, value, child, relation)
    if is_query(value) and not is_expression(value):
        if getattr(lhs, "get_bilateral_transforms", list)():
            raise NotImplementedError(
                "Bilateral transformations on nested querysets are not implemented."
            )
        right = right_query(query, lhs, lookup.lookup_name, value, relation)
        return lookup(lhs, right)
    if value is None and not lookup.can_use_none_as_rhs:
        if lookup.lookup_name not in {"exact", "iexact"}:
            raise ValueError("Cannot use None as a query value")
        return IsNull(lhs, True)
    if is_expression(value) or not issubclass(lookup, BuiltinLookup):
        return lookup(lhs, value)
    return _bound(lookup, lhs, value, child, relation)


def _bound(lookup: Any, lhs: Any, value: Any, child: Any, relation: Any) -> Any:
    """Make the condition of one of our lookups and a plain value, which is bound."""
    field = lhs.output_field
    prepare = None
    if isinstance(child, Condition):  # it was prepared when the filter was written
        kind, made = child.kind, child.value
        if kind in {Kind.NOTHING, Kind.NOT_NULL}:  # and its kind is in the shape
            return Nothing() if kind is Kind.NOTHING else IsNull(lhs, False)
    else:
        converter = Related(relation, field) if relation is not None else field
        kind, made = lookup.prepare_value(converter, value)
        prepare = Preparing(lookup, converter, kind)
        if kind in {Kind.SCALAR, Kind.LIST}:
            made = value
    if kind is Kind.NULL:
        return IsNull(lhs, True)
    if kind is Kind.NOTHING:
        return _following_value(Nothing())
    if kind is Kind.NOT_NULL:
        return _following_value(IsNull(lhs, False))
    if kind is Kind.RAW:
        return lookup(lhs, made)
    return lookup(lhs, Bound(child, made, lookup.bound_field(field), prepare))


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
        kind, made = self.lookup.prepare_value(self.field, value)
        if kind is not self.kind:
            raise OtherKind
        return made


class OtherKind(Exception):  # noqa: N818 - not an error: the query is compiled anew
    """A value is of another kind than the one that the query was compiled for."""


def _following_value(condition: Any) -> Any:
    """Mark a condition that another value of the same kind would not have made."""
    condition.follows_value = True
    return condition


class Related:
    """Converts related objects to the keys that a relation compares.

    Args:
        relation: The relation.
        field: The field that is compared.
    """

    def __init__(self, relation: Any, field: Any) -> None:
        self.relation = relation
        self.field = field

    def __getattr__(self, name: str) -> Any:
        return getattr(self.field, name)

    def get_prep_value(self, value: Any) -> Any:
        """Convert an object, or its key.

        Raises:
            ValueError: It is of another model, or not saved.
        """
        return self.field.get_prep_value(self.key_of(value))

    def key_of(self, value: Any) -> Any:
        """Return the key of an object; another value as it is."""
        if not hasattr(value, "_meta"):
            return value
        related = self.relation.related_model
        if not isinstance(value, related._meta.concrete_model) and not issubclass(
            related._meta.concrete_model, value._meta.concrete_model
        ):
            raise ValueError(  # noqa: TRY004 - Django's class
                f'Cannot query "{value}": Must be "{related._meta.object_name}" instance.'
            )
        target = getattr(self.field, "target_field", self.field)
        while getattr(target, "remote_field", None) is not None and not hasattr(
            value, target.attname
        ):
            target = target.target_field
        key = getattr(value, target.attname) if hasattr(value, target.attname) else value.pk
        if key is None:
            raise ValueError(
                f"Model instances passed to related filters must be saved, but got an unsaved "
                f"{related._meta.object_name}."
            )
        return key


# Relations -----------------------------------------------------------------------------------------


def check_relation_lookup(path: Path, said: str) -> None:
    """Refuse what a relation cannot be compared by.

    Raises:
        FieldError: Something else than a lookup of relations follows its name.
    """
    if len(path.rest) > 1:
        raise FieldError(
            f"{said}: {path.rest[1]!r} cannot follow {path.rest[0]!r}: the relation "
            f"{path.relation.name!r} is compared as a whole. Related Field got invalid lookup: "
            f"{path.rest[0]}."
        )


def _check_related(path: Path, value: Any, child: Any, said: str) -> None:
    """Refuse a QuerySet of another model."""
    if path.relation is None or not is_query(value) or is_expression(value):
        return
    state = state_of(value)
    related = path.relation.related_model
    if state.columns is None and not _may_be(state.model, related):
        raise ValueError(
            f'Cannot use QuerySet for "{state.model._meta.object_name}": Use a QuerySet for '
            f'"{related._meta.object_name}".'
        )


def _may_be(model: Any, related: Any) -> bool:
    mine, other = model._meta.concrete_model, related._meta.concrete_model
    return issubclass(mine, other) or issubclass(other, mine)


def right_query(query: "Query", lhs: Any, lookup: str, queryset: Any, relation: Any = None) -> Any:
    """Resolve a QuerySet on the right side of a lookup.

    Raises:
        ValueError: ``exact`` got one that may find several rows.
    """
    from ...expressions.subqueries import Subquery

    state = state_of(queryset)
    if lookup == "exact" and not (state.stop is not None and state.stop - state.start == 1):
        raise ValueError(
            "The QuerySet value for an exact lookup must be limited to one result using slicing."
        )
    if state.columns is None and not state.annotation_names_selected:
        target = getattr(getattr(lhs, "target", None), "target_field", None)
        name = "pk"
        if relation is not None and target is not None and target.model is not None:
            owner = state.model._meta.concrete_model
            if issubclass(owner, target.model._meta.concrete_model):
                name = target.name
        state = state.step(Values((name,)), columns=(name,), form="tuples", related=False)
    elif state.columns is not None and len(state.columns) > 1 and not hasattr(lhs, "cols"):
        raise ValueError(
            f"The QuerySet value for the '{lookup}' lookup must have 1 selected fields "
            f"(received {len(state.columns)})"
        )
    if state.stop is None and not state.start:
        state = state.with_(order=(), default_order=False)
    return Subquery(state).resolve_expression(query)


def _no_related(query: "Query", path: Path, value: Any, child: Any, said: str) -> Any:
    """Resolve a negated condition on related rows: EXISTS one that fits, for the NOT before it.

    A related row that is missing altogether counts for ``isnull=True``.
    """
    from .query import Query

    first = path.first_many
    way = query.reach(path.hops[:first], None)
    hop = path.hops[first]
    inner = Query(hop.model, query.driver, outer=query)
    rest = path.hops[first + 1 :]
    inside = inner.reach(rest, set())
    column = inner.column(path.field, inside[-1])
    if path.relation is not None:
        check_relation_lookup(path, said)
    made = _condition(inner, column, path.rest, value, child, said, path.relation)
    missing = isinstance(made, IsNull) and made.rhs is True
    if missing:
        made = IsNull(column, False)
    inner.demote_joins(inside)
    inner.where.children.append(made)
    outer_column = query.column(hop.source, way[-1])
    inner.where.children.append(Exact(inner.column(hop.target, inner.base), outer_column))
    inner.correlated.append(outer_column)
    found = RelatedExists(inner)
    return Where([found], negated=True) if missing else found


class RelatedExists(Where):
    """Whether a related row fits.

    Args:
        inner: The query for such rows.
    """

    contains_subquery = True

    def __init__(self, inner: "Query") -> None:
        super().__init__()
        self.inner = inner

    def __bool__(self) -> bool:
        return True

    def copy(self) -> "RelatedExists":
        """Return a copy."""
        return RelatedExists(self.inner)

    def get_group_by_cols(self) -> list[Any]:
        """Return the outer query's columns that it refers to."""
        return list(self.inner.correlated)

    @property
    def identity(self) -> tuple[Any, ...]:
        """The inner query."""
        return (RelatedExists, id(self.inner))

    def build(self, compiler: Any) -> Any:
        """Return EXISTS."""
        return compiler.exists(self.inner)


# FilteredRelation ------------------------------------------------------------------------------------


def check_filtered(query: "Query", relation: Any) -> None:
    """Refuse a ``FilteredRelation`` of something that is no relation, and conditions far away."""
    parts = tuple(relation.relation_name.split("__"))
    said = f"FilteredRelation({relation.relation_name!r})"
    path = query.path(parts, said)
    if path.rest:
        raise ValueError(f"{said}: FilteredRelation's relation_name cannot contain lookups.")
    depth = len(parts)
    for keyword in _keywords(relation.condition):
        names = tuple(keyword.split("__"))
        found = follow(query.model, names, said)
        used = names[: len(names) - len(found.rest)]
        if len(used) - 1 > depth or (len(used) > 1 and used[:depth] != parts[: len(used) - 1]):
            raise ValueError(
                f"FilteredRelation's condition doesn't support nested relations deeper than the "
                f"relation_name (got {keyword!r} for {relation.relation_name!r})."
            )


def _keywords(node: Any) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, Q):
            yield from _keywords(child)
        elif isinstance(child, tuple):
            yield child[0]


def way_through_filtered(
    query: "Query",
    relation: Any,
    parts: tuple[str, ...],
    said: str,
    reuse: "set[Join] | None",
    *,
    whole: bool = False,
) -> tuple[Path, list[Join]]:
    """Follow names that begin with a ``FilteredRelation``, joining its relation under its name."""
    names = tuple(relation.relation_name.split("__"))
    relation_path = follow(query.model, names, said)
    hops = _whole_way(query.model, names)
    way = query.reach(hops[:-1], reuse)
    known = [j for j in query.joins if j.filtered == relation.alias]
    join = known[0] if known else query.join(way[-1], hops[-1], filtered=relation.alias)
    query.touched.add(join)
    if not known:
        join.condition = _filtered_condition(query, relation, names, join)
    end = relation_path.relation.related_model
    if len(parts) == 1:
        return Path(tuple(hops), end._meta.pk, relation_path.relation, ()), [*way, join]
    path = follow(end, parts[1:], said, whole=whole)
    full = path._replace(hops=(*hops, *path.hops))
    return full, [*way, *query.reach(path.hops, reuse, start=join)]


def _whole_way(model: Any, names: tuple[str, ...]) -> list[Any]:
    hops: list[Any] = []
    for name in names:
        found = model._meta.names[name]
        hops += hops_to_owner(model, found)
        hops += found.hops()
        model = found.related_model
    return hops


def _filtered_condition(query: "Query", relation: Any, names: tuple[str, ...], join: Join) -> Any:
    """Resolve the condition, whose names start at the model, with the relation's as the join."""
    prefix = "__".join(names) + "__"
    renamed = _renamed(relation.condition, prefix, relation.alias + "__")
    clause, _ = add_node(query, renamed, {join}, split_subq=False, promote=False)
    return clause


def _renamed(node: Any, prefix: str, alias: str) -> Any:
    children: list[Any] = []
    for child in node.children:
        if isinstance(child, Q):
            children.append(_renamed(child, prefix, alias))
        elif isinstance(child, tuple) and child[0].startswith(prefix):
            children.append((alias + child[0].removeprefix(prefix), child[1]))
        else:
            children.append(child)
    return Q.create(children, node.connector, node.negated)


def unknown_lookup(expression: Any, name: str, said: str) -> FieldError:
    """Make the error for a name that is neither a lookup nor a transform."""
    field = expression.output_field
    names = sorted(type(field).get_lookups())
    return FieldError(
        f'{said}: the {type(field).__name__} "{getattr(field, "name", "")}" has no lookup "{name}".'
        f"{nearest(name, names)}\n  Lookups: {', '.join(names)}."
    )
