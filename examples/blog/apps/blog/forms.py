"""The comment form: what was typed, what is wrong with it, and the comment it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .schemas import CommentIn

FIELDS = ("name", "email", "body")

MESSAGES = {
    ("name", "string_too_short"): "Your name is missing.",
    ("email", "string_too_short"): "Your e-mail address is missing.",
    ("email", "string_pattern_mismatch"): "This e-mail address is not complete: name@example.org.",
    ("body", "string_too_short"): "The comment is empty.",
}


@dataclass(frozen=True, slots=True)
class CommentForm:
    """A form as it is shown.

    Args:
        values: What was typed, field by field, so that it can be shown again.
        errors: What is wrong, by field, in the order of the fields.
        comment: The valid data; None as long as there are errors.
    """

    values: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(FIELDS, ""))
    errors: Mapping[str, str] = field(default_factory=dict)
    comment: CommentIn | None = None

    @classmethod
    def bound(cls, values: Mapping[str, str]) -> "CommentForm":
        """Check what was typed."""
        # Browsers send line ends as two characters and count them as one.
        values = {name: text.replace("\r\n", "\n") for name, text in values.items()}
        try:
            return cls(values, {}, CommentIn.model_validate(values))
        except ValidationError as error:
            return cls(values, {str(e["loc"][0]): _message(e) for e in reversed(error.errors())})

    def refused(self, name: str, message: str) -> "CommentForm":
        """Return the form with an error that only the database could tell."""
        return CommentForm(self.values, {name: message})


def _message(error: ErrorDetails) -> str:
    known = MESSAGES.get((str(error["loc"][0]), error["type"]))
    if known:
        return known
    if error["type"] == "string_too_long":
        return f"This is too long: {error['ctx']['max_length']} characters at most."
    return error["msg"].removeprefix("Value error, ").capitalize() + "."
