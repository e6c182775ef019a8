"""Repeating the row of an INSERT: one compiled row makes a statement for any number of rows."""

import re

_NUMBERED = re.compile(r"\$(\d+)")
_VALUES = ") VALUES ("


def repeated(sql: str, rows: int, width: int) -> str:
    """Return the SQL of an INSERT of one row as that of several.

    Args:
        sql: The SQL, with ``$n``, ``?`` or ``%s`` for its parameters.
        rows: The number of rows.
        width: The number of parameters of a row.
    """
    head, separator, rest = sql.partition(_VALUES)
    group, closing, tail = _group(rest)
    if not separator or not closing:
        raise AssertionError(f"There is no row of values in {sql!r}.")
    if "$" not in group:
        groups = [group] * rows
    else:
        parts = _NUMBERED.split(group)  # text, number, text, number, ..., text
        groups = [_renumbered(parts, row * width) for row in range(rows)]
    return f"{head}{separator}{'), ('.join(groups)}){tail}"


def _group(rest: str) -> tuple[str, bool, str]:
    """Split after the bracket that closes the row: casts may have brackets of their own."""
    depth = 1
    for index, character in enumerate(rest):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return rest[:index], True, rest[index + 1 :]
    return rest, False, ""


def _renumbered(parts: list[str], shift: int) -> str:
    made = parts[:]
    for index in range(1, len(parts), 2):
        made[index] = f"${int(parts[index]) + shift}"
    return "".join(made)
