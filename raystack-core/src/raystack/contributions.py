"""What plugins add to an application, collected from all of them before any of it is applied.

Under ``PLUGIN_ERRORS = "skip"`` a broken plugin is left out as a whole: one whose routers cannot be
had must not leave its middleware behind.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from fastapi import APIRouter

from .distributions import is_own
from .exceptions import PluginError
from .kernel import Kernel
from .middleware import Middleware, name_taken
from .plugins.caller import HookResult
from .plugins.contract import Plugin

T = TypeVar("T")
Owned = list[tuple[Plugin, T]]
Handler = tuple[Any, Callable[..., Any]]
"""An exception class or a status code, and what answers it."""

SAME = {500: Exception}  # for Starlette they are one
HANDLERS, MIDDLEWARE, ROUTERS = (
    "raystack_exception_handlers",
    "raystack_middleware",
    "raystack_routers",
)


class Contributions(NamedTuple):
    """What plugins add, each thing with its plugin, requirements first."""

    handlers: Owned[Handler]
    middleware: Owned[Middleware]
    routers: Owned[APIRouter]

    def of(self, plugins: Iterable[Plugin]) -> "Contributions":
        """Return what these plugins add."""
        names = {plugin.name for plugin in plugins}
        return Contributions(
            [each for each in self.handlers if each[0].name in names],
            [each for each in self.middleware if each[0].name in names],
            [each for each in self.routers if each[0].name in names],
        )


def collect(kernel: Kernel) -> Contributions:
    """Ask every plugin, and return what those add that are still loaded afterwards.

    Raises:
        PluginError: A plugin fails, returns something else than the hook wants, or takes a name
            that another one has. ``PLUGIN_ERRORS`` decides whether it is left out instead.
    """
    gather, settings = kernel.hooks.gather, kernel.settings
    found = Contributions(
        gather(HANDLERS, _handlers, settings=settings),
        gather(MIDDLEWARE, lambda result: result.each(Middleware, MIDDLEWARE), settings=settings),
        gather(ROUTERS, lambda result: result.each(APIRouter, ROUTERS), settings=settings),
    )
    handled = ((plugin, SAME.get(key, key)) for plugin, (key, _) in found.handlers)
    _refuse_taken(kernel, handled, _handled_twice)
    _refuse_taken(kernel, ((plugin, entry.name) for plugin, entry in found.middleware), name_taken)
    return found.of(kernel.plugins)


def _handlers(result: HookResult) -> Iterable[Handler]:
    wanted = "a mapping from exception classes or status codes to handlers"
    if not isinstance(result.value, Mapping):
        raise result.wrong(result.value, wanted, HANDLERS)
    for key, handler in result.value.items():
        is_class = isinstance(key, type) and issubclass(key, Exception)
        if not is_class and not isinstance(key, int):
            raise result.wrong(key, wanted, HANDLERS)
        if not callable(handler):
            raise result.wrong(handler, wanted, HANDLERS)
    return result.value.items()


def _refuse_taken(
    kernel: Kernel,
    keys: Iterable[tuple[Plugin, Any]],
    message: Callable[[Any, str, str], str],
) -> None:
    """Leave out every plugin that takes what another one has: the later one, and none of ours."""
    owners: dict[Any, Plugin] = {}
    for plugin, key in sorted(keys, key=lambda each: not is_own(each[0].distribution)):
        if plugin not in kernel.plugins:
            continue
        first = owners.get(key)
        if first is None or first not in kernel.plugins:
            owners[key] = plugin
            continue
        contract = plugin.contract
        told = (
            f"{message(key, first.contract.title, contract.title)}\n"
            f"  {contract.origin}\n"
            f"  Repair it, or start without the plugin: {contract.way_without}"
        )
        kernel.plugin_failed(PluginError(told, plugin=plugin.name))


def _handled_twice(key: Any, first: str, second: str) -> str:
    return (
        f"Two plugins handle the exception {getattr(key, '__name__', key)}: {first} and {second}. "
        f"Disable one of them, or handle it in the application, which wins over both."
    )
