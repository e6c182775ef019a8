"""EXPLAIN: how a database would run a query.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#explain
"""

import json
import re
from typing import Any

from ..databases import connections
from ..exceptions import nearest
from . import execute
from .state import State

_OPTION = re.compile(r"[A-Za-z_]\w*")
_POSTGRESQL_OPTIONS = frozenset(
    {"ANALYZE", "BUFFERS", "COSTS", "GENERIC_PLAN", "MEMORY", "SERIALIZE", "SETTINGS", "SUMMARY",
     "TIMING", "VERBOSE", "WAL"}
)  # fmt: skip


def explain(state: State, alias: str, format_: str | None, options: dict[str, Any]) -> str:
    """Return how the database would run a query.

    Raises:
        ValueError: An option's name is none, or the format is unknown.
        NotSupportedError: The database has no formats.
    """
    connection = connections[alias]
    driver = connection.driver
    for name in options:
        if not _OPTION.fullmatch(name):
            raise ValueError(f"Invalid option name: {name!r}.")
    formats = driver.supported_explain_formats
    if format_ is not None and format_.upper() not in formats:
        if not formats:
            raise ValueError(
                f"{format_} is not a recognized format: this database has no formats for explain()."
            )
        raise ValueError(
            f"{format_} is not a recognized format.{nearest(format_.upper(), formats)} "
            f"Allowed formats: {', '.join(sorted(formats))}"
        )
    statement = execute.select(state, driver)
    if statement.plan.empty or state.nothing:
        return ""  # there is nothing to ask
    prefix = _PREFIXES[driver.vendor](format_, options, driver)
    rows = connection.fetch(f"{prefix} {statement.plan.sql}", statement.params).rows
    return "\n".join(" ".join(_shown(part) for part in row) for row in rows)


def _shown(part: Any) -> str:
    return json.dumps(part) if isinstance(part, dict | list) else str(part)


def _refuse_others(options: dict[str, Any], known: frozenset[str] = frozenset()) -> None:
    unknown = sorted(name.upper() for name in options if name.upper() not in known)
    if unknown:
        raise ValueError(f"Unknown options: {', '.join(unknown)}{nearest(unknown[0], known)}")


def _sqlite(format_: str | None, options: dict[str, Any], driver: Any) -> str:
    _refuse_others(options)
    return "EXPLAIN QUERY PLAN"


def _postgresql(format_: str | None, options: dict[str, Any], driver: Any) -> str:
    _refuse_others(options, _POSTGRESQL_OPTIONS)
    extra = [f"{name.upper()} {_word(value)}" for name, value in options.items()]
    if format_:
        extra.append(f"FORMAT {format_.upper()}")
    return f"EXPLAIN ({', '.join(extra)})" if extra else "EXPLAIN"


def _mysql(format_: str | None, options: dict[str, Any], driver: Any) -> str:
    analyze = options.pop("analyze", False)
    _refuse_others(options)
    if analyze and not driver.is_mariadb:
        return "EXPLAIN ANALYZE"  # in a format of its own
    word = "ANALYZE" if analyze else "EXPLAIN"
    if format_ and format_.upper() not in {"TRADITIONAL", "TEXT"}:
        return f"{word} FORMAT={format_.upper()}"
    return word


def _word(value: Any) -> str:
    word = str(value).lower() if isinstance(value, bool) else str(value)
    if not _OPTION.fullmatch(word) and not word.isdigit():
        raise ValueError(f"Invalid option value: {value!r}.")
    return word


_PREFIXES = {"sqlite": _sqlite, "postgresql": _postgresql, "mysql": _mysql}
