"""What ``inspectdb`` asks a database about columns beyond what SQLAlchemy tells of them."""

import re
from collections.abc import Iterator

from sqlalchemy import Inspector, text

_QUOTES = {"'": "'", '"': '"', "`": "`", "[": "]"}
_COMPUTED = re.compile(r"\bAS\s*\(", re.IGNORECASE)
_JSON_VALID = re.compile(r"json_valid\(`(.+)`\)", re.IGNORECASE)
_NAME = re.compile(r"""\s*(?:"((?:[^"]|"")+)"|`([^`]+)`|\[([^\]]+)\]|(\w+))""")


def json_columns(inspector: Inspector, table: str) -> set[str]:
    """Return the columns of a MariaDB table that are JSON: long texts that a check keeps valid."""
    if not getattr(inspector.dialect, "is_mariadb", False):
        return set()
    with inspector.engine.connect() as connection:
        clauses = connection.execute(
            text(
                "SELECT check_clause FROM information_schema.check_constraints "
                "WHERE constraint_schema = DATABASE() AND table_name = :name"
            ),
            {"name": table},
        ).scalars()
        found = [_JSON_VALID.fullmatch(clause) for clause in clauses]
    return {match[1] for match in found if match}


def computed_columns(inspector: Inspector, table: str) -> dict[str, str]:
    """Return the expressions of a SQLite table's generated columns by their names."""
    with inspector.engine.connect() as connection:
        sql = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"),
            {"name": table},
        ).scalar()
    found = {}
    for definition in _parts(sql or ""):
        name, computed = _NAME.match(definition), _COMPUTED.search(definition)
        if name and computed:
            inner = definition[computed.end() :]
            found[next(filter(None, name.groups()))] = inner[: _closing(inner)].strip()
    return found


def _parts(sql: str) -> Iterator[str]:
    """Return what stands between the commas of a CREATE TABLE, those in brackets aside."""
    inner = sql.partition("(")[2]
    start = 0
    for place, depth, character in _outside_quotes(inner):
        if (depth == 0 and character == ",") or depth < 0:
            yield inner[start:place]
            start = place + 1
        if depth < 0:
            return


def _closing(sql: str) -> int:
    """Return where the bracket closes that was opened before."""
    return next((place for place, depth, _ in _outside_quotes(sql) if depth < 0), len(sql))


def _outside_quotes(sql: str) -> Iterator[tuple[int, int, str]]:
    """Return each character that is in no quotes, its place, and in how many brackets it is."""
    depth, end = 0, ""
    for place, character in enumerate(sql):
        if end:
            end = "" if character == end else end
            continue
        end = _QUOTES.get(character, "")
        depth += (character == "(") - (character == ")")
        if not end:
            yield place, depth, character
