"""Writing a validation error of pydantic's without the value that it is about.

pydantic's own texts hold no value. A validator's text is whatever its author wrote: it is shown
where it is one of Raystack's, and otherwise only if nothing of the value can be found in it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import SecretBytes, SecretStr

from ..distributions import OWN_DISTRIBUTIONS
from .section import Section

EXPECTED = {
    "bool_parsing": "should be true or false",
    "bool_type": "should be true or false",
    "int_parsing": "should be a whole number",
    "int_type": "should be a whole number",
}
OWN_PACKAGES = {"raystack", *(name.replace("-", "_") for name in OWN_DISTRIBUTIONS)}
# Their texts are a validator's, or have a part of the value in them.
SPEAKING = frozenset({"value_error", "assertion_error", "union_tag_invalid"})
RUN = 6  # as many characters in a row, in both, are no coincidence
WORD = re.compile(r"\w+")


def explain(
    detail: Mapping[str, Any], section: type[Section], owner: str, origins: Mapping[str, str]
) -> str:
    """Write one validation error without the value it is about.

    Args:
        detail: One of what ``ValidationError.errors()`` returns.
        section: The section.
        owner: The distribution or app whose section it is.
        origins: Where each setting of the section comes from.
    """
    name, *path = [str(part) for part in detail["loc"]] or [""]
    reason = _reason(detail, is_ours=section.__module__.partition(".")[0] in OWN_PACKAGES)
    if not name:
        told = reason or f"The settings of {owner} do not fit together. {_not_shown(owner)}"
        return f"{told} It belongs to {owner}."
    inside = "".join(f"[{part}]" for part in path)
    reason = reason or f"is not accepted. {_not_shown(owner)}"
    end = "" if reason.endswith(".") else "."
    origin = origins.get(name, "its default")
    joint = ":" if reason[0].isupper() else ""  # a sentence of its own
    return f"{name}{inside} (from {origin}){joint} {reason}{end} It belongs to {owner}."


def _not_shown(owner: str) -> str:
    return f"What {owner} says of it may hold the value, so it is not shown."


def _reason(detail: Mapping[str, Any], *, is_ours: bool) -> str:
    """Return the text of the error; nothing where it may hold the value."""
    kind, message = detail["type"], str(detail["msg"])
    if kind in EXPECTED:
        return EXPECTED[kind]
    for start in ("Value error, ", "Assertion failed, ", "Input "):
        message = message.removeprefix(start)
    speaks = kind in SPEAKING or "url" not in detail  # the kinds of pydantic's own have one
    if speaks and not is_ours and _holds(message, detail["input"]):
        return ""
    return message


def _holds(message: str, value: Any) -> bool:
    """Say whether a part of the value may be in a message."""
    message = message.casefold()
    words = set(WORD.findall(message))
    return any(_is_in(text.casefold(), message, words) for text in _texts(value))


def _is_in(text: str, message: str, words: set[str]) -> bool:
    # "a" and "to" are in every sentence, and no secrets.
    if any(word in words for word in WORD.findall(text) if len(word) > 2):
        return True
    if 2 < len(text) < RUN:
        return text in message
    return any(text[start : start + RUN] in message for start in range(len(text) - RUN + 1))


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts that a value consists of, as they may be written in a message."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(key)
            yield from _texts(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, SecretStr | SecretBytes):
        yield from _texts(value.get_secret_value())
    elif isinstance(value, bytes):
        yield value.decode(errors="replace")
    elif value is not None and not isinstance(value, bool):
        yield str(value)
        yield repr(value)
