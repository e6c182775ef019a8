"""``raystack dumpdata``: the rows of models as a fixture."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from ..databases import DEFAULT
from ..exceptions import ImproperlyConfigured
from ..registry import apps
from ..serialization import in_order_of_natural_keys, record_of, relations_of

FORMATS = ("json", "jsonl")
ROWS_AT_ONCE = 2000


def dumpdata(
    labels: Annotated[
        list[str] | None, typer.Argument(help="Apps (blog) and models (blog.Article); else all.")
    ] = None,
    output: Annotated[str, typer.Option("--output", "-o", help="Write to this file.")] = "",
    format: Annotated[str, typer.Option("--format", help="json or jsonl.")] = "",  # noqa: A002
    indent: Annotated[int | None, typer.Option("--indent", help="Spaces of indentation.")] = None,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", "-e", help="An app or model to leave out.")
    ] = None,
    database: Annotated[str, typer.Option("--database", help="The alias.")] = DEFAULT,
    pks: Annotated[str, typer.Option("--pks", help="Primary keys of one model: 1,2,3.")] = "",
    natural_foreign: Annotated[
        bool, typer.Option("--natural-foreign", help="Relations have natural keys.")
    ] = False,
    natural_primary: Annotated[
        bool, typer.Option("--natural-primary", help="Objects with natural keys have no other.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", "-a", help="With what the default managers hide.")
    ] = False,
) -> None:
    """Write the rows of models as JSON that ``raystack loaddata`` reads."""
    models = chosen(labels or [], exclude or [])
    if pks and (len(models) != 1 or len(labels or []) != 1):
        raise ImproperlyConfigured("--pks is for one model: raystack dumpdata blog.Article --pks 1")
    records = (
        record_of(one, natural_foreign=natural_foreign, natural_primary=natural_primary)
        for model in models
        for one in _rows(
            model, database, pks, everything=everything, natural_foreign=natural_foreign
        )
    )
    kind = format or (Path(output).suffix[1:] if Path(output).suffix[1:] in FORMATS else "json")
    if kind not in FORMATS:
        raise ImproperlyConfigured(f"--format {kind}: the formats are json and jsonl.")
    if not output:
        write(records, sys.stdout, kind, indent)
        return
    partial = Path(f"{output}.partial")
    try:
        with partial.open("w", encoding="utf-8") as file:
            write(records, file, kind, indent)
        partial.replace(output)  # a file that was there stays until the new one is whole
    finally:
        partial.unlink(missing_ok=True)


def chosen(labels: list[str], exclude: list[str]) -> list[Any]:
    """Return models by labels of apps and models, in the order that natural keys need.

    Raises:
        LookupError: There is no such app or model.
    """
    named = [model for label in labels for model in _models(label)]
    models = named if labels else list(apps.get_models())
    hidden = {model for label in exclude for model in _models(label)}
    wanted = [m for m in dict.fromkeys(models) if m not in hidden and not m._meta.proxy]
    return in_order_of_natural_keys(wanted)


def _models(label: str) -> list[Any]:
    try:
        if "." in label:
            return [apps.get_model(label)]
        return list(apps.get_app_config(label).get_models())
    except (LookupError, ValueError) as error:
        raise ImproperlyConfigured(str(error)) from None


def _rows(
    model: Any, database: str, pks: str, *, everything: bool, natural_foreign: bool
) -> Iterator[Any]:
    manager = model._base_manager if everything else model._default_manager
    rows = manager.using(database).order_by("pk")
    if pks:
        rows = rows.filter(pk__in=[key.strip() for key in pks.split(",")])
    relations = relations_of(model, natural_foreign=natural_foreign)
    yield from rows.prefetch_related(*relations).iterator(chunk_size=ROWS_AT_ONCE)


def write(records: Iterator[Any], file: TextIO, kind: str, indent: int | None) -> None:
    """Write records one after the other, so that they need not be in memory together."""
    if kind == "jsonl":
        file.writelines(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
        return
    between = "[" if indent is None else "[\n"
    for record in records:
        file.write(between + json.dumps(record, ensure_ascii=False, indent=indent))
        between = ", " if indent is None else ",\n"
    empty = between[0] == "["
    file.write("[]\n" if empty else "]\n" if indent is None else "\n]\n")
