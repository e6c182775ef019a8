"""Paths into JSON documents. Keys are data: JSON's rules quote them in a path."""

import json
import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func

from ...exceptions import NotSupportedError

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler

INDEX = re.compile("-?[0-9]+", re.ASCII)
# What SQLite's paths can name: it compares a key with the document's text, escapes and all.
SQLITE_KEY = re.compile(r'[^"\\\x00-\x1f\x7f-\U0010ffff]*')


def index_of(key: str) -> int | None:
    """Return the index that a key is, for an array; ``None`` for other keys."""
    return int(key) if INDEX.fullmatch(key) else None


def json_path(keys: list[str], compiler: "Compiler", *, final_is_key: bool = False) -> str:
    """Return the path of some keys: ``$."a"[0]."b"``.

    Args:
        keys: The keys.
        compiler: Knows the database.
        final_is_key: The last one is the key of an object, even if it looks like an index.

    Raises:
        NotSupportedError: The database cannot count from the end of an array.
    """
    path = "$"
    for number, key in enumerate(keys):
        index = None if final_is_key and number == len(keys) - 1 else index_of(key)
        if index is None:
            path += f".{json.dumps(key)}"
        elif index >= 0:
            path += f"[{index}]"
        elif compiler.driver.supports_json_negative_indexing:
            path += f"[#{index}]"
        else:
            raise NotSupportedError(
                "Using negative JSON array indices is not supported on this database backend."
            )
    return path


def steps_of(keys: list[str], *, final_is_key: bool = False) -> str:
    """Return keys as SQLite's ``raystack_json_part`` takes them."""
    steps: list[Any] = [key if index_of(key) is None else index_of(key) for key in keys]
    if final_is_key:
        steps[-1] = keys[-1]
    return json.dumps(steps)


def split_document(
    document: ColumnElement[Any], keys: list[str], compiler: "Compiler"
) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return a document and a path into it, where SQLite or MySQL have functions of both."""
    if compiler.vendor == "sqlite" and not all(SQLITE_KEY.fullmatch(key) for key in keys):
        part = func.raystack_json_part(document, compiler.constant(steps_of(keys)))
        return part, compiler.constant("$")
    return document, compiler.constant(json_path(keys, compiler))
