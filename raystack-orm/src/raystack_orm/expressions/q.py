"""Q objects: conditions joined by ``&``, ``|`` and ``~``.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#q-objects
"""

from typing import Any, Literal

Connector = Literal["AND", "OR"]


class Q:
    """Conditions, as ``filter()`` takes them.

    Args:
        args: Other Q objects.
        kwargs: Conditions: a field path with a lookup, and the value.
    """

    def __init__(self, *args: "Q", **kwargs: Any) -> None:
        self.children: list[Q | tuple[str, Any]] = [*args, *sorted(kwargs.items())]
        self.connector: Connector = "AND"
        self.negated = False

    def _combined(self, other: "Q", connector: Connector) -> "Q":
        if not isinstance(other, Q):
            raise TypeError(f"A Q object cannot be combined with {other!r}.")
        if not self.children or not other.children:
            return other if other.children else self
        made = Q(self, other)
        made.connector = connector
        return made

    def __and__(self, other: "Q") -> "Q":
        return self._combined(other, "AND")

    def __or__(self, other: "Q") -> "Q":
        return self._combined(other, "OR")

    def __invert__(self) -> "Q":
        made = Q(self)
        made.negated = True
        return made

    def __bool__(self) -> bool:
        return bool(self.children)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Q) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]  # it holds values of any type

    def __repr__(self) -> str:
        inside = f" {self.connector} ".join(
            repr(child) if isinstance(child, Q) else f"{child[0]}={child[1]!r}"
            for child in self.children
        )
        return f"<Q: {'NOT ' if self.negated else ''}({inside})>"
