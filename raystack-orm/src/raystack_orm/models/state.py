"""What is known of an instance beside its values: whether it is a row, and of which database."""

from typing import Any

from ..databases import DEFAULT


class Deferred:
    """The type of ``DEFERRED``."""

    def __repr__(self) -> str:
        return "<Deferred field>"


DEFERRED: Any = Deferred()
"""In place of a value: the field is loaded when it is asked for."""


class ModelState:
    """Whether an instance is a row yet, and of which database.

    Args:
        adding: It is not saved yet.
        db: The database that it came from or was saved to.

    Attributes:
        fetch_mode: How what is missing is fetched; ``None`` for the default.
        peers: Weak references to the instances that came in the same result.

    https://docs.djangoproject.com/en/stable/ref/models/instances/#django.db.models.Model._state
    """

    fetch_mode: Any = None
    peers: Any = ()

    def __init__(self, adding: bool = True, db: str | None = None) -> None:
        self.adding = adding
        self.db = db

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "peers"}


class LazyState:
    """Makes the state of a loaded instance when it is first asked for: most never are."""

    def __get__(self, instance: Any, owner: Any) -> Any:
        """Return the state."""
        if instance is None:
            return self
        made = instance.__dict__["_state"] = ModelState(adding=False, db=DEFAULT)
        return made
