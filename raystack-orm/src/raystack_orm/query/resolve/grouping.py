"""Groups: by what the rows of a query with aggregates are grouped.

Django's rules: ``annotate()`` after ``values()`` groups by the values; without it, by the model's
rows. Every selected column that is no aggregate is grouped by too, as SQL demands.
"""

from typing import TYPE_CHECKING, Any

from ...expressions.references import Col, Ref

if TYPE_CHECKING:
    from .query import Query


def group_by_annotations(query: "Query", *, by_name: bool = True) -> None:
    """Group by what is selected now.

    Args:
        query: The query.
        by_name: Annotations that are no aggregates are grouped by under their names.
    """
    groups: list[Any] = [expression for _, expression in query.columns or ()]
    for name, annotation in query.annotations.items():
        if name not in query.selected:
            continue
        columns = annotation.get_group_by_cols()
        if not columns:
            continue
        if by_name and not annotation.contains_aggregate:
            groups.append(Ref(name, annotation))
        else:
            groups += columns
    query.group_by = tuple(groups)


def regroup(query: "Query", names: tuple[str, ...]) -> None:
    """Keep the groups that a query has while ``values()`` changes what comes out."""
    if query.group_by is True:
        fields = query.model._meta.concrete_fields
        columns = [(field.attname, query.resolve_ref(field.attname)) for field in fields]
        before, query.columns = query.columns, columns
        group_by_annotations(query, by_name=False)
        query.columns = before
    elif query.group_by:
        query.group_by = tuple(
            query.annotations[e.refs] if isinstance(e, Ref) and e.refs not in names else e
            for e in query.group_by
        )


def group_by(query: "Query", selected: list[Any], order: list[Any], having: Any) -> list[Any]:
    """Return the expressions to group by; none where the query has no groups."""
    if query.group_by is None:
        return []
    groups: list[Any] = []
    if query.group_by is not True:
        groups += query.group_by
    named = {e.source.identity for e in groups if isinstance(e, Ref)}
    groups = [e.source if isinstance(e, Ref) else e for e in groups]
    for expression in selected:
        if expression.identity not in named:  # what is grouped by as a whole is in the groups
            groups += expression.get_group_by_cols()
    for key in order:
        if not isinstance(key.expression, Ref):  # what is selected is in the groups
            groups += key.get_group_by_cols()
    if having is not None:
        groups += having.get_group_by_cols()
    unique: dict[Any, Any] = {}
    for expression in (part for e in groups for part in getattr(e, "cols", None) or (e,)):
        expression = expression.source if isinstance(expression, Ref) else expression
        if isinstance(expression, Col) and expression.join not in query.joins:
            continue  # the outer query's: a constant here
        unique.setdefault(expression.identity, expression)
    return _by_keys(query, list(unique.values()))


def _by_keys(query: "Query", groups: list[Any]) -> list[Any]:
    """Group by a table's key instead of all its columns, where the database knows what follows."""
    if not query.driver.allows_group_by_selected_pks:
        return groups
    keys = {
        id(e.join)
        for e in groups
        if isinstance(e, Col) and e.target.primary_key and e.target.model._meta.managed
    }
    return [
        e
        for e in groups
        if not isinstance(e, Col) or e.target.primary_key or id(e.join) not in keys
    ]
