"""Objects by a unique field.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#in-bulk
"""

from collections.abc import Iterable
from operator import attrgetter, itemgetter
from typing import Any

from ...databases import connections
from .rows import USUAL_LIMIT


def in_bulk(queryset: Any, id_list: Iterable[Any] | None, field_name: str) -> dict[Any, Any]:
    """Return what a QuerySet finds, by a unique field: what has one of some keys, or all."""
    wanted = None if id_list is None else tuple(id_list)
    if wanted is not None and not wanted:
        return {}
    queryset, key_of, value_of = _keyed(queryset, field_name)
    if wanted is None:
        found: Any = queryset._chain()
    else:
        found = []
        limit = connections[queryset.db].driver.max_query_params or USUAL_LIMIT
        limit //= len(queryset.model._meta.pk_fields) if field_name == "pk" else 1
        for start in range(0, len(wanted), limit):
            chunk = queryset.filter(**{f"{field_name}__in": wanted[start : start + limit]})
            found += chunk._next(order=(), default_order=False)
    made = {key_of(obj): value_of(obj) for obj in found}
    if wanted is None:
        return made
    return {key: made[key] for key in wanted if key in made} if made.keys() <= {*wanted} else made


def _keyed(queryset: Any, name: str) -> tuple[Any, Any, Any]:
    """Return a QuerySet that finds the key too, and what takes key and value of a result."""
    state = queryset._state
    if state.form == "instances":
        return queryset, attrgetter(name), _same
    selected = _selected(queryset)
    if state.form == "dicts":
        if name in selected:
            return queryset, itemgetter(name), _same
        return queryset.values(name, *selected), itemgetter(name), lambda row: _without(row, name)
    if state.form == "flat":
        if selected == (name,):
            return queryset, _same, _same
        return queryset.values_list(name, *selected), itemgetter(0), itemgetter(1)
    if name in selected:
        return queryset, itemgetter(selected.index(name)), _same
    if state.form == "named":
        return queryset.values_list(name, *selected, named=True), itemgetter(0), _same
    return queryset.values_list(name, *selected), itemgetter(0), itemgetter(slice(1, None))


def _selected(queryset: Any) -> tuple[str, ...]:
    state = queryset._state
    names = state.columns or tuple(f.attname for f in queryset.model._meta.concrete_fields)
    return tuple(dict.fromkeys((*names, *state.annotation_names_selected)))


def _same(value: Any) -> Any:
    return value


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    del row[name]
    return row
