"""The rows that the reference of settings has to have, from the sections themselves."""

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from raystack import Kernel


class Row(NamedTuple):
    """A setting as the page shows it."""

    owner: str
    name: str
    kind: str
    default: str
    description: str

    def __str__(self) -> str:
        """Write the row of the table."""
        return f"| `{self.name}` | `{self.kind}` | `{self.default}` | {self.description} |"


def rows() -> Iterator[Row]:
    """Yield the settings of all sections of ours, in order."""
    kernel = Kernel()
    kernel.register()
    from raystack import CoreSettings

    results = kernel.hooks.call("raystack_settings")
    sections = [(result.plugin.distribution, result.value) for result in results]
    sections.insert(0, ("raystack-core", CoreSettings))
    for owner, section in sections:
        if owner.startswith("raystack-"):
            for name, field in section.model_fields.items():
                yield Row(owner, name, _kind(field), _default(field), _text(field))


def _kind(field: FieldInfo) -> str:
    return _name(field.annotation)


def _name(annotation: Any) -> str:
    """Write a type as one would in code, without what pydantic adds to it."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is type(None):
        return "None"
    if origin is Annotated:
        return _name(arguments[0])
    if origin is Union or origin is UnionType:
        return " or ".join(_name(argument) for argument in arguments)
    if origin is Literal:
        return " or ".join(map(repr, arguments))
    name = getattr(origin or annotation, "__name__", str(annotation))
    inside = ", ".join("..." if a is Ellipsis else _name(a) for a in arguments)
    return f"{name}[{inside}]" if inside else name


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "computed"
    return repr(field.default).replace("|", "\\|")


def _text(field: FieldInfo) -> str:
    return (field.description or "").replace("|", "\\|")
