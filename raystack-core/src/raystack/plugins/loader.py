"""Importing a plugin's module and looking at its hook implementations, with errors that name it."""

import importlib
from collections.abc import Callable, Collection, Iterator
from inspect import isasyncgenfunction, iscoroutinefunction, isfunction, signature
from types import FunctionType, ModuleType
from typing import NamedTuple

from pluggy import PluginManager

from ..exceptions import PluginError
from ..text import did_you_mean
from ..traces import describe_and_place
from .contract import Contract, Plugin

PREFIX = "raystack_"
NEAR = 0.85  # all names begin alike, so two that have little else in common are 0.7 alike


def load(contract: Contract) -> Plugin:
    """Import a plugin's module.

    Raises:
        PluginError: The import failed, for whatever reason.
    """
    try:
        module = importlib.import_module(contract.module)
    except (Exception, SystemExit) as error:
        raise PluginError(
            f"{contract.title} cannot be imported: {describe_and_place(error)}.\n"
            f"  {contract.origin}\n"
            f"  Repair or upgrade it, or start without the plugin: {contract.way_without}",
            plugin=contract.name,
        ) from error
    return Plugin(contract, module)


def check_hooks(plugin: Plugin, pluginmanager: PluginManager) -> None:
    """Compare a plugin's hook implementations with the hookspecs, which pluggy alone does not.

    Raises:
        PluginError: A hook of that name does not exist, or is not called as the function expects,
            or the function is not marked with ``@hookimpl``.
    """
    for message in _faults(plugin, pluginmanager):
        raise PluginError(
            f"{plugin.contract.title}: {message}\n"
            f"  {plugin.contract.origin}\n"
            f"  Repair or upgrade it, or start without the plugin: {plugin.contract.way_without}",
            plugin=plugin.name,
        )


def _faults(plugin: Plugin, pluginmanager: PluginManager) -> Iterator[str]:
    for name, function in _functions(plugin.module):
        options = pluginmanager.parse_hookimpl_opts(plugin.module, name)
        if options is None:
            is_spec = pluginmanager.parse_hookspec_opts(plugin.module, name) is not None
            is_own = function.__module__ == plugin.module.__name__
            if name.startswith(PREFIX) and is_own and not is_spec:
                yield f"its function {name} is not marked with @hookimpl, so nothing calls it."
            continue
        if options["wrapper"] or options["hookwrapper"]:
            yield f"its {name} is a hook wrapper. Raystack's hooks take no wrappers."
            continue
        name = options["specname"] or name
        if message := _compare(name, function, pluginmanager, optional=options["optionalhook"]):
            yield message


def _functions(module: ModuleType) -> Iterator[tuple[str, FunctionType]]:
    """Go through all that pluggy looks at: implementations may be imported from elsewhere."""
    for name, value in vars(module).items():
        if isfunction(value):
            yield name, value


def _compare(
    name: str, function: FunctionType, pluginmanager: PluginManager, *, optional: bool
) -> str | None:
    known = _specifications(pluginmanager)
    if name not in known:
        return None if optional else _unknown_hook(name, known)
    specification = known[name]
    if _is_asynchronous(function) and not _is_asynchronous(specification.function):
        return (
            f"its hook {name} is an `async def`, which nothing awaits.\n"
            f"  Write it with `def`. What has to be awaited belongs in the context manager that "
            f"raystack_lifespan returns."
        )
    return _compare_arguments(name, function, specification.arguments)


def _is_asynchronous(function: Callable[..., object]) -> bool:
    """Say whether calling a function only makes something to be awaited or iterated."""
    return iscoroutinefunction(function) or isasyncgenfunction(function)


def _compare_arguments(name: str, function: FunctionType, arguments: tuple[str, ...]) -> str | None:
    for parameter in signature(function).parameters.values():
        has_default = parameter.default is not parameter.empty
        if parameter.name in arguments and has_default:
            return (
                f'its hook {name} gives the argument "{parameter.name}" a default, with which it '
                f"would always be called.\n"
                f"  Remove the default: the hook's caller passes every argument."
            )
        if parameter.name not in arguments and not has_default:
            return (
                f'its hook {name} takes an argument "{parameter.name}" which the hook does not '
                f"have.{did_you_mean(parameter.name, arguments)}\n"
                f"  Arguments of {name}: {', '.join(arguments) or 'none'}."
            )
    return None


def _unknown_hook(name: str, known: Collection[str]) -> str:
    meant = did_you_mean(PREFIX + name.removeprefix(PREFIX), known, cutoff=NEAR)
    return (
        f'it implements the hook "{name}", which does not exist.{meant}\n'
        f"  If another plugin that may be absent specifies it, mark it "
        f"@hookimpl(optionalhook=True)."
    )


class _Specification(NamedTuple):
    """A hookspec's function, and the arguments that the hook's caller passes."""

    function: Callable[..., object]
    arguments: tuple[str, ...]


def _specifications(pluginmanager: PluginManager) -> dict[str, _Specification]:
    """Return all hooks that have a specification."""
    callers = vars(pluginmanager.hook)
    return {
        name: _Specification(caller.spec.function, tuple(caller.spec.argnames))
        for name, caller in callers.items()
        if not name.startswith("_") and caller.has_spec()
    }
