"""``raystack inspectdb``: models of the tables that a database has, to begin with."""

import keyword
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any

import typer
from sqlalchemy import Inspector, inspect, types
from sqlalchemy.dialects.mysql import TINYINT
from sqlalchemy.exc import SAWarning

from ..databases import DEFAULT, connections
from .inspected_columns import computed_columns, json_columns

HEAD = '''"""Models of the tables of a database, as `raystack inspectdb` found them.

Order them, rename them, and look at each on_delete. managed = False leaves the tables alone.
"""

from raystack_orm import models
'''


def inspectdb(
    tables: Annotated[
        list[str] | None, typer.Argument(help="The only tables; else all of them.")
    ] = None,
    database: Annotated[str, typer.Option("--database", help="The alias.")] = DEFAULT,
    include_views: Annotated[
        bool, typer.Option("--include-views", help="With models of views.")
    ] = False,
) -> None:
    """Print a module of models for the tables of a database."""
    print(HEAD)
    print("\n".join(models_of(database, tables or [], include_views=include_views)))


def models_of(database: str, tables: list[str], *, include_views: bool = False) -> list[str]:
    """Return the lines of the models."""
    engine = connections.driver(database).engine()
    try:
        inspector = inspect(engine)
        views = inspector.get_view_names() if include_views or tables else []
        known = [*inspector.get_table_names(), *views]
        chosen = [name for name in sorted(known) if not tables or name in tables]
        with warnings.catch_warnings():  # the models have a comment on each type that is not known
            warnings.simplefilter("ignore", SAWarning)
            found = [_read(inspector, name) for name in chosen]
    finally:
        engine.dispose()
    classes = _class_names(chosen)
    return [line for table in found for line in _model(table, classes)]


@dataclass
class Table:
    """What a database says of a table."""

    name: str
    columns: list[dict[str, Any]]
    primary_key: list[str]
    foreign_keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    unique: list[list[str]] = field(default_factory=list)


def _read(inspector: Inspector, name: str) -> Table:
    columns: list[Any] = list(inspector.get_columns(name))
    computed = computed_columns(inspector, name) if inspector.dialect.name == "sqlite" else {}
    of_json = json_columns(inspector, name)
    for column in columns:
        if column["name"] in computed:  # SQLAlchemy's reading of the text may be another column's
            column["computed"]["sqltext"] = computed[column["name"]]
        if column["name"] in of_json:
            column["type"] = types.JSON()
    key = inspector.get_pk_constraint(name).get("constrained_columns") or []
    single = [fk for fk in inspector.get_foreign_keys(name) if len(fk["constrained_columns"]) == 1]
    unique = [one["column_names"] for one in inspector.get_unique_constraints(name)]
    # SQLite's indexes say more than what SQLAlchemy reads from the text of CREATE TABLE.
    automatic: Any = {"include_auto_indexes": True} if inspector.dialect.name == "sqlite" else {}
    unique += [
        [str(column) for column in index["column_names"]]
        for index in inspector.get_indexes(name, **automatic)
        if index["unique"] and None not in index["column_names"]
        and not {"postgresql_where", "sqlite_where"} & index.get("dialect_options", {}).keys()
    ]  # fmt: skip
    distinct = [
        list(one) for one in dict.fromkeys(tuple(names) for names in unique) if list(one) != key
    ]
    by_column: dict[str, Any] = {fk["constrained_columns"][0]: fk for fk in single}
    return Table(name, columns, list(key), by_column, distinct)


# Names -------------------------------------------------------------------------------------------


