"""``Session``: the mapping that a view sees as ``request.session``."""

from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class SessionData:
    """What is kept of a session.

    Args:
        values: What views have put into it.
        created: When it began, in seconds since 1970; 0 for one that begins now.
    """

    values: dict[str, Any] = field(default_factory=dict)
    created: int = 0


class Session(MutableMapping[str, Any]):
    """A visitor's values, by name. They have to be what JSON can hold.

    It is read when it is first used and written when it has changed, so a view that leaves it alone
    pays nothing for it. A change inside of a value is not noticed: after
    ``request.session["cart"].append(3)`` set ``request.session.modified = True``.

    Args:
        load: Reads what was kept, or begins anew.

    Attributes:
        accessed: Whether it was used, so that the response depends on the cookie.
        modified: Whether it has to be written.
    """

    __slots__ = ("_data", "_load", "accessed", "modified")

    def __init__(self, load: Callable[[], SessionData]) -> None:
        self._load = load
        self._data: SessionData | None = None
        self.accessed = False
        self.modified = False

    @property
    def data(self) -> SessionData:
        """The values with what belongs to them, read when first needed."""
        self.accessed = True
        if self._data is None:
            self._data = self._load()
        return self._data

    def __getitem__(self, key: str) -> Any:
        return self.data.values[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.data.values[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self.data.values[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self.data.values)

    def __len__(self) -> int:
        return len(self.data.values)

    def __contains__(self, key: object) -> bool:
        return key in self.data.values

    def __repr__(self) -> str:
        return "<Session>"  # its values belong in no log

    def flush(self) -> None:
        """Forget everything: what a logout does."""
        self._data = SessionData()
        self.accessed = self.modified = True

    def cycle_key(self) -> None:
        """Keep the values in a session that begins now: what a login does."""
        self._data = SessionData(dict(self.data.values))
        self.modified = True
