"""The values of an instance for its row, by a function that is generated once for some fields.

Most values of most instances are of the type that their field stores as it is. The function takes
those straight from the instance, and asks the field for all others. An expression has to be built
into the statement: ``Computed`` says that the general way has to be taken.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ...configuration import configuration
from ...fields import (
    AutoField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    Field,
    FloatField,
    ForeignKey,
    IntegerField,
)

Extract = Callable[[Any], list[Any]]


class Computed(Exception):
    """A value is an expression, or is not loaded.

    Args:
        saved: What ``pre_save()`` returned so far: it is asked once for each time of saving.
    """

    def __init__(self, saved: Mapping[Any, Any] | None = None) -> None:
        super().__init__()
        self.saved = saved or {}


def make_extract(fields: Sequence[Any], connection: Any, *, adding: bool = True) -> Extract:
    """Generate the function that returns the prepared values of an instance's row.

    Args:
        fields: The fields, in the order of the values.
        connection: What fields are told of the database.
        adding: The row is new.
    """
    names: dict[str, Any] = {"Computed": Computed, "datetime": datetime, "adding": adding}
    lines = ["def extract(o):", "    d = o.__dict__", "    try:"]
    for index, field in enumerate(fields):
        names[f"f{index}"] = _preparing(field, connection)
        lines += [f"        {line}" for line in _value(index, field, names, connection)]
    values = ", ".join(f"v{index}" for index in range(len(fields)))
    lines += [
        f"        return [{values}]",
        "    except (KeyError, Computed):",
        "        raise Computed(saved(locals())) from None",
    ]
    asked = {f"s{index}": field for index, field in enumerate(fields)}
    names["saved"] = lambda found: {asked[n]: found[n] for n in asked.keys() & found.keys()}
    # The source is made of numbers and of attribute names that Python accepted in a class body.
    exec("\n".join(lines) + "\n", names)  # noqa: S102
    extract: Extract = names["extract"]
    return extract


def _value(index: int, field: Any, names: dict[str, Any], connection: Any) -> list[str]:
    """Generate the lines that find and prepare one value."""
    variable = f"v{index}"
    if not _is_saved_as_it_is(field):
        names[f"save{index}"] = field.pre_save
        found = f"s{index} = {variable} = save{index}(o, adding)"
    else:
        found = f"{variable} = d[{field.attname!r}]"
    condition = _condition(variable, field)
    if isinstance(_referred(field), AutoField) and not connection.driver.allows_auto_pk_0:
        condition = f"{variable} == 0 or {condition}"
    return [found, f"if {condition}: {variable} = f{index}({variable})"]


def _is_saved_as_it_is(field: Any) -> bool:
    """Say whether saving has no part in a field's value."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return False
    return type(field).pre_save in {Field.pre_save, DateField.pre_save}


def _condition(variable: str, field: Any) -> str:
    """Return when a value has to be prepared."""
    if not _prepares_as_ours(field):
        return "True"
    field = _referred(field)
    for kind, name in ((IntegerField, "int"), (FloatField, "float"), (BooleanField, "bool")):
        if type(field).get_prep_value is kind.get_prep_value and _prepares_as_ours(field):
            return f"type({variable}) is not {name} and {variable} is not None"
    kind = type(field)
    if kind is DateTimeField:
        aware = "is not None" if configuration().use_tz else "is None"
        plain = f"type({variable}) is datetime and {variable}.tzinfo {aware}"
        return f"not ({plain}) and {variable} is not None"
    if kind.get_prep_value is CharField.get_prep_value and kind.to_python is CharField.to_python:
        plain = f"type({variable}) is str and {variable}.isascii() and '\\0' not in {variable}"
        return f"not ({plain}) and {variable} is not None"
    return "True"


def _referred(field: Any) -> Any:
    """Return the field whose values a foreign key has; any other field as it is."""
    while isinstance(field, ForeignKey):
        field = field.target_field
    return field


def _prepares_as_ours(field: Any) -> bool:
    kind = type(field)
    base: Any = ForeignKey if isinstance(field, ForeignKey) else Field
    return (
        kind.get_db_prep_save is base.get_db_prep_save
        and kind.get_db_prep_value in {base.get_db_prep_value, AutoField.get_db_prep_value}
        and kind.get_prep_value.__module__.startswith("raystack_orm.")
    )


def _preparing(field: Any, connection: Any) -> Callable[[Any], Any]:
    def prepare(value: Any) -> Any:
        if hasattr(value, "resolve_expression"):
            raise Computed
        return field.get_db_prep_save(value, connection)

    return prepare