def _class_names(tables: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for table in tables:
        words = re.split(r"[^0-9A-Za-z]+", table)
        name = "".join(word[:1].upper() + word[1:] for word in words) or "Table"
        found[table] = _free(f"Table{name}" if name[0].isdigit() else name, set(found.values()))
    return found


def _field_name(column: str, taken: set[str], *, relation: bool) -> str:
    """Return an attribute's name that Python and queries accept."""
    name = column.lower()
    if relation and name.endswith("_id"):
        name = name.removesuffix("_id")
    name = re.sub(r"_{2,}", "_", re.sub(r"\W", "_", name, flags=re.ASCII)).strip("_") or "field"
    if name[0].isdigit():
        name = f"number_{name}"
    if keyword.iskeyword(name) or name in {"pk", "objects", "check"}:
        name = f"{name}_field"
    return _free(name, taken)


def _free(name: str, taken: set[str]) -> str:
    number, found = 1, name
    while found in taken:
        number, found = number + 1, f"{name}_{number + 1}"
    return found


# Models ------------------------------------------------------------------------------------------


def _model(table: Table, classes: dict[str, str]) -> Iterator[str]:
    yield ""
    yield f"class {classes[table.name]}(models.Model):"
    names: dict[str, str] = {}
    for column in table.columns:
        foreign = table.foreign_keys.get(column["name"])
        known = foreign is not None and foreign["referred_table"] in classes
        names[column["name"]] = _field_name(
            column["name"], {*names.values(), *(f"{n}_id" for n in names.values())}, relation=known
        )
    if len(table.primary_key) > 1:
        parts = ", ".join(repr(names[column]) for column in table.primary_key)
        yield f"    pk = models.CompositePrimaryKey({parts})"
    for column in table.columns:
        yield from _field(table, column, names[column["name"]], classes)
    yield ""
    yield "    class Meta:"
    yield "        managed = False"
    yield f"        db_table = {table.name!r}"
    together = [tuple(names[c] for c in one) for one in table.unique if len(one) > 1]
    if together:
        yield f"        unique_together = {tuple(together)!r}"
    yield ""


def _field(
    table: Table, column: dict[str, Any], name: str, classes: dict[str, str]
) -> Iterator[str]:
    kind, options, note = _kind(column)
    only_key = table.primary_key == [column["name"]]
    foreign = table.foreign_keys.get(column["name"])
    attname = name
    first: list[str] = []
    if only_key:
        options["primary_key"] = True
    unique = [column["name"]] in table.unique
    if foreign is not None and foreign["referred_table"] in classes:
        kind = "OneToOneField" if unique or only_key else "ForeignKey"
        first = [repr(_target(table, foreign, classes)), "models.DO_NOTHING"]
        options = {k: v for k, v in options.items() if k == "primary_key"}
        attname, note = f"{name}_id", ""
        options["related_name"] = "+"
    elif unique and not only_key:
        options["unique"] = True
    elif only_key and _counts(column):
        kind = {"BigIntegerField": "BigAutoField", "SmallIntegerField": "SmallAutoField"}.get(
            kind, "AutoField"
        )
    if column.get("computed"):
        kind, options = "GeneratedField", _computed(column["computed"], kind, options)
    elif column["nullable"] and column["name"] not in table.primary_key:
        options.update(null=True, blank=True)
    if column["name"] != attname:
        options["db_column"] = column["name"]
    arguments = ", ".join([*first, *_written(options)])
    yield f"    {name} = models.{kind}({arguments}){f'  # {note}' if note else ''}"


class Source(str):
    """Source text that stands in the module as it is."""

    __slots__ = ()

    __repr__ = str.__str__


def _written(options: dict[str, Any]) -> list[str]:
    return [f"{key}={value!r}" for key, value in options.items()]


def _computed(computed: dict[str, Any], kind: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a GeneratedField, whose values are of another field's kind."""
    own: dict[str, Any] = {"unique": options.pop("unique")} if "unique" in options else {}
    sql = str(computed["sqltext"]).replace("%", "%%")
    return {
        "expression": Source(f"models.expressions.RawSQL({sql!r}, ())"),
        "output_field": Source(f"models.{kind}({', '.join(_written(options))})"),
        "db_persist": bool(computed.get("persisted", True)),
        **own,
    }


def _target(table: Table, foreign: dict[str, Any], classes: dict[str, str]) -> str:
    referred = foreign["referred_table"]
    return "self" if referred == table.name else classes[str(referred)]


def _counts(column: dict[str, Any]) -> bool:
    """Say whether the database counts a primary key up."""
    found = column["type"]
    if column.get("autoincrement", "auto") == "auto" and not column.get("default"):
        return type(found) is types.INTEGER  # SQLite tells nothing, and counts these alone
    said = column.get("autoincrement") is True or bool(column.get("identity"))
    counted = str(column.get("default") or "").startswith("nextval(")
    return isinstance(found, types.Integer) and (said or counted)


# The first that fits.
KINDS: tuple[tuple[Any, str], ...] = (
    (types.Boolean, "BooleanField"),
    (types.BigInteger, "BigIntegerField"),
    (types.SmallInteger, "SmallIntegerField"),
    (types.Integer, "IntegerField"),
    (types.Float, "FloatField"),
    (types.Numeric, "DecimalField"),
    (types.DateTime, "DateTimeField"),
    (types.Date, "DateField"),
    (types.Time, "TimeField"),
    (types.Interval, "DurationField"),
    (types.Uuid, "UUIDField"),
    (types.JSON, "JSONField"),
    (types.LargeBinary, "BinaryField"),
    (types.Text, "TextField"),
    (types.String, "CharField"),
)
BY_NAME = {
    "INET": "GenericIPAddressField",
    "INET4": "GenericIPAddressField",
    "INET6": "GenericIPAddressField",
    "INTERVAL": "DurationField",
    "UUID": "UUIDField",
}


def _kind(column: dict[str, Any]) -> tuple[str, dict[str, Any], str]:
    """Return the field's class, its options, and a comment where it is a guess."""
    found: Any = column["type"]
    options: dict[str, Any] = {}
    if isinstance(found, TINYINT) and found.display_width == 1:
        return "BooleanField", options, ""
    name = type(found).__name__.upper()
    kind = BY_NAME.get(name) or next((k for base, k in KINDS if isinstance(found, base)), "")
    if not kind:
        return "TextField", options, f"This is a guess: the column's type is {found!r}."
    if kind == "CharField" and found.length is None:
        kind = "TextField"
    elif kind == "CharField":
        options["max_length"] = found.length
    elif kind == "DecimalField" and found.precision is not None:
        options.update(max_digits=found.precision, decimal_places=found.scale or 0)
    elif kind == "GenericIPAddressField" and name == "INET4":
        options["protocol"] = "ipv4"
    return kind, options, ""
