"""Names that a user gives: aliases of expressions, and sort keys.

Both may come from input by mistake (``order_by(request.query_params["sort"])``), so each is checked
before any SQL is made.
"""

import re
from typing import Any

from ...exceptions import FieldError
from .paths import follow, unknown_name

MAX_REMEMBERED = 1000
_FORBIDDEN = re.compile(r"['`\"\]\[;\s\.%]|--|/\*|\*/|#|[\x00-\x1f\x7f-\x9f]")


class InvalidAlias(FieldError, ValueError):
    """A name that no column can have; a ``ValueError``, as in Django, and a ``FieldError``."""


def check_alias(name: str, method: str) -> None:
    """Refuse a name that no column can have.

    Raises:
        InvalidAlias: It has quotes, brackets, dots or the like in it.
    """
    if not name or _FORBIDDEN.search(name) or len(name) > 120:
        raise InvalidAlias(
            f"{method}(): {name!r} cannot be the name of a column. Column aliases cannot contain "
            f"whitespace characters, hashes, quotation marks, semicolons, dots, brackets, percent "
            f"signs or SQL comments."
        )


def check_key(name: str) -> None:
    """Refuse the name of a column whose transforms hold SQL: a JSON document has keys of any text.

    Raises:
        InvalidAlias: It has quotes, brackets or the like in it.
    """
    check_alias(name.replace(".", "_").replace("%", "_"), "values")


def check_order_name(state: Any, name: Any) -> bool:
    """Refuse a sort key that names nothing; say whether it has to be resolved to be sure.

    Raises:
        FieldError: The name is unknown.
    """
    known: set[str] = state.model._meta.sort_keys  # the fields that somebody sorted by
    if not state.annotations and type(name) is str and name in known:
        return False
    if hasattr(name, "resolve_expression"):
        if getattr(name, "contains_aggregate", False):
            raise FieldError(
                f"Using an aggregate in order_by() without also including it in annotate() is not "
                f"allowed: {name!r}."
            )
        return True
    if not isinstance(name, str):
        raise TypeError(f"order_by() takes names and expressions, not {name!r}.")
    if name == "?":
        return False
    bare = name[1:] if name[:1] in {"-", "+"} else name
    if bare in state.annotations:
        return False
    if bare.partition("__")[0] in state.annotations:
        return True
    if state.combinator:
        return False
    if not bare:
        raise unknown_name(state.model, bare, f"order_by({name!r})")
    path = follow(state.model, tuple(bare.split("__")), f"order_by({name!r})")
    if path.rest:
        return True
    if len(known) >= MAX_REMEMBERED:
        known.clear()
    known.add(name)
    return False
