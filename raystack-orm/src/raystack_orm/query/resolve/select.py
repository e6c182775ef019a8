"""States to SELECT statements, and what their columns are."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, func, literal_column, select

from ...databases import Driver
from ...exceptions import FieldError, nearest
from ...expressions import Expression
from ...expressions.base import OrderBy
from ...fields import Field
from ..state import State
from .names import resolve_path
from .statement import Binds, Resolver

MAX_DEPTH = 5


class Loaded(NamedTuple):
    """A model whose columns are in the rows.

    Args:
        model: The model.
        fields: Its fields, in the order of the columns.
        parent: The index of the entry that refers to it; -1 for the query's own model.
        via: The parent's field that refers to it.
    """

    model: Any
    fields: tuple[Field[Any], ...]
    parent: int = -1
    via: Any = None


class Selected(NamedTuple):
    """A SELECT statement and what its columns are."""

    statement: Select[Any]
    loaded: tuple[Loaded, ...]  # for instances
    fields: tuple[Field[Any], ...]  # of each column
    names: tuple[str, ...]  # of each column, for values()


def select_rows(state: State, driver: Driver) -> Selected:
    """Resolve a query for rows: instances or values."""
    resolver = Resolver(state.model, driver)
    where = resolver.where(state.where)
    if state.form == "instances":
        loaded, columns = _instances(state, resolver)
        fields = tuple(field for entry in loaded for field in entry.fields)
        for _, hops, field in state.extra:
            table = resolver.joins.reach(hops, None, required=True)
            columns.append(table.c[field.column].label(f"extra_{len(columns)}"))
            fields = (*fields, field)
        names: tuple[str, ...] = tuple(name for name, _, _ in state.extra)
    else:
        loaded = ()
        names, fields, columns = _values(state, resolver)
    statement = select(*columns).where(*where)
    return Selected(_finish(statement, state, resolver), loaded, fields, names)


def _instances(
    state: State, resolver: Resolver
) -> tuple[tuple[Loaded, ...], list[ColumnElement[Any]]]:
    fields = state.loaded or state.model._meta.concrete_fields
    loaded = [Loaded(state.model, fields)]
    columns = [resolver.joins.root.c[field.column] for field in fields]
    index: dict[tuple[str, ...], int] = {(): 0}
    for path in state.related:
        for depth in range(1, len(path) + 1):
            way = path[:depth]
            if way in index:
                continue
            via = _foreign_key(loaded[index[way[:-1]]].model, way[-1])
            related = via.related_model
            hops = tuple(_foreign_key_hops(state.model, way))
            table = resolver.joins.reach(hops, None, required=False)
            index[way] = len(loaded)
            loaded.append(Loaded(related, related._meta.concrete_fields, index[way[:-1]], via))
            columns += [table.c[field.column] for field in related._meta.concrete_fields]
    return tuple(loaded), columns


def _foreign_key(model: Any, name: str) -> Any:
    field = model._meta.names.get(name)
    if field is None or not field.is_relation or not field.concrete:
        known = [f.name for f in model._meta.concrete_fields if f.is_relation]
        raise FieldError(
            f'select_related("{name}"): {model.__name__} has no such ForeignKey.'
            f"{nearest(name, known)} ForeignKeys of {model.__name__}: {', '.join(known) or 'none'}."
        )
    return field


def _foreign_key_hops(model: Any, way: tuple[str, ...]) -> Any:
    for name in way:
        field = _foreign_key(model, name)
        yield from field.hops()
        model = field.related_model


def related_paths(model: Any, names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Resolve the arguments of ``select_related()``; none mean every ForeignKey without null.

    Raises:
        FieldError: One of them is no ForeignKey.
    """
    if not names:
        return tuple(_required_paths(model, ()))
    paths = [tuple(name.split("__")) for name in names]
    for path in paths:
        list(_foreign_key_hops(model, path))
    return tuple(paths)


def _required_paths(model: Any, before: tuple[str, ...]) -> Any:
    for field in model._meta.concrete_fields:
        if field.is_relation and not field.null and len(before) < MAX_DEPTH:
            yield (*before, field.name)
            yield from _required_paths(field.related_model, (*before, field.name))


