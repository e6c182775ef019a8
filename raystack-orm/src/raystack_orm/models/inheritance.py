"""What a model has from its parents: fields, parent links, options.

An abstract parent lends copies of its fields; one with a table is linked to, and its fields stay
where they are; a proxy has the table of what it stands for.

https://docs.djangoproject.com/en/stable/topics/db/models/#model-inheritance
"""

import copy
from typing import Any

from ..exceptions import FieldError
from ..fields import CASCADE, OneToOneField
from .preparation import add_attribute


def inherit_options(model: Any, inherited: Any, meta: Any) -> None:
    """Take ordering and get_latest_by from a parent with a table, and look at a proxy's.

    Raises:
        TypeError: A proxy stands for a model that was swapped.
    """
    if inherited is None or inherited.abstract:
        return
    for option in ("ordering", "get_latest_by"):
        if not hasattr(meta, option):
            setattr(model._meta, option, getattr(inherited, option))
    if model._meta.proxy and inherited.swapped:
        raise TypeError(f"{model.__name__} cannot proxy the swapped model '{inherited.swapped}'.")


def set_up_proxy(model: Any, parents: list[Any]) -> None:
    """Let a proxy stand for the one model with a table that it inherits from.

    Raises:
        TypeError: There is none, there are several, or an abstract one has fields.
    """
    base = None
    for parent in parents:
        meta = getattr(parent, "_meta", None)
        if meta is None:
            continue
        if meta.abstract:
            if meta.fields:
                raise TypeError(
                    f"The proxy model '{model.__name__}' inherits fields from the abstract "
                    f"{parent.__name__}, which it has no table for."
                )
        elif base is None:
            base = parent
        elif meta.concrete_model is not base._meta.concrete_model:
            raise TypeError(
                f"Proxy model '{model.__name__}' has more than one non-abstract model base class."
            )
    if base is None:
        raise TypeError(f"Proxy model '{model.__name__}' has no non-abstract model base class.")
    model._meta.pk = base._meta.pk
    model._meta.proxy_for_model = base
    model._meta.concrete_model = base._meta.concrete_model
    model._meta.db_table = base._meta.db_table


def inherit_fields(model: Any, parents: list[Any]) -> None:
    """Take the fields of parents, in the order of the class's resolution.

    Raises:
        FieldError: A field has the name of one that a parent with a table has.
    """
    links = _declared_links(model, parents)
    taken = _declared_names(model)
    hidden: set[str] = set()  # by what comes before in the order of resolution
    for base in model.__mro__:
        meta = getattr(base, "_meta", None)
        if base not in parents or meta is None:
            hidden |= set(vars(base))
            if meta is not None and base is not model:
                hidden |= {field.name for field in meta.local_fields}
        elif meta.abstract:
            _copy_fields(model, meta, taken, hidden)
        else:
            _refuse_clashes(model, base, taken)
            hidden |= {field.name for field in (*meta.local_fields, *meta.local_many_to_many)}
            _link(model, meta.concrete_model, links, taken)
        if base in parents and meta is not None:
            _copy_private(model, meta, taken, hidden)
    own = {field.name: field for field in model._meta.local_fields}
    for parent, link in model._meta.parents.items():
        if link is not None and link.model._meta.abstract:
            model._meta.parents[parent] = own.get(link.name, link)  # the copy of it


def _declared_names(model: Any) -> set[str]:
    meta = model._meta
    declared = (*meta.local_fields, *meta.local_many_to_many, *meta.private_fields)
    return {field.name for field in declared}


def _declared_links(model: Any, parents: list[Any]) -> dict[Any, Any]:
    """Return the parent links that the model or its abstract parents declare, by the parent."""
    links: dict[Any, Any] = {}
    for base in reversed([model, *parents]):
        meta = getattr(base, "_meta", None)
        if meta is None or (base is not model and not meta.abstract):
            continue
        for field in meta.local_fields:
            if isinstance(field, OneToOneField) and field.remote_field.parent_link:
                to = field.to
                links[_label(model, to)] = field
    return links


def _label(model: Any, to: Any) -> str:
    """Return the label of a model, or of the one that a name means in another."""
    if not isinstance(to, str):
        return str(to._meta.label_lower)
    return to.lower() if "." in to else f"{model._meta.app_label}.{to.lower()}"


def _refuse_clashes(model: Any, base: Any, taken: set[str]) -> None:
    for field in (*base._meta.local_fields, *base._meta.local_many_to_many):
        if field.name in taken:
            raise FieldError(
                f"Local field '{field.name}' in class '{model.__name__}' clashes with field of the "
                f"same name from base class '{base.__name__}', which has a table of its own."
            )


def _link(model: Any, parent: Any, links: dict[Any, Any], taken: set[str]) -> None:
    """Link a model to a parent with a table: by the field that it declares, or by one made here."""
    meta = model._meta
    field = links.get(parent._meta.label_lower)
    if field is None and not meta.proxy:
        name = f"{parent._meta.model_name}_ptr"
        if name in taken:
            raise FieldError(
                f"{model.__name__}.{name} has the name of the field that links the model to its "
                f"parent {parent.__name__}. Rename it, or let it be a "
                f"OneToOneField({parent.__name__}, parent_link=True)."
            )
        options: Any = {"name": name, "auto_created": True}
        field = OneToOneField(parent, on_delete=CASCADE, parent_link=True, **options)
        add_attribute(model, name, field)
    meta.parents[parent] = field


def _copy_fields(model: Any, meta: Any, taken: set[str], hidden: set[str]) -> None:
    """Copy an abstract parent's fields, and take over its parents."""
    parents = dict(meta.parents)
    for field in (*meta.local_fields, *meta.local_many_to_many):
        if field.name in taken or field.name in vars(model) or field.name in hidden:
            continue
        made = copy.deepcopy(field)
        add_attribute(model, field.name, made)
        hidden.add(field.name)  # from parents that come later
        for parent, link in parents.items():
            if link is field:
                parents[parent] = made
    model._meta.parents.update(parents)


def _copy_private(model: Any, meta: Any, taken: set[str], hidden: set[str]) -> None:
    """Copy fields that every class has for itself."""
    for field in meta.private_fields:
        if field.name in taken:
            if not meta.abstract:
                _refuse_clashes(model, meta.model, taken)
        elif field.name not in vars(model) and field.name not in hidden:
            made = copy.deepcopy(field)
            if not meta.abstract:
                made.mti_inherited = True
            add_attribute(model, field.name, made)
