"""``@command``: marks a function of an app's ``commands.py`` as a command.

The mark is read from the source, with ``ast``, so that ``raystack --help`` imports no app's
commands. At run time the decorator leaves the function as it is.
"""

from collections.abc import Callable
from typing import Any, TypeVar, overload

F = TypeVar("F", bound=Callable[..., Any])


@overload
def command(function: F, /) -> F: ...


@overload
def command(function: str | None = None, /) -> Callable[[F], F]: ...


def command(function: F | str | None = None, /) -> F | Callable[[F], F]:
    """Make a function a command of the project.

    Its parameters' type hints are its arguments and options, as in Typer; its docstring is its
    help. It may be ``async``.

    Args:
        function: The function, or the command's name, which has to be a literal; by default the
            function's name with hyphens.

    Example::

        @command
        def seed(rows: int = 100) -> None:
            "Fill the tables."
    """
    if callable(function):
        return function
    return lambda decorated: decorated
