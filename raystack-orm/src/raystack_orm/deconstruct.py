"""Objects that a migration can write down: they remember what they were made with.

https://docs.djangoproject.com/en/stable/topics/migrations/#adding-a-deconstruct-method
"""

from collections.abc import Callable
from typing import Any, TypeVar, overload

C = TypeVar("C", bound=type)
Deconstructed = tuple[str, tuple[Any, ...], dict[str, Any]]


@overload
def deconstructible(cls: C, /) -> C: ...
@overload
def deconstructible(*, path: str | None = None) -> Callable[[C], C]: ...
def deconstructible(cls: Any = None, /, *, path: str | None = None) -> Any:
    """Give a class ``deconstruct()``, which returns its path and an object's arguments.

    Args:
        cls: The class.
        path: Where it is imported from, if not from its module.
    """

    def decorate(kind: Any) -> Any:
        def make(cls: Any, *args: Any, **kwargs: Any) -> Any:
            made = object.__new__(cls)
            made._constructor_args = (args, kwargs)
            return made

        def deconstruct(self: Any) -> Deconstructed:
            """Return the import path and the arguments to make the object again."""
            mine = type(self) is kind and path
            args, kwargs = self._constructor_args
            return mine or _path_of(type(self)), args, kwargs

        kind.__new__ = staticmethod(make)
        kind.deconstruct = deconstruct
        return kind

    return decorate if cls is None else decorate(cls)


def _path_of(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
