"""What a query selects: the columns of its model and of related ones, or values."""

from typing import TYPE_CHECKING, Any, NamedTuple

from ...exceptions import FieldDoesNotExist, FieldError, nearest
from ...fields.relations import Hop
from .paths import hops_to_owner

if TYPE_CHECKING:
    from .joins import Join
    from .query import Query

MAX_DEPTH = 5


class Loaded(NamedTuple):
    """A model whose columns are in the rows.

    Args:
        model: The model.
        fields: Its fields, in the order of the columns.
        parent: The index of the entry that it is related to; -1 for the query's own model.
        via: The relation from there.
        name: The name that it is remembered under, for a ``FilteredRelation``.
    """

    model: Any
    fields: tuple[Any, ...]
    parent: int = -1
    via: Any = None
    name: str = ""


def select_names(query: "Query", names: tuple[str, ...]) -> None:
    """Select values: fields and annotations by their names.

    Raises:
        FieldError: A name is unknown.
    """
    wanted = names or tuple(field.attname for field in query.model._meta.concrete_fields)
    query.columns = [
        (name, query.resolve_ref(name)) for name in wanted if name not in query.annotations
    ]
    query.value_names = wanted
    if names:
        query.selected = {name for name in names if name in query.annotations}


def values_of(query: "Query") -> list[tuple[str, Any]]:
    """Return names and expressions of what ``values()`` selects, in the order it was asked for."""
    columns = dict(query.columns or ())
    found = []
    for name in query.value_names:
        if name in columns:
            found.append((name, columns[name]))
        elif name in query.selected:
            found.append((name, query.annotations[name]))
    known = {name for name, _ in found}
    found += [
        (name, annotation)
        for name, annotation in query.annotations.items()
        if name in query.selected and name not in known
    ]
    return found


class Mask:
    """Which fields of a model, and of the models it leads to, are loaded.

    Args:
        names: Paths of fields, taken apart.
        defer: They are the ones that are left out.
    """

    def __init__(self, names: set[tuple[str, ...]], defer: bool) -> None:
        self.names = names
        self.defer = defer

    def fields(self, model: Any, related: set[str]) -> tuple[Any, ...]:
        """Return the fields of a model that are loaded.

        Args:
            model: The model.
            related: The relations that are loaded in the same query.

        Raises:
            FieldError: A relation is left out and loaded at once.
        """
        meta = model._meta
        first = {name[0] for name in self.names if len(name) == 1}
        fields, keys = meta.concrete_fields, meta.pk_fields
        if not self.names:
            return tuple(fields)
        if self.defer:
            for name in first & related:
                raise FieldError(
                    f"Field {meta.object_name}.{name} cannot be both deferred and traversed using "
                    f"select_related at the same time."
                )
            return tuple(f for f in fields if f in keys or not {f.name, f.attname} & first)
        roots = first | {name[0] for name in self.names}
        chosen = tuple(f for f in fields if f in keys or {f.name, f.attname} & roots)
        for name in related:
            field = meta.names.get(name)
            if getattr(field, "concrete", False) and field not in chosen:
                raise FieldError(
                    f"Field {meta.object_name}.{name} cannot be both deferred and traversed using "
                    f"select_related at the same time."
                )
        return chosen

    def below(self, name: str) -> "Mask":
        """Return what counts for the model that a relation leads to."""
        inside = {path[1:] for path in self.names if path[0] == name and len(path) > 1}
        if not self.defer and (name,) in self.names and not inside:
            return Mask(set(), True)  # only("author") with select_related: all of it
        return Mask(inside, self.defer if inside else True)


def mask_of(query: "Query") -> Mask:
    """Return which fields ``defer()`` and ``only()`` leave."""
    names, defer = query.state.deferred
    paths = {tuple(name.split("__")) for name in names}
    for path in paths:
        _check_path(query, path)
    return Mask(paths, defer)


