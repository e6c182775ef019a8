"""Values of relations: objects, their keys, and QuerySets that find them."""

from typing import TYPE_CHECKING, Any

from ...databases import connections
from ...exceptions import FieldError
from ...lookups.kinds import is_expression, is_query, state_of
from ..state import Values
from .paths import Path

if TYPE_CHECKING:
    from .query import Query


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
        if not _may_be(value._meta.model, related) and not _is_key_of(self.relation, value):
            raise ValueError(
                f'Cannot query "{value}": Must be "{related._meta.object_name}" instance.'
            )
        target = getattr(self.field, "target_field", self.field)
        while getattr(target, "remote_field", None) is not None and not hasattr(
            value, target.attname
        ):
            target = target.target_field
        key = getattr(value, target.attname) if hasattr(value, target.attname) else value.pk
        if key is None or (target.is_composite and None in key):
            raise ValueError(
                f"Model instances passed to related filters must be saved, but got an unsaved "
                f"{related._meta.object_name}."
            )
        return key


def check_relation_lookup(path: Path, said: str) -> None:
    """Refuse what a relation cannot be compared by.

    Raises:
        FieldError: Something else than a lookup or a transform of relations follows its name.
    """
    if len(path.rest) > 1 and path.field.get_transform(path.rest[0]) is None:
        raise FieldError(
            f"{said}: {path.rest[1]!r} cannot follow {path.rest[0]!r}: the relation "
            f"{path.relation.name!r} is compared as a whole. Related Field got invalid lookup: "
            f"{path.rest[0]}."
        )


def check_related(path: Path, value: Any, child: Any, said: str) -> None:
    """Refuse a QuerySet of another model."""
    if path.relation is None or not is_query(value) or is_expression(value):
        return
    state = state_of(value)
    related = path.relation.related_model
    if (
        state.columns is None
        and not _may_be(state.model, related)
        and not _is_key_of(path.relation, state)
    ):
        raise ValueError(
            f'Cannot use QuerySet for "{state.model._meta.object_name}": Use a QuerySet for '
            f'"{related._meta.object_name}".'
        )


def _may_be(model: Any, related: Any) -> bool:
    mine, other = model._meta.concrete_model, related._meta.concrete_model
    return issubclass(mine, other) or issubclass(other, mine)


def _is_key_of(relation: Any, found: Any) -> bool:
    """Say whether the relation is the key of a model, whose objects then stand for it too."""
    model = found.model if hasattr(found, "steps") else found._meta.model
    own = relation.model._meta.concrete_model
    return bool(relation.concrete and relation.primary_key and model._meta.concrete_model is own)


def right_query(query: "Query", lhs: Any, lookup: str, queryset: Any, relation: Any = None) -> Any:
    """Resolve a QuerySet on the right side of a lookup.

    Raises:
        ValueError: ``exact`` got one that may find several rows, or another database is asked.
    """
    from ...expressions.subqueries import Subquery

    state = state_of(queryset)
    if state.using and query.driver is not None:
        _check_database(query, state.using)
    if lookup == "exact" and not (state.stop is not None and state.stop - state.start == 1):
        raise ValueError(
            "The QuerySet value for an exact lookup must be limited to one result using slicing."
        )
    if state.columns is None:
        target = getattr(getattr(lhs, "target", None), "target_field", None)
        name = "pk"
        if relation is not None and target is not None and target.model is not None:
            owner = state.model._meta.concrete_model
            if issubclass(owner, target.model._meta.concrete_model):
                name = target.name
        state = state.step(Values((name,)), columns=(name,), form="tuples", related=False)
    elif state.columns:
        wanted = len(getattr(lhs, "cols", None) or "1")
        keys = len(state.model._meta.pk_fields)
        received = sum(keys if name == "pk" else 1 for name in state.columns)
        if received != wanted:
            raise ValueError(
                f"The QuerySet value for the '{lookup}' lookup must have {wanted} selected fields "
                f"(received {received})"
            )
    state = state.unsorted()
    return Subquery(state).resolve_expression(query)


def _check_database(query: "Query", alias: str) -> None:
    if connections[alias].driver is not query.driver:
        raise ValueError(
            f"A query cannot look into the database {alias}, which is not the one that it runs on. "
            f"Run the inner query first: list(inner_query)."
        )
