"""Settings that a test changes and that come back afterwards."""

import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import wraps
from types import TracebackType
from typing import Any, TypeVar, cast

from ..kernel import get_kernel

F = TypeVar("F", bound=Callable[..., Any])


class override_settings:  # noqa: N801 - Django's name
    """Put values on top of the active kernel's settings, as a context manager or a decorator.

    They are validated as always. An application that is already built keeps what it read then. The
    decorator is for functions and ``async`` functions.

    Args:
        values: The settings, by their names.

    Raises:
        SettingsError: A value does not fit, or it would have no effect.

    As https://docs.djangoproject.com/en/stable/topics/testing/tools/#overriding-settings.
    """

    def __init__(self, **values: Any) -> None:
        self._values = values
        self._entered: list[AbstractContextManager[None]] = []

    def __enter__(self) -> None:
        context = get_kernel().override_settings(**self._values)
        context.__enter__()
        self._entered.append(context)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._entered.pop().__exit__(kind, error, traceback)

    def __call__(self, function: F) -> F:
        """Decorate a function, whose calls see the values.

        Raises:
            TypeError: It is a class or a generator, which would run without the values.
        """
        if isinstance(function, type) or _is_generator(function):
            raise TypeError(
                f"@override_settings is for functions and async functions, and {function.__name__} "
                f"is neither. Decorate its functions, or write: with override_settings(...)."
            )
        decorate = _asynchronous if inspect.iscoroutinefunction(function) else _synchronous
        return cast("F", decorate(function, self._values))


def _is_generator(function: Callable[..., Any]) -> bool:
    return inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)


def _synchronous(function: Any, values: dict[str, Any]) -> Any:
    @wraps(function)
    def overridden(*args: Any, **kwargs: Any) -> Any:
        with override_settings(**values):
            return function(*args, **kwargs)

    return overridden


def _asynchronous(function: Any, values: dict[str, Any]) -> Any:
    @wraps(function)
    async def overridden(*args: Any, **kwargs: Any) -> Any:
        with override_settings(**values):
            return await function(*args, **kwargs)

    return overridden


class SettingsFixture:
    """The ``settings`` fixture: reads the settings, and sets one by assignment."""

    _stack: ExitStack
    _own = frozenset({"_stack"})

    def __init__(self) -> None:
        self._stack = ExitStack()

    def __getattr__(self, name: str) -> Any:
        return getattr(get_kernel().settings, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._own:
            object.__setattr__(self, name, value)
        else:
            self._stack.enter_context(get_kernel().override_settings(**{name: value}))

    @property
    def restore(self) -> Callable[[], None]:
        """Put every setting back."""
        return self._stack.close
