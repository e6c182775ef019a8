"""What a template makes of a name that it was not given.

Asking is allowed, as in Django: ``{% if user %}`` and ``{{ title or "Untitled" }}`` work. Showing
it, looping over it or reading something of it is an error with the nearest name, in production as
in development: a page with holes in it would be found by visitors rather than by tests.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NoReturn

from jinja2 import Undefined, UndefinedError
from jinja2.utils import missing


class UndefinedNameError(UndefinedError):
    """A template uses a name that it was not given.

    Args:
        message: What happened.
        name: The name, where it is that of a variable.
    """

    def __init__(self, message: str, name: str | None) -> None:
        super().__init__(message)
        self.name = name

    def suggest(self, names: Iterable[str]) -> None:
        """Add the nearest of the variables that there are to the message."""
        if self.name is not None:
            self.args = (str(self.args[0]) + nearest(self.name, names),)
            self.name = None


class StrictWhenShown(Undefined):
    """An undefined value that can be tested for truth and equality, and nothing else."""

    __slots__ = ()

    def _fail_with_undefined_error(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        name = self._undefined_name
        if self._undefined_hint or not isinstance(name, str):
            raise UndefinedNameError(self._undefined_message, None)
        if self._undefined_obj is missing:
            raise UndefinedNameError(f"{self._undefined_message}.", name)
        held = self._undefined_obj
        known = held if isinstance(held, Mapping) else dir(held)
        raise UndefinedNameError(f"{self._undefined_message}.{nearest(name, known)}", None)

    # Jinja2 binds these names to its own method, which knows no nearest name.
    __add__ = __radd__ = __sub__ = __rsub__ = _fail_with_undefined_error
    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _fail_with_undefined_error
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _fail_with_undefined_error
    __pow__ = __rpow__ = __pos__ = __neg__ = _fail_with_undefined_error
    __lt__ = __le__ = __gt__ = __ge__ = _fail_with_undefined_error
    __int__ = __float__ = __complex__ = _fail_with_undefined_error
    __call__ = __getitem__ = _fail_with_undefined_error

    def __str__(self) -> str:
        self._fail_with_undefined_error()

    def __iter__(self) -> Iterator[Any]:
        self._fail_with_undefined_error()

    def __len__(self) -> int:
        self._fail_with_undefined_error()

    def __contains__(self, item: object) -> bool:
        self._fail_with_undefined_error()


def nearest(name: str, names: Iterable[Any]) -> str:
    """Say which of the names was probably meant; empty where none is near."""
    known = [str(known) for known in names if not str(known).startswith("_")]
    close = get_close_matches(name, known, n=1)
    return f' Did you mean "{close[0]}"?' if close else ""
