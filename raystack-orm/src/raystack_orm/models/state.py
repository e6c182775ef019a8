"""What is known of an instance beside its values: whether it is a row, and of which database."""

from typing import Any

from ..databases import DEFAULT
from ..query.operations.fetch_modes import FetchMode, default_mode


class Deferred:
    """The type of ``DEFERRED``."""

    def __repr__(self) -> str:
        return "<Deferred field>"


DEFERRED: Any = Deferred()
"""In place of a value: the field is loaded when it is asked for."""


class _DefaultMode:
    """The fetch mode of an instance that was given none."""

    def __get__(self, state: Any, owner: Any) -> Any:
        """Return the mode of the setting."""
        return default_mode()


class ModelState:
    """Whether an instance is a row yet, and of which database.

    Args:
        adding: It is not saved yet.
        db: The database that it came from or was saved to.
        fetch_mode: How what is missing is fetched; the setting's way by default.

    Attributes:
        computed: The attributes that a save left out, as their values are the database's and it did
            not tell them. Nobody asked for that, so that no fetch mode blocks loading them.

    https://docs.djangoproject.com/en/stable/ref/models/instances/#django.db.models.Model._state
    """

    fetch_mode: Any = _DefaultMode()
    computed: frozenset[str] = frozenset()

    def __init__(
        self, adding: bool = True, db: str | None = None, fetch_mode: FetchMode | None = None
    ) -> None:
        self.adding = adding
        self.db = db
        if fetch_mode is not None:
            self.fetch_mode = fetch_mode


class LazyState:
    """Makes the state of a loaded instance when it is first asked for: most never are."""

    def __get__(self, instance: Any, owner: Any) -> Any:
        """Return the state."""
        if instance is None:
            return self
        batch = instance._batch
        made = (
            ModelState(adding=False, db=DEFAULT)
            if batch is None
            else ModelState(adding=False, db=batch.alias, fetch_mode=batch.mode)
        )
        instance.__dict__["_state"] = made
        return made
