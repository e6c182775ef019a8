"""Messages about a model."""

from typing import Any

from raystack import CheckMessage, Level


def error(model: Any, id: str, message: str, hint: str = "") -> CheckMessage:  # noqa: A002 - Django's name
    """Make a message about a model."""
    return CheckMessage(Level.ERROR, message, hint=hint, obj=model._meta.label, id=id)
