"""Building a schema: which of a model's fields it has, and what it is called."""

import warnings
from collections.abc import Collection, Iterator
from typing import Any, Literal, NamedTuple, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from ..exceptions import FieldError, nearest
from ..fields import FileField
from . import reading
from .types import input_type, limits_of, python_type, read_type
from .values import document

Kind = Literal["read", "create", "update"]
KINDS = ("read", "create", "update")


class Wanted(NamedTuple):
    """What a schema is asked to be; schemas are remembered by it."""

    kind: str
    include: tuple[str, ...] | None
    exclude: tuple[str, ...]
    depth: int
    properties: tuple[str, ...]
    from_attributes: bool
    name: str | None


class Part(NamedTuple):
    """A field of a schema.

    Args:
        name: What it is called there.
        type: Its type.
        info: Its default and what JSON Schema says of it.
        read: What reads it from an instance.
    """

    name: str
    type: Any
    info: Any
    read: reading.Read


def schema_of(
    model: Any,
    kind: Kind = "read",
    *,
    include: Collection[str] | None = None,
    exclude: Collection[str] = (),
    depth: int = 0,
    properties: Collection[str] = (),
    from_attributes: bool = True,
    name: str | None = None,
) -> type[BaseModel]:
    """Build a pydantic model of a model's fields, or return the one that was built before.

    Args:
        model: The model.
        kind: ``read``, ``create`` or ``update``.
        include: The only fields; all by default.
        exclude: Fields to leave out.
        depth: How many relations deep ``read`` has objects; 0 for keys.
        properties: The model's properties that ``read`` has too.
        from_attributes: It is made of instances too, not of dictionaries alone.
        name: Its name; made of the model's and the arguments by default.

    Raises:
        FieldError: There is no such field or property, or it cannot be in this kind of schema.
        ValueError: There is no such kind, or the depth is below 0.
    """
    if kind not in KINDS:
        raise ValueError(f'{model._meta.label}.schema("{kind}"): the kinds are read, create and '
                         f'update.{nearest(kind, KINDS)}')  # fmt: skip
    if depth < 0:
        raise ValueError(f"{model._meta.label}.schema(depth={depth}): the depth is 0 or more.")
    chosen = None if include is None else tuple(sorted(set(include)))
    wanted = Wanted(
        kind, chosen, tuple(sorted(set(exclude))), depth if kind == "read" else 0,
        tuple(properties), from_attributes, name,
    )  # fmt: skip
    known: dict[Any, type[BaseModel]] = model._meta.schemas
    if wanted not in known:
        known[wanted] = _build(model, wanted)
    return known[wanted]


def _build(model: Any, wanted: Wanted) -> type[BaseModel]:
    parts = list(_parts(model, wanted))
    read = {part.name: part.read for part in parts}

    def take(value: Any) -> Any:
        if isinstance(value, model):
            return {name: get(value) for name, get in read.items()}
        return value if wanted.kind == "read" else document(value)

    before: Any = model_validator(mode="before")(take)
    with warnings.catch_warnings():  # a field called "json" hides a deprecated method, and may
        warnings.filterwarnings("ignore", "Field name .* shadows", UserWarning)
        fields: dict[str, Any] = {part.name: (part.type, part.info) for part in parts}
        made: type[BaseModel] = create_model(
            wanted.name or _name(model, wanted),
            __config__=ConfigDict(from_attributes=wanted.from_attributes, protected_namespaces=()),
            __doc__=_description(model, wanted.kind),
            __module__=model.__module__,
            __validators__={"take_": before} if wanted.from_attributes or _is_input(wanted) else {},
            **fields,
        )
    return made


def _is_input(wanted: Wanted) -> bool:
    return wanted.kind != "read"


def _description(model: Any, kind: str) -> str:
    verbs = {"read": "as it is read", "create": "to be created", "update": "with what changes"}
    return f"{str(model._meta.verbose_name).capitalize()}, {verbs[kind]}."


def _name(model: Any, wanted: Wanted) -> str:
    """Make a name that no other schema of the model has, and that is the same tomorrow."""
    made = f"{model.__name__}{wanted.kind.title()}"
    made += f"Depth{wanted.depth}" if wanted.depth else ""
    made += "" if wanted.from_attributes else "Plain"
    made += "".join(f"_{name}" for name in wanted.include or ())
    made += "_without" + "".join(f"_{name}" for name in wanted.exclude) if wanted.exclude else ""
    made += "_with" + "".join(f"_{name}" for name in wanted.properties) if wanted.properties else ""
    return made


# Which fields ------------------------------------------------------------------------------------


def _parts(model: Any, wanted: Wanted) -> Iterator[Part]:
    _check_names(model, wanted)
    allowed = [field for field in _fields(model, wanted) if _reason(field, wanted) is None]
    for field in allowed:
        names = {field.name, getattr(field, "attname", field.name)}
        if names & set(wanted.exclude):
            continue
        if wanted.include is not None and not names & set(wanted.include):
            continue
        yield _part(field, wanted)
    for name in wanted.properties:
        yield _property(model, name)


