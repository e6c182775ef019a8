"""Importing a plugin's module and looking at its hook implementations, with errors that name it."""

import importlib
import traceback
from collections.abc import Iterator
from difflib import get_close_matches
from inspect import isfunction, signature
from types import FunctionType, ModuleType

from pluggy import PluginManager

from ..exceptions import PluginError
from .contract import Contract, Plugin

PREFIX = "raystack_"


def load(contract: Contract) -> Plugin:
    """Import a plugin's module.

    Raises:
        PluginError: The import failed, for whatever reason.
    """
    try:
        module = importlib.import_module(contract.module)
    except Exception as error:
        raise PluginError(
            f"{contract.title} cannot be imported: {describe(error)}{_place(error)}.\n"
            f"  {contract.origin}\n"
            f"  Repair or upgrade it, or start without the plugin: {contract.way_without}",
            plugin=contract.name,
        ) from error
    return Plugin(contract, module)


def describe(error: BaseException) -> str:
    """Write an exception as ``KeyError 'NAME'``: its class and what it says."""
    text = str(error)
    return f"{type(error).__name__} {text}" if text else type(error).__name__


def _place(error: BaseException) -> str:
    """Where an exception was raised: the innermost frame that is a file's."""
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, SyntaxError) and error.filename:
        return f" ({error.filename}, line {error.lineno})"
    files = [frame for frame in frames if not frame.filename.startswith("<")]
    return f" ({files[-1].filename}, line {files[-1].lineno})" if files else ""


def check_hooks(plugin: Plugin, pluginmanager: PluginManager) -> None:
    """Compare a plugin's hook implementations with the hookspecs, which pluggy alone does not.

    Raises:
        PluginError: A hook of that name does not exist, or does not take those arguments, or the
            function is not marked with ``@hookimpl``.
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
            if name.startswith(PREFIX) and not is_spec:
                yield f"its function {name} is not marked with @hookimpl, so nothing calls it."
            continue
        if options["wrapper"] or options["hookwrapper"]:
            yield f"its {name} is a hook wrapper. Raystack's hooks take no wrappers."
            continue
        name = options["specname"] or name
        if message := _compare(name, function, pluginmanager, optional=options["optionalhook"]):
            yield message


def _functions(module: ModuleType) -> Iterator[tuple[str, FunctionType]]:
    for name, value in vars(module).items():
        if isfunction(value) and value.__module__ == module.__name__:
            yield name, value


def _compare(
    name: str, function: FunctionType, pluginmanager: PluginManager, *, optional: bool
) -> str | None:
    known = spec_arguments(pluginmanager)
    if name not in known:
        return None if optional else _unknown_hook(name, known)
    parameters = signature(function).parameters.values()
    taken = [p.name for p in parameters if p.default is p.empty]
    for argument in taken:
        if argument not in known[name]:
            close = get_close_matches(argument, known[name], n=1)
            meant = f' Did you mean "{close[0]}"?' if close else ""
            return (
                f'its hook {name} takes an argument "{argument}" which the hook does not have.'
                f"{meant}\n  Arguments of {name}: {', '.join(known[name]) or 'none'}."
            )
    return None


def _unknown_hook(name: str, known: dict[str, tuple[str, ...]]) -> str:
    # "redy" is nearer to "ready" than "redy" is to "raystack_ready".
    bare = {hook.removeprefix(PREFIX): hook for hook in known}
    close = get_close_matches(name.removeprefix(PREFIX), bare, n=1)
    meant = f' Did you mean "{bare[close[0]]}"?' if close else ""
    return (
        f'it implements the hook "{name}", which does not exist.{meant}\n'
        f"  If another plugin that may be absent specifies it, mark it "
        f"@hookimpl(optionalhook=True)."
    )


def spec_arguments(pluginmanager: PluginManager) -> dict[str, tuple[str, ...]]:
    """Name all hooks that have a specification, with their arguments."""
    callers = vars(pluginmanager.hook)
    return {
        name: tuple(caller.spec.argnames)
        for name, caller in callers.items()
        if not name.startswith("_") and caller.has_spec()
    }
