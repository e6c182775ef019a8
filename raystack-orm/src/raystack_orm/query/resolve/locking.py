"""Row locks: SELECT ... FOR UPDATE.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#select-for-update
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from ...exceptions import FieldError, NotSupportedError

if TYPE_CHECKING:
    from .query import Query


class Lock(NamedTuple):
    """The options of ``select_for_update()``."""

    nowait: bool = False
    skip_locked: bool = False
    of: tuple[str, ...] = ()
    no_key: bool = False


def lock_rows(query: "Query", statement: Any, lock: Lock) -> Any:
    """Add FOR UPDATE to a SELECT.

    Raises:
        NotSupportedError: The database has not the option that was asked for.
    """
    driver = query.driver
    for asked, supported, name in (
        (lock.nowait, driver.has_select_for_update_nowait, "NOWAIT"),
        (lock.skip_locked, driver.has_select_for_update_skip_locked, "SKIP LOCKED"),
        (bool(lock.of), driver.has_select_for_update_of, "FOR UPDATE OF"),
        (lock.no_key, driver.has_select_for_no_key_update, "FOR NO KEY UPDATE"),
    ):
        if asked and not supported:
            raise NotSupportedError(f"{name} is not supported on this database backend.")
    return statement.with_for_update(
        nowait=lock.nowait,
        skip_locked=lock.skip_locked,
        of=[_table(query, name) for name in lock.of] or None,
        key_share=lock.no_key,
    )


def _table(query: "Query", name: str) -> Any:
    if name == "self":
        return query.base.table
    parts = tuple(name.split("__"))
    known = (
        [".".join(path) for path in query.state.related or ()]
        if query.state.related is not True
        else []
    )
    try:
        path, way = query.way_to(parts, f"select_for_update(of={name!r})", None)
    except FieldError:
        relation = None
    else:
        relation = path.relation if _is_followed(query, parts, path.relation) else None
    if relation is None:
        raise FieldError(
            f"Invalid field name(s) given in select_for_update(of=(...)): {name}. Only relational "
            f"fields followed in the query are allowed. Choices are: self"
            f"{''.join(', ' + n.replace('.', '__') for n in known)}."
        )
    hops = relation.hops()
    joined = (
        query.reach([*path.hops, *[h for h in hops if h not in path.hops]], None) if hops else way
    )
    return joined[-1].table


def _is_followed(query: "Query", parts: tuple[str, ...], relation: Any) -> bool:
    """Say whether the rows of a relation are in the query: those of a parent always are."""
    related = query.state.related
    if related is True or getattr(getattr(relation, "rel", None), "parent_link", False):
        return True
    return any(path[: len(parts)] == parts for path in related or ())
