"""Checks of ``class Meta``: names of fields in indexes, constraints and ``unique_together``."""

from collections.abc import Iterable, Iterator
from typing import Any

from raystack import CheckMessage

from ...exceptions import nearest
from ...expressions import F
from ..constraints import CheckConstraint
from ..referenced_names import referenced_names
from .messages import error


def check_options(model: Any) -> Iterator[CheckMessage]:
    """Return what is wrong with unique_together, the indexes and the constraints."""
    yield from _unique_together(model)
    for index in model._meta.indexes:
        yield from _index_name(model, index)
        names = [*(name for name, _ in index.fields_orders), *index.include]
        yield from _local(model, names, f"the index {index.name}")
        yield from _referred(model, (*index.expressions, index.condition), "indexes")
    for constraint in model._meta.constraints:
        names = [*getattr(constraint, "fields", ()), *getattr(constraint, "include", ())]
        yield from _local(model, names, f"the constraint {constraint.name}")
        said = [_expression(given) for given in getattr(constraint, "expressions", ())]
        yield from _referred(model, [*said, getattr(constraint, "condition", None)], "constraints")
        if isinstance(constraint, CheckConstraint):
            yield from _joins(model, constraint)


def _expression(given: Any) -> Any:
    """Return an expression of a constraint; in one of PostgreSQL's it stands with an operator."""
    expression = given[0] if isinstance(given, tuple | list) else given
    return F(expression) if isinstance(expression, str) else expression


def _unique_together(model: Any) -> Iterator[CheckMessage]:
    given = model._meta.unique_together
    if not isinstance(given, list | tuple):
        message = f"{model._meta.label}: unique_together is a list or a tuple, and not {given!r}."
        yield error(model, "models.E010", message)
        return
    for names in given:
        if not isinstance(names, list | tuple):
            message = f"{model._meta.label}: an item of unique_together is {names!r}, and no list."
            yield error(model, "models.E011", message)
        else:
            yield from _local(model, names, "unique_together")


def _index_name(model: Any, index: Any) -> Iterator[CheckMessage]:
    name = index.name
    if name[:1] == "_" or name[:1].isdigit():
        message = f"The index name {name!r} begins with an underscore or a digit."
        yield error(model, "models.E033", message)
    if len(name) > index.max_name_length:
        message = f"The index name {name!r} is longer than {index.max_name_length} characters."
        yield error(model, "models.E034", message)


def _local(model: Any, names: Iterable[Any], where: str) -> Iterator[CheckMessage]:
    """Check names of the model's own columns."""
    meta = model._meta
    known = {name: f for f in meta.fields for name in (f.name, f.attname)}
    known |= {f.name: f for f in meta.many_to_many}
    if meta.pk is not None:
        known["pk"] = meta.pk
    for name in names:
        field = known.get(name)
        if field is None:
            yield _unknown(model, name, where, known)
        elif field.many_to_many:
            message = f"{meta.label}: {where} names {name}, a ManyToManyField, which has no column."
            yield error(model, "models.E013", message)
        elif field not in meta.local_fields:
            message = f"{meta.label}: {where} names {name}, which is in the table of {field.model}."
            yield error(model, "models.E016", message, "It cannot be of two tables.")


def _unknown(model: Any, name: Any, where: str, known: Iterable[str]) -> CheckMessage:
    close = nearest(str(name), known).strip()
    message = f"{model._meta.label}: {where} names {name!r}, which is no field of it."
    return error(model, "models.E012", message, close)


def _referred(model: Any, nodes: Iterable[Any], where: str) -> Iterator[CheckMessage]:
    """Check the first parts of the names in expressions and conditions."""
    meta = model._meta
    known = {"pk", *(name for f in meta.fields for name in (f.name, f.attname))}
    for node in nodes:
        for name in referenced_names(node):
            first = name.partition("__")[0]
            if first not in known:
                yield _unknown(model, first, f"an expression in {where}", known)


def _joins(model: Any, constraint: CheckConstraint) -> Iterator[CheckMessage]:
    fields = {name: f for f in model._meta.fields for name in (f.name, f.attname)}
    for name in referenced_names(constraint.condition):
        first, _, rest = name.partition("__")
        field = fields.get(first)
        if not rest or field is None or not field.is_relation:
            continue
        second = rest.partition("__")[0]
        if field.get_transform(second) is None and field.get_lookup(second) is None:
            message = f"{model._meta.label}: the constraint {constraint.name} reads {name}, which "
            yield error(model, "models.E041", f"{message}is in another table.")