def _values(
    state: State, resolver: Resolver
) -> tuple[tuple[str, ...], tuple[Field[Any], ...], list[ColumnElement[Any]]]:
    names = state.columns or tuple(f.attname for f in state.model._meta.concrete_fields)
    paths = [resolve_path(state.model, name, f'values("{name}")', whole=True) for name in names]
    columns: list[ColumnElement[Any]] = [
        resolver.column(path).label(f"c{i}") for i, path in enumerate(paths)
    ]
    return names, tuple(path.field for path in paths), columns


def _finish(statement: Select[Any], state: State, resolver: Resolver) -> Select[Any]:
    """Add what comes after WHERE, in the order in which ``shape_of`` takes the values."""
    ordering = [
        key
        for entry in state.ordering
        for key in _sort_keys(entry, state.model, resolver, flip=state.reverse)
    ]
    if state.distinct:
        statement = statement.distinct()
        if resolver.joins:
            # PostgreSQL wants the sort keys among the columns of SELECT DISTINCT.
            extra = [key.element for key in ordering if hasattr(key, "element")]
            known = set(statement.selected_columns)
            statement = statement.add_columns(*(c for c in extra if c not in known))
    statement = statement.select_from(resolver.joins.from_clause()).order_by(*ordering)
    if state.stop is not None:
        statement = statement.limit(resolver.binds.next(Integer()))
    if state.start:
        statement = statement.offset(resolver.binds.next(Integer()))
    return statement


def _sort_keys(
    entry: Any, model: Any, resolver: Resolver, *, flip: bool, prefix: str = ""
) -> list[Any]:
    if isinstance(entry, (OrderBy, Expression)):
        node = entry.expression if isinstance(entry, OrderBy) else entry
        descending = isinstance(entry, OrderBy) and entry.descending
        column = resolver.expression(node, None)
        return [column.desc() if descending != flip else column.asc()]
    if entry == "?":
        return [func.random()]
    name = entry.lstrip("-+")
    descending = entry.startswith("-") != flip
    said = f'order_by("{entry}")'
    path = resolve_path(resolver.model, prefix + name, said, whole=True)
    relation = path.relation
    by_relation = relation is not None and name.split("__")[-1] == relation.name
    related = relation.related_model if relation is not None and by_relation else None
    if related is not None and related._meta.ordering and not prefix:
        return [
            key
            for inner in related._meta.ordering
            for key in _sort_keys(inner, related, resolver, flip=descending, prefix=f"{name}__")
        ]
    column = resolver.column(path)
    return [column.desc() if descending else column.asc()]


def check_order(model: Any, names: tuple[Any, ...]) -> None:
    """Check the arguments of ``order_by()``.

    Raises:
        FieldError: A name is unknown.
        TypeError: An argument is neither a name nor an expression.
    """
    for entry in names:
        if isinstance(entry, (OrderBy, Expression)):
            node = entry.expression if isinstance(entry, OrderBy) else entry
            for name in node.names():
                resolve_path(model, name, f"order_by(F({name!r}))", whole=True)
        elif not isinstance(entry, str):
            raise TypeError(f"order_by() takes names and expressions, not {entry!r}.")
        elif entry != "?":
            name = entry[1:] if entry[:1] in {"-", "+"} else entry
            resolve_path(model, name, f'order_by("{entry}")', whole=True)


def subquery(state: State, driver: Driver, binds: Binds) -> Select[Any]:
    """Resolve a query inside of another: one column, by default the primary key."""
    resolver = Resolver(state.model, driver, binds)
    where = resolver.where(state.where)
    names = state.columns or ("pk",)
    path = resolve_path(state.model, names[0], "a QuerySet in a filter", whole=True)
    statement = select(resolver.column(path)).where(*where)
    if not state.is_sliced:
        state = state.with_(order=())
    return _finish(statement, state, resolver)


def select_count(state: State, driver: Driver) -> Select[Any]:
    """Resolve ``count()``."""
    if state.distinct or state.is_sliced:
        if not state.is_sliced:
            state = state.with_(order=())
        inner = select_rows(state, driver).statement
        return select(func.count()).select_from(inner.subquery())
    resolver = Resolver(state.model, driver)
    where = resolver.where(state.where)
    return select(func.count()).select_from(resolver.joins.from_clause()).where(*where)


def select_exists(state: State, driver: Driver) -> Select[Any]:
    """Resolve ``exists()``: one row at most."""
    resolver = Resolver(state.model, driver)
    where = resolver.where(state.where)
    statement: Select[Any] = select(literal_column("1")).where(*where)
    return _finish(statement, state.with_(order=(), distinct=False), resolver)
