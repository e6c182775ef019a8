"""Making an instance: values by position or by name, and defaults for the rest."""

from typing import TYPE_CHECKING, Any, NamedTuple

from ..exceptions import FieldDoesNotExist, nearest
from .state import DEFERRED

if TYPE_CHECKING:  # which use these
    from .options import Options

MISSING: Any = object()


class Given(NamedTuple):
    """How a field of a new instance gets its value.

    Args:
        attname: The attribute.
        name: The field's name, under which a relation takes an object.
        is_relation: Whether it takes one.
        make: Makes the default; ``None`` where it is always the same.
        default: The default that is always the same.
    """

    attname: str
    name: str
    is_relation: bool
    make: Any
    default: Any


def given_fields(meta: "Options") -> tuple[Given, ...]:
    """Return how the fields of a new instance get their values."""
    return tuple(
        Given(f.attname, f.name, f.is_relation, *_default(f))
        for f in meta.fields
        if f.concrete and not f.generated
    )


def _default(field: Any) -> tuple[Any, Any]:
    ours = type(field).get_default.__module__.startswith("raystack_orm.")
    if ours and not callable(field.default) and not field.has_db_default():
        return None, field.get_default()
    return field.get_default, None


def construct(
    instance: Any, meta: "Options", args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    """Give a new instance its values.

    Raises:
        IndexError: There are more values than fields.
        TypeError: A name is unknown, or a value is given twice.
    """
    rest = _by_position(instance, meta, args, kwargs) if args else meta.given_fields
    if not kwargs:
        for attname, _, _, make, default in rest:
            setattr(instance, attname, default if make is None else make())
        return
    for attname, name, is_relation, make, default in rest:
        if attname in kwargs:
            value = kwargs.pop(attname)
        elif is_relation and name in kwargs:
            attname = name  # the descriptor takes the object, and its key
            value = kwargs.pop(name)
        else:
            value = default if make is None else make()
        if value is not DEFERRED:
            setattr(instance, attname, value)
    if kwargs:
        _set_others(instance, meta, kwargs)


def _by_position(
    instance: Any, meta: "Options", args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Given, ...]:
    """Set the values that come in the order of the fields; return what is left."""
    names = meta.attnames
    if len(args) > len(names):
        raise IndexError(
            f"{meta.object_name}() got {len(args)} values, but has {len(names)} fields."
        )
    if kwargs:
        _refuse_twice(meta, args, kwargs)
    for name, value in zip(names, args, strict=False):
        if value is not DEFERRED:
            setattr(instance, name, value)
    if len(args) == len(names):
        return ()
    done = names[: len(args)]
    return tuple(given for given in meta.given_fields if given.attname not in done)


def _refuse_twice(meta: "Options", args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    for field, value in zip(meta.concrete_fields, args, strict=False):
        if field.name in kwargs and value is not DEFERRED:
            raise TypeError(
                f"{meta.object_name}() got both positional and keyword arguments for field "
                f"'{field.name}'."
            )


def _set_others(instance: Any, meta: "Options", kwargs: dict[str, Any]) -> None:
    """Set properties, and what else a model has a name for."""
    unknown = []
    for name, value in kwargs.items():
        if name not in meta.property_names:
            try:
                meta.get_field(name)
            except FieldDoesNotExist:
                unknown.append(name)
                continue
        if value is not DEFERRED:
            setattr(instance, name, value)
    if unknown:
        raise TypeError(
            f"{meta.object_name}() got unexpected keyword arguments: "
            f"{', '.join(map(repr, unknown))}.{nearest(unknown[0], meta.init_names)}\n"
            f"  Fields of {meta.object_name}: "
            f"{', '.join(field.name for field in meta.concrete_fields)}."
        )
