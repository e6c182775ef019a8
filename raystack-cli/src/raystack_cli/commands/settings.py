"""``raystack settings``."""

from typing import Annotated, Any

import typer

from raystack import Settings

from ..masking import masked
from ..output import Format, print_json, print_table
from ..project_required import require_project

COLUMNS = ["name", "value", "origin", "owner"]


def settings(
    changed: Annotated[bool, typer.Option("--changed", help="Leave defaults out.")] = False,
    format: Annotated[Format, typer.Option(help="How to print the settings.")] = Format.text,  # noqa: A002
) -> None:
    """List the settings with their values, sources and owners. Secrets are masked."""
    kernel = require_project()
    kernel.setup()
    rows = [row for row in _rows(kernel.settings) if not changed or row["origin"] != "default"]
    if format is Format.json:
        print_json(rows)
    else:
        print_table(COLUMNS, rows)


def _rows(found: Settings) -> list[dict[str, Any]]:
    rows = []
    for name in found:
        setting = found.describe(name)
        rows.append(
            {
                "name": name,
                "value": masked(setting.value, name),
                "origin": setting.origin,
                "owner": setting.owner,
            }
        )
    return rows
