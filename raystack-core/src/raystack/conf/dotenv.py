"""Reading a ``.env`` file.

The file that ``raystack startproject`` writes has plain lines, which are read here: importing
python-dotenv costs ``raystack --help`` more than reading the settings does. It reads every other
file, and a property test compares.
"""

import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from ..exceptions import SettingsError

COMMENT = re.compile(r"[ \t]*(#.*)?")
ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=([^\s'\"#\\]*)", re.ASCII)


def read_dotenv(path: Path) -> Mapping[str, str]:
    """Return a ``.env`` file's variables with their texts; nothing is interpolated.

    Raises:
        SettingsError: It cannot be read, or a line of it is no assignment. No line is shown.
    """
    try:
        content = path.read_bytes()
        plain = _plain(content)
        return _parsed(path, content.decode()) if plain is None else plain
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{path}, line {line}: the file has to be UTF-8.") from None


def _parsed(path: Path, text: str) -> dict[str, str]:
    from dotenv.parser import parse_stream

    found: dict[str, str] = {}
    for binding in parse_stream(StringIO(text)):
        if binding.error or (binding.key is not None and binding.value is None):
            raise SettingsError(
                f"{path}, line {binding.original.line}: this should be NAME=value.\n"
                f"  A value with spaces or # stands in quotes, which end on the same line."
            )
        if binding.key is not None:
            found[binding.key] = binding.value or ""
    return found


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
