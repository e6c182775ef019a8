"""Whether a query's order leaves no two rows equal.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#totally-ordered
"""

from typing import Any

from ..expressions import F, OrderBy


def is_total(queryset: Any) -> bool:
    """Say whether the sort keys of an ordered QuerySet hold a unique key without nulls."""
    meta = queryset.model._meta
    names = set()
    for key in queryset._state.ordering:
        name = _name(key)
        if name is None or name == "?":
            continue
        if name == "pk" or name in {meta.pk.name, meta.pk.attname}:
            return True
        found = meta.names.get(name)
        if found is not None and found.is_relation and name == found.name:
            continue  # its model's own ordering is what counts
        if found is not None and getattr(found, "concrete", False):
            if found.unique and not found.null:
                return True
            names.update({found.name, found.attname})
    keys = [*meta.unique_together, *(tuple(c.fields) for c in meta.total_unique_constraints)]
    pk_fields = [f.name for f in getattr(meta, "pk_fields", ())]
    return any(
        set(fields) <= names and not any(meta.get_field(name).null for name in fields)
        for fields in [*keys, pk_fields]
        if fields
    )


def reversed_key(key: Any) -> Any:
    """Return a sort key that orders the other way round."""
    if isinstance(key, OrderBy):
        return key.copy().reverse_ordering()
    if not isinstance(key, str):
        return OrderBy(key, descending=True)
    return key.removeprefix("-") if key.startswith(("-", "?")) else f"-{key}"


def _name(key: Any) -> str | None:
    if isinstance(key, str):
        return key.lstrip("-+")
    if isinstance(key, OrderBy):
        key = key.expression
    return key.name if isinstance(key, F) else None
