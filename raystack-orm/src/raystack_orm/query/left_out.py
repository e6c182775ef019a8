"""What Django's QuerySet has and ours has not: the error says what to use in its place."""

from typing import Any

INSTEAD = {"extra": "Use RawSQL(), Func() or a lookup of your own."}


def no_attribute(asked: Any, name: str) -> AttributeError:
    """Make the error for an attribute that a QuerySet or a manager has not."""
    said = f"'{type(asked).__name__}' object has no attribute '{name}'"
    return AttributeError(f"{said}. {INSTEAD[name]}" if name in INSTEAD else said)