def _check_path(query: "Query", path: tuple[str, ...]) -> None:
    """Refuse a path that ``defer()`` or ``only()`` cannot follow.

    Raises:
        FieldDoesNotExist: A part is no field.
        FieldError: A part leads nowhere.
    """
    model = query.model
    for part in path:
        if model is None:
            raise FieldError(f"{'__'.join(path)}: what comes before {part!r} is no relation.")
        relation = query.filtered_relations.get(part)
        if relation is not None:
            model = query.path(tuple(relation.relation_name.split("__")), part).relation
            model = model.related_model
            continue
        _check_name(model._meta, part)
        found = model._meta.pk if part == "pk" else model._meta.names[part]
        model = found.related_model if found.is_relation else None


def _check_name(meta: Any, name: str) -> None:
    if name != "pk" and name not in meta.names:
        raise FieldDoesNotExist(
            f"{meta.object_name} has no field named '{name}'.{nearest(name, meta.field_names)}"
        )


def instances_of(query: "Query") -> tuple[list[Loaded], list[Any]]:
    """Return the models whose instances come out, and the columns of all of them."""
    loaded: list[Loaded] = []
    columns: list[Any] = []
    _load(query, loaded, columns, query.model, query.base, _tree(query), mask_of(query))
    return loaded, columns


def _load(
    query: "Query",
    loaded: list[Loaded],
    columns: list[Any],
    model: Any,
    join: "Join",
    tree: dict[str, Any],
    mask: Mask,
    parent: int = -1,
    via: Any = None,
    name: str = "",
) -> None:
    fields = mask.fields(model, set(tree) if query.state.related is not True else set())
    index = len(loaded)
    if via is not None and not via.concrete and not mask.defer and mask.names:
        fields = tuple(
            f for f in model._meta.concrete_fields if f in fields or f is via.remote_field
        )
    loaded.append(Loaded(model, fields, parent, via, name))
    columns += [
        query.column(field, _owner(query, join, hops_to_owner(model, field))) for field in fields
    ]
    for inner, below in tree.items():
        filtered = query.filtered_relations.get(inner) if parent < 0 else None
        if filtered is not None:
            path, way = query.way_to((inner,), f"select_related({inner!r})", None)
            relation = path.relation
        else:
            relation = model._meta.names[inner]
            hops = [*hops_to_owner(model, relation), *relation.hops()]
            way = query.reach(hops, None, start=join)
        _load(
            query, loaded, columns, relation.related_model, way[-1], below,
            mask.below(inner), index, relation, inner if filtered is not None else "",
        )  # fmt: skip


def _owner(query: "Query", join: "Join", hops: list[Hop]) -> "Join":
    """Return the join of an inherited field's table, which may be where the child's came from."""
    while hops and join.parent is not None and join.hop is not None:
        if (join.hop.source, join.hop.target) != (hops[0].target, hops[0].source):
            break
        join, hops = join.parent, hops[1:]
    return query.reach(hops, None, start=join)[-1]


def _tree(query: "Query") -> dict[str, Any]:
    """Return the relations that are loaded too, as a tree of names."""
    related = query.state.related
    if related is True:
        return _required(query.model, 1)
    tree: dict[str, Any] = {}
    for path in related or ():
        here = tree
        for name in path:
            here = here.setdefault(name, {})
    return tree


def _required(model: Any, depth: int) -> dict[str, Any]:
    if depth > MAX_DEPTH:
        return {}
    found = {}
    for field in model._meta.concrete_fields:
        link = getattr(field.remote_field, "parent_link", False) if field.is_relation else False
        if field.is_relation and not field.null and not link:
            found[field.name] = _required(field.related_model, depth + 1)
    return found


def check_related(model: Any, names: tuple[str, ...], extra: set[str]) -> None:
    """Refuse names that ``select_related()`` cannot follow.

    Raises:
        FieldError: A name is unknown, or leads to many objects.
    """
    for name in names:
        here = model
        for number, part in enumerate(name.split("__")):
            if number == 0 and part in extra:
                break
            found = here._meta.names.get(part)
            if found is None or not found.is_relation or found.many_to_many or found.one_to_many:
                choices = [
                    n
                    for n, f in here._meta.names.items()
                    if f.is_relation and (f.many_to_one or f.one_to_one) and f.name == n
                ]
                raise FieldError(
                    f'select_related("{name}"): {here.__name__} has no relation to one object '
                    f'called "{part}".{nearest(part, choices)} '
                    f"There are: {', '.join(sorted(choices)) or 'none'}."
                )
            here = found.related_model
