"""Row loaders: functions, generated for a plan, that make instances or values of its rows.

An instance is made without calling ``__init__``: its attributes are stored one by one, in the
order in which the class was primed, which CPython does fastest. A class that overrides how its
instances are made gets ``from_db`` called instead, as Django does.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from functools import lru_cache
from inspect import signature
from keyword import iskeyword
from typing import Any

from ...databases import Driver
from ...expressions import Expression
from ...expressions.references import Col
from ...fields import Field
from ...signals import post_init, pre_init
from ..operations.fetch_modes import Batch, FetchMode, default_mode
from ..resolve.columns import Loaded
from ..resolve.select import Selected
from .inline import INLINED, inline

_FLOATS = Context(prec=15)  # the digits of a float that count

MOST_ROW_CLASSES = 1000  # names may come with requests

Load = Callable[[Sequence[Any], str, FetchMode], list[Any]]


def make_loader(selected: Selected, form: str, driver: Driver, description: Sequence[Any]) -> Load:
    """Generate the loader of a plan.

    Args:
        selected: What the columns are.
        form: ``instances``, ``dicts``, ``tuples``, ``named`` or ``flat``.
        driver: The database.
        description: The cursor's description of the columns: some types convert by what came.
    """
    names: dict[str, Any] = {
        "new": object.__new__,
        "Batch": Batch,
        "usual": default_mode,
        **INLINED,
    }
    columns: list[str] = []
    index = 0
    for expression in selected.expressions:
        parts = getattr(expression, "cols", None)
        sources = [
            _converted(index + n, part, driver, description[index + n][1], names)
            for n, part in enumerate(parts or (expression,))
        ]
        index += len(sources)
        columns.append(f"({', '.join(sources)})" if parts else sources[0])
    if form == "instances":
        source = _instances(selected, columns, names)
    else:
        source = _values(form, columns, selected, names)
    namespace: dict[str, Any] = names
    # The source is made of numbers and attribute names: fields', and those that _store() accepts.
    exec(source, namespace)  # noqa: S102
    load: Load = namespace["load"]
    return load


def _converted(
    index: int, expression: Any, driver: Driver, code: Any, names: dict[str, Any]
) -> str:
    """Return the source that converts a column."""
    field = expression._output_field_or_none
    source = f"r[{index}]"
    if field is None or type(field) is Field:
        return source
    process = _processor(expression, field, driver, code)
    inlined = None if process is None else inline(field.sa_type(), driver.vendor, source)
    if inlined is not None:
        source = inlined
    elif process is not None:
        names[f"p{index}"] = process
        source = f"p{index}({source})"
    custom = getattr(field, "from_db_value", None)
    if custom is not None:
        names[f"f{index}"], names[f"e{index}"] = custom, expression
        names.setdefault("connection", driver)
        source = f"f{index}({source}, e{index}, connection)"
    if type(expression).convert_value is not Expression.convert_value:
        names[f"v{index}"], names[f"e{index}"] = expression.convert_value, expression
        names.setdefault("connection", driver)
        source = f"v{index}({source}, e{index}, connection)"
    return source


def _processor(expression: Any, field: Any, driver: Driver, code: Any) -> Any:
    """Return what converts a value; of a computed one, less is known of how it comes."""
    computed = not isinstance(expression, Col)
    if computed:
        kind = field.get_internal_type()
        if kind == "DecimalField":
            return _to_decimal
        if kind == "FloatField":
            return _to_float
        if "IntegerField" in kind or "AutoField" in kind:
            return _to_int
    type_ = field.sa_type().dialect_impl(driver.dialect)
    return type_.result_processor(driver.dialect, code)


def _to_decimal(value: Any) -> Any:
    if value is None or isinstance(value, Decimal):
        return value
    return _FLOATS.create_decimal_from_float(value) if isinstance(value, float) else Decimal(value)


def _to_float(value: Any) -> Any:
    return None if value is None else float(value)


def _to_int(value: Any) -> Any:
    return None if value is None else int(value)


@lru_cache(MOST_ROW_CLASSES)
def row_class(names: tuple[str, ...]) -> Any:
    """Return the class of the rows of ``values_list(named=True)``, which can be pickled."""

    def reduce(self: Any) -> Any:
        return make_row, (names, tuple(self))

    made = namedtuple("Row", names)  # type: ignore[misc]  # noqa: PYI024 - made at run time
    made.__reduce__ = reduce  # type: ignore[method-assign]  # of a class made at run time
    return made


def make_row(names: tuple[str, ...], values: tuple[Any, ...]) -> Any:
    """Make a row of names and values again."""
    return row_class(names)(*values)


def _values(form: str, columns: list[str], selected: Selected, names: dict[str, Any]) -> str:
    columns = columns[len(columns) - len(selected.names) :]
    if form == "flat":
        row = columns[0]
    elif form == "tuples":
        row = f"({', '.join(columns)},)"
    elif form == "named":
        names["Row"] = row_class(selected.names)
        row = f"Row({', '.join(columns)})"
    else:
        pairs = zip(selected.names, columns, strict=True)
        row = "{" + ", ".join(f"{n!r}: {c}" for n, c in pairs) + "}"
    return f"def load(rows, alias, mode):\n    return [{row} for r in rows]\n"


def _instances(selected: Selected, columns: list[str], names: dict[str, Any]) -> str:
    lines = ["def load(rows, alias, mode):", "    made = []"]
    batched = [n for n, entry in enumerate(selected.loaded) if _can_load(entry)]
    if len(batched) < len(selected.loaded):
        lines.append("    plain = alias == 'default' and mode is usual()")
    for number in range(len(selected.loaded)):
        if number in batched:
            members = "made" if number == 0 else "[]"
            lines.append(f"    b{number}, m{number} = Batch(mode, alias), {members}")
        else:
            lines.append(f"    b{number} = None if plain else Batch(mode, alias)")
    lines.append("    for r in rows:")
    offset = 0
    for number, entry in enumerate(selected.loaded):
        mine = columns[offset : offset + len(entry.fields)]
        key = offset + _key_index(entry)
        offset += len(entry.fields)
        body = _one(number, entry, mine, names, batched=number in batched)
        if number in batched and number:
            body.append(f"m{number}.append(o{number})")
        if entry.parent < 0:
            lines += [f"        {line}" for line in body]
            continue
        parent = f"o{entry.parent}"
        if entry.parent == 0:
            lines.append(f"        if r[{key}] is None:")
        else:  # its parent may be missing, and it with it
            lines.append(f"        if {parent} is None or r[{key}] is None:")
        lines.append(f"            o{number} = None")
        lines.append("        else:")
        lines += [f"            {line}" for line in body]
        lines += _attached(number, entry, selected.loaded[entry.parent])
    lines += [
        f"        {_store('o0', name, column)}"
        for name, column in zip(selected.names, columns[offset:], strict=True)
    ]
    lines.append("        made.append(o0)")
    lines += [f"    b{number}.join(m{number})" for number in batched]
    lines.append("    return made")
    return "\n".join(lines) + "\n"


def _store(obj: str, name: str, value: str) -> str:
    """Return the statement that stores an annotation: its name may be anything."""
    if name.isascii() and name.isidentifier() and not iskeyword(name) and name != "__debug__":
        return f"{obj}.{name} = {value}"
    return f"setattr({obj}, {name!r}, {value})"


def _key_index(entry: Loaded) -> int:
    key = entry.model._meta.pk
    key = key.fields[0] if key.is_composite else key
    return entry.fields.index(key)


def _attached(number: int, entry: Loaded, to: Loaded) -> list[str]:
    """Generate the lines that let two related objects know each other."""
    via, child, parent = entry.via, f"o{number}", f"o{entry.parent}"
    guard = "" if entry.parent == 0 else f"if {parent} is not None: "
    key = via.cache_key_name
    if entry.name and entry.name != via.name:  # a FilteredRelation's
        lines = [f"        {guard}{_store(parent, entry.name, child)}"]
    else:
        known = f"{parent}.{key}"
        if via.concrete and via in to.model._meta.concrete_fields and via not in to.fields:
            guard = f"if {child} is not None: "  # the key was left out: it stands in the other row
            known = f"{child}.{via.target_field.attname}"
        lines = [f"        {guard}{parent}.{via.cache_name} = ({known}, {child})"]
    other = via.remote_field if issubclass(to.model, via.model) else None  # a way of several steps
    if (
        (via.one_to_one or via.one_to_many)
        and other is not None
        and not getattr(other, "hidden", False)
    ):
        lines.append(f"        if {child} is not None:")
        lines.append(
            f"            {child}.{other.cache_name} = ({child}.{other.cache_key_name}, {parent})"
        )
    return lines


def _one(
    number: int, entry: Loaded, columns: list[str], names: dict[str, Any], *, batched: bool
) -> list[str]:
    """Generate the lines that make one instance called ``o<number>``."""
    names[f"c{number}"] = entry.model
    if not is_plain(entry.model):
        names[f"n{number}"] = [field.attname for field in entry.fields]
        values = ", ".join(columns)
        mode = ", fetch_mode=mode" if takes_fetch_mode(entry.model) else ""
        return [
            f"o{number} = c{number}.from_db(alias, n{number}, [{values}]{mode})",
            f"o{number}._batch = b{number}",
            f"o{number}._state.fetch_mode = mode",
        ]
    lines = [f"o{number} = new(c{number})"]
    lines += [
        f"o{number}.{field.attname} = {column}"
        for field, column in zip(entry.fields, columns, strict=True)
    ]
    guard = "" if batched else f"if b{number} is not None: "
    lines.append(f"{guard}o{number}._batch = b{number}")
    return lines


def _can_load(entry: Loaded) -> bool:
    """Say whether the instances can load anything for each other."""
    meta = entry.model._meta
    return len(entry.fields) < len(meta.concrete_fields) or any(
        found.is_relation if found.concrete else found.one_to_one
        for found in (*meta.concrete_fields, *meta.related_objects)
    )


def takes_fetch_mode(model: Any) -> bool:
    """Say whether a model's ``from_db()`` is of a Django that has fetch modes."""
    parameters = signature(model.from_db).parameters.values()
    return any(p.name == "fetch_mode" or p.kind is p.VAR_KEYWORD for p in parameters)


def is_plain(model: Any) -> bool:
    """Say whether the class leaves it to the ORM how its instances are made."""
    if pre_init.has_listeners(model) or post_init.has_listeners(model):
        return False  # plans are forgotten when receivers come or go
    base = model._meta.base
    return all(
        getattr(model, name) is getattr(base, name)
        for name in ("__init__", "__new__", "__setattr__")
    ) and (model.from_db.__func__ is base.from_db.__func__)
