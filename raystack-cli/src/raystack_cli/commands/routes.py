"""``raystack routes``."""

from typing import Annotated, Any

import typer

from raystack import Kernel

from ..building import build_application
from ..output import Format, print_json, print_table
from ..project_required import require_project

COLUMNS = ["method", "path", "name", "view", "owner"]


def routes(
    filter: Annotated[  # noqa: A002 - the argument's name
        str, typer.Argument(help="Show routes with this in a path, name, view or owner.")
    ] = "",
    format: Annotated[Format, typer.Option(help="How to print the routes.")] = Format.text,  # noqa: A002
) -> None:
    """List the routes in the order in which they are tried."""
    kernel = require_project()
    rows = [row for row in _rows(kernel) if filter.lower() in " ".join(row.values()).lower()]
    if format is Format.json:
        print_json(rows)
    elif rows:
        print_table(COLUMNS, rows)
    else:
        typer.echo(f'No route has "{filter}" in it.' if filter else "There are no routes.")


def _rows(kernel: Kernel) -> list[dict[str, Any]]:
    from raystack.checks.routes import owner_of
    from raystack.urls.listing import view_of

    application = build_application(kernel)
    return [
        {
            "method": ", ".join(sorted(info.methods)) or info.protocol,
            "path": info.path,
            "name": info.name,
            "view": view_of(info),
            "owner": owner_of(kernel, info),
        }
        for info in application.router.iter_routes()
    ]
