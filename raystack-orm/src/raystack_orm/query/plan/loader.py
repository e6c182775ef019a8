"""Row loaders: functions, generated for a plan, that make instances or values of its rows.

An instance is made without calling ``__init__``: its attributes are stored one by one, in the
order in which the class was primed, which CPython does fastest. A class that overrides how its
instances are made gets ``from_db`` called instead, as Django does.
"""

from collections.abc import Callable, Sequence
from typing import Any

from ...databases import Driver
from ..operations.fetch_modes import Batch, FetchMode, default_mode
from ..resolve.select import Loaded, Selected

Load = Callable[[list[Any], str, FetchMode], list[Any]]


def make_loader(selected: Selected, form: str, driver: Driver, description: Sequence[Any]) -> Load:
    """Generate the loader of a plan.

    Args:
        selected: What the columns are.
        form: ``instances``, ``dicts``, ``tuples`` or ``flat``.
        driver: The database.
        description: The cursor's description of the columns: some types convert by what came.
    """
    names: dict[str, Any] = {"new": object.__new__}
    columns = []
    for index, field in enumerate(selected.fields):
        type_ = field.sa_type().dialect_impl(driver.dialect)
        process = type_.result_processor(driver.dialect, description[index][1])
        custom = getattr(field, "from_db_value", None)
        columns.append(f"r[{index}]")
        if process is not None:
            names[f"p{index}"] = process
            columns[-1] = f"p{index}(r[{index}])"
        if custom is not None:
            names[f"f{index}"] = custom
            columns[-1] = f"f{index}({columns[-1]}, None, None)"
    names["Batch"] = Batch
    if form == "instances":
        source = _instances(selected, columns, names)
    else:
        source = _values(form, columns, selected.names)
    namespace: dict[str, Any] = names
    # The source is made of numbers and of attribute names that Python accepted in a class body.
    exec(source, namespace)  # noqa: S102
    load: Load = namespace["load"]
    return load


def _values(form: str, columns: list[str], names: tuple[str, ...]) -> str:
    if form == "flat":
        row = columns[0]
    elif form == "tuples":
        row = f"({', '.join(columns)},)"
    else:
        row = "{" + ", ".join(f"{n!r}: {c}" for n, c in zip(names, columns, strict=True)) + "}"
    return f"def load(rows, alias, mode):\n    return [{row} for r in rows]\n"


def _instances(selected: Selected, columns: list[str], names: dict[str, Any]) -> str:
    loaded = selected.loaded
    batched = [number for number, entry in enumerate(loaded) if _can_load(entry)]
    lines = ["def load(rows, alias, mode):", "    made = []"]
    names["usual"] = default_mode()
    for number in range(len(loaded)):
        lines.append(f"    b{number}, m{number} = Batch(mode, alias), []")
        if number not in batched:
            lines.append(f"    if alias == 'default' and mode is usual: b{number} = None")
    lines.append("    for r in rows:")
    offset = 0
    for number, entry in enumerate(loaded):
        mine = columns[offset : offset + len(entry.fields)]
        key = offset + entry.fields.index(entry.model._meta.pk)
        offset += len(entry.fields)
        body = _one(number, entry, mine, names)
        if number in batched:
            body.append(f"m{number}.append(o{number})")
        if entry.parent < 0:
            lines += [f"        {line}" for line in body]
            lines += [
                f"        o0.{name} = {column}"
                for name, column in zip(
                    selected.names, columns[len(columns) - len(selected.names) :], strict=True
                )
            ]
            continue
        parent, via = f"o{entry.parent}", entry.via
        if entry.parent == 0:
            lines.append(f"        if r[{key}] is None:")
        else:  # its parent may be missing, and it with it
            lines.append(f"        if {parent} is None or r[{key}] is None:")
        lines.append(f"            o{number} = None")
        lines.append("        else:")
        lines += [f"            {line}" for line in body]
        lines.append(f"            {parent}.{via.cache_name} = ({parent}.{via.attname}, o{number})")
        if via.one_to_one:
            pair = f"(o{number}.{via.target_field.attname}, {parent})"
            lines.append(f"            o{number}.{via.rel.cache_name} = {pair}")
    lines.append("        made.append(o0)")
    lines += [f"    b{number}.join(m{number})" for number in batched]
    lines.append("    return made")
    return "\n".join(lines) + "\n"


def _one(number: int, entry: Loaded, columns: list[str], names: dict[str, Any]) -> list[str]:
    """Generate the lines that make one instance called ``o<number>``."""
    names[f"c{number}"] = entry.model
    if not is_plain(entry.model):
        names[f"n{number}"] = [field.attname for field in entry.fields]
        values = ", ".join(columns)
        return [
            f"o{number} = c{number}.from_db(alias, n{number}, [{values}])",
            f"o{number}._batch = b{number}",
        ]
    lines = [f"o{number} = new(c{number})"]
    lines += [
        f"o{number}.{field.attname} = {column}"
        for field, column in zip(entry.fields, columns, strict=True)
    ]
    lines.append(f"if b{number} is not None: o{number}._batch = b{number}")
    return lines


def _can_load(entry: Loaded) -> bool:
    """Say whether the instances can load anything for each other."""
    meta = entry.model._meta
    return len(entry.fields) < len(meta.concrete_fields) or any(
        found.is_relation if found.concrete else found.one_to_one
        for found in (*meta.concrete_fields, *meta.related_objects)
    )


def is_plain(model: Any) -> bool:
    """Say whether the class leaves it to the ORM how its instances are made."""
    base = model._meta.base
    return all(
        getattr(model, name) is getattr(base, name)
        for name in ("__init__", "__new__", "__setattr__")
    ) and (model.from_db.__func__ is base.from_db.__func__)
