"""Other settings for a block or a function of a test."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import wraps
from inspect import iscoroutinefunction
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from ..configuration import Configuration, configuration, configured, override_at_source
from ..settings import OrmSettings

P = ParamSpec("P")
T = TypeVar("T")


class override_settings:  # noqa: N801 - Django's name
    """Change settings for a while: ``with override_settings(USE_TZ=False):``, or as a decorator.

    In a project these are the project's settings, as with ``raystack.testing.override_settings``.

    Args:
        values: Settings by their names.

    https://docs.djangoproject.com/en/stable/topics/testing/tools/#django.test.override_settings
    """

    def __init__(self, **values: Any) -> None:
        self._values = values
        self._entered: list[AbstractContextManager[Any]] = []

    def __enter__(self) -> None:
        context: AbstractContextManager[Any]
        context = override_at_source(self._values) or configured(_with(self._values))
        context.__enter__()
        self._entered.append(context)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._entered.pop().__exit__(exc_type, exc, traceback)

    def __call__(self, function: Callable[P, T]) -> Callable[P, T]:
        """Run a function of either colour with these settings."""
        if iscoroutinefunction(function):

            @wraps(function)
            async def overridden_async(*args: P.args, **kwargs: P.kwargs) -> Any:
                with override_settings(**self._values):
                    return await function(*args, **kwargs)

            return overridden_async  # type: ignore[return-value]  # a coroutine, as function returns

        @wraps(function)
        def overridden(*args: P.args, **kwargs: P.kwargs) -> T:
            with override_settings(**self._values):
                return function(*args, **kwargs)

        return overridden


def _with(values: dict[str, Any]) -> Configuration:
    """Return the active configuration with other settings."""
    active = configuration()
    now = {name: getattr(active.orm, name) for name in OrmSettings.model_fields}
    orm = OrmSettings(**{name: values.get(name, value) for name, value in now.items()})
    databases = active.databases
    if "DATABASES" in values:
        databases = {alias: given.parsed(None) for alias, given in orm.DATABASES.items()}
    return replace(
        active,
        databases=databases,
        use_tz=values.get("USE_TZ", active.use_tz),
        time_zone=values.get("TIME_ZONE", active.time_zone),
        orm=orm,
        settings={**active.settings, **values},
    )
