"""Which statements of SQLite's write, so that they need the turn of the writers."""

import re

READS = ("SELECT", "EXPLAIN", "PRAGMA", "VALUES")

_START = re.compile(r"(?:\s|;|--[^\n]*(?:\n|$)|/\*.*?\*/)*+(\w*)", re.DOTALL)
_WRITES = re.compile(r"\b(?:INSERT|REPLACE|UPDATE|DELETE)\s", re.IGNORECASE)


def needs_turn(sql: str) -> bool:
    """Say whether a statement writes, for both colours.

    One too many only waits; one too few would not wait in the queue but poll for SQLite's lock.
    """
    if sql.startswith(READS):
        return False
    found = _START.match(sql)
    word = found[1].upper() if found else ""
    if word == "WITH":
        return _WRITES.search(sql) is not None
    return word not in READS
