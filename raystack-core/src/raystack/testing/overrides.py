"""Settings that a test changes and that come back afterwards."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from ..kernel import get_kernel


@contextmanager
def override_settings(**values: Any) -> Iterator[None]:
    """Put values on top of the active kernel's settings, as a context manager or a decorator.

    They are validated as always. An application that is already built keeps what it read then.

    Raises:
        SettingsError: A value does not fit.

    As https://docs.djangoproject.com/en/stable/topics/testing/tools/#overriding-settings.
    """
    with get_kernel().override_settings(**values):
        yield


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
