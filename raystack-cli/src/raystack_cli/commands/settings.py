"""``raystack settings``."""

import re
from typing import Annotated, Any

import typer
from pydantic import BaseModel, SecretBytes, SecretStr

from raystack import Settings

from ..output import Format, print_json, print_table
from ..project_required import require_project

MASK = "**********"
PLAIN = ("", b"", True, False)  # these give nothing away
COLUMNS = ["name", "value", "origin", "owner"]
SECRET_NAME = re.compile(r"(?i)pass|pwd|secret|token|key$|credential|signature|salt")
# Up to the last @: a password with a slash or an @ that nobody escaped is one all the same.
URL_PASSWORD = re.compile(r"(?P<head>\w+://[^/\s:@]*:)\S*(?P<tail>@)")
QUERY_SECRET = re.compile(r"(?i)(?P<head>[?&;\s](?:password|passwd|pwd|secret|token|key)=)[^&;\s]+")


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


def masked(value: Any, name: str = "") -> Any:
    """Return a value as plain data in which no secret can be read.

    Args:
        value: The value.
        name: What it is called: a name such as ``API_KEY`` masks any text.
    """
    if isinstance(value, SecretStr | SecretBytes):
        return MASK if value.get_secret_value() else ""
    if isinstance(value, BaseModel):
        value = {field: getattr(value, field) for field in type(value).model_fields}
    if isinstance(value, dict):
        return {key: masked(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(item, name) for item in value]
    if isinstance(value, str | bytes | int) and SECRET_NAME.search(name) and value not in PLAIN:
        return MASK
    if isinstance(value, str):
        value = URL_PASSWORD.sub(rf"\g<head>{MASK}\g<tail>", value)
        return QUERY_SECRET.sub(rf"\g<head>{MASK}", value)
    return value