def _fields(model: Any, wanted: Wanted) -> list[Any]:
    """Return the fields that may be meant; relations to many only where somebody asks for them."""
    meta = model._meta
    found = [f for f in meta.concrete_fields if f.name[0] != "_"]
    if wanted.kind == "read":
        found += meta.many_to_many if wanted.depth else ()
        asked = set(wanted.include or ())
        named = [meta.names.get(name) for name in sorted(asked) if name in meta.names]
        found += [f for f in named if f not in found and f.is_relation]
    return found


def _reason(field: Any, wanted: Wanted) -> str | None:
    """Say why a field cannot be in a schema; ``None`` where it can."""
    asked = field.name in (wanted.include or ())
    if wanted.kind == "read":
        hidden = field.auto_created and field.is_relation and field.concrete and not asked
        return "it links to the parent's row" if hidden else None
    if not field.concrete:
        return "it is of many objects; set() them on the instance"
    if field.auto_created or field.counts_up or field.generated:
        return "nobody but the database sets it"
    if not field.editable:
        return "it is not editable"
    if isinstance(field, FileField):
        return "a file is uploaded; take it as an UploadFile"
    if field.primary_key and not (asked and wanted.kind == "create"):
        return "it is the primary key"
    return None


def _check_names(model: Any, wanted: Wanted) -> None:
    meta = model._meta
    for name in (*(wanted.include or ()), *wanted.exclude):
        field = meta.names.get(name)
        if field is None or name == "pk":
            raise FieldError(
                f"{meta.label}.schema() names {name!r}, which is no field."
                f"{nearest(name, meta.field_names)}"
            )
        reason = _reason(field, wanted)
        if reason and name in (wanted.include or ()):
            raise FieldError(f"{meta.label}.{name} cannot be in a schema to {wanted.kind}: "
                             f"{reason}.")  # fmt: skip
    if wanted.properties and wanted.kind != "read":
        raise FieldError(f"{meta.label}: properties are read, not written.")
    for name in wanted.properties:
        if name not in meta.property_names:
            raise FieldError(
                f"{meta.label} has no property {name!r}.{nearest(name, meta.property_names)}"
            )


# One field ---------------------------------------------------------------------------------------


def _part(field: Any, wanted: Wanted) -> Part:
    if wanted.kind != "read":
        optional = {"default_factory": _none} if wanted.kind == "update" else _default(field)
        info = _info(field, limits_of(field), **optional)
        return Part(field.attname, input_type(field), info, reading.column(field))
    if field.is_relation and (wanted.depth or not field.concrete or field.many_to_many):
        return _relation(field, wanted)
    info = _info(field, limits_of(field))
    return Part(field.attname, read_type(field), info, reading.column(field))


def _relation(field: Any, wanted: Wanted) -> Part:
    name = field.name if field.concrete or field.many_to_many else field.get_accessor_name() or ""
    name = name or field.name
    if isinstance(field.related_model, str):
        raise FieldError(f"{field} leads to {field.related_model}, which is not defined yet.")
    meta = field.related_model._meta
    nested: Any = schema_of(field.related_model, depth=wanted.depth - 1) if wanted.depth else None
    info = _info(field, {})
    if field.many_to_many or field.one_to_many:
        kept = reading.related_objects(field, name, keys=not wanted.depth)
        inner: Any = nested or python_type(meta.pk)
        return Part(name, list[inner], info, kept)
    nullable = getattr(field, "null", True)
    found = nested or read_type(meta.pk)
    return Part(name, found | None if nullable else found, info,
                reading.related_object(field, name))  # fmt: skip


def _none() -> None:
    return None


def _default(field: Any) -> dict[str, Any]:
    """Return what a new object has where nothing is given; nothing where something must be."""
    if field.has_default() and not callable(field.default):
        return {"default": field.get_default()}
    if field.has_default():
        return {"default_factory": field.get_default}
    if field.has_db_default():
        return {"default_factory": _none}  # left unset, the database makes it
    if field.null:
        return {"default": None}
    if field.blank and field.empty_strings_allowed:
        return {"default": ""}
    return {}


def _info(field: Any, limits: dict[str, Any], **default: Any) -> Any:
    title = str(getattr(field, "verbose_name", "") or field.name)
    description = str(getattr(field, "help_text", "")) or None
    return Field(
        title=title[:1].upper() + title[1:],
        description=description,
        json_schema_extra=limits or None,
        **default,
    )


def _property(model: Any, name: str) -> Part:
    getter = getattr(model, name).fget if isinstance(getattr(model, name), property) else None
    hints = get_type_hints(getter) if getter is not None else {}
    text = (getattr(getter, "__doc__", None) or "").partition("\n")[0] or None
    return Part(name, hints.get("return", Any), Field(description=text), reading.attribute(name))
