"""Reading a ``.env`` file.

The file that ``raystack startproject`` writes has plain lines, which are read here: importing
python-dotenv costs ``raystack --help`` more than reading the settings does. It reads every other
file, and a property test compares.
"""

import re
from collections.abc import Mapping
from pathlib import Path

COMMENT = re.compile(r"[ \t]*(#.*)?")
ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=([^\s'\"#\\]*)", re.ASCII)


def read_dotenv(path: Path) -> Mapping[str, str]:
    """Return a ``.env`` file's variables with their texts; nothing is interpolated."""
    plain = _plain(path.read_bytes())
    if plain is not None:
        return plain
    from dotenv import dotenv_values

    values = dotenv_values(path, interpolate=False)
    return {name: value for name, value in values.items() if value is not None}


def _plain(content: bytes) -> dict[str, str] | None:
    """Read a file of assignments without quotes, escapes and spaces, and of comments.

    Returns:
        The variables; ``None`` where a line is anything else.
    """
    found: dict[str, str] = {}
    if not content.isascii():
        return None
    for line in re.split("\r\n|\n|\r", content.decode("ascii")):
        if COMMENT.fullmatch(line):
            continue
        assignment = ASSIGNMENT.fullmatch(line)
        if assignment is None:
            return None
        found[assignment[1]] = assignment[2]
    return found
