"""Negated conditions on related rows: no row fits, rather than a row that does not."""

from typing import TYPE_CHECKING, Any

from ...lookups import IsNull
from .comparing import make_condition
from .paths import Path
from .related_values import check_relation_lookup
from .where import Where

if TYPE_CHECKING:
    from .joins import Join
    from .query import Query


def no_related(
    query: "Query", path: Path, value: Any, child: Any, said: str, reuse: "set[Join] | None"
) -> Any:
    """Resolve a negated condition on related rows: EXISTS one that fits, for the NOT before it.

    A related row that is missing altogether counts for ``isnull=True``. Where the related row is
    joined already and this condition speaks of the same one, it is that row which must not fit.
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
    made = make_condition(inner, column, path.rest, value, child, said, path.relation)
    missing = isinstance(made, IsNull) and made.rhs is True
    if missing:
        made = IsNull(column, False)
    inner.demote_joins(inside)
    inner.where.children.append(made)
    same = next((j for j in reuse or () if j.joins_as(way[-1], hop, None)), None)
    target = hop.target if same is None else hop.model._meta.pk
    outer_column = query.column(*((hop.source, way[-1]) if same is None else (target, same)))
    correlated = inner.column(target, inner.base)
    inner.where.children.append(correlated.get_lookup("exact")(correlated, outer_column))
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
