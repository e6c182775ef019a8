"""Apps as local plugins: their contracts, and those that a plugin's settings section adds."""

from collections.abc import Iterable
from dataclasses import replace

from ..apps import AppConfig, Apps, load_app
from ..exceptions import AppError, PluginError
from .contract import Contract, Plugin


def local_contract(config: AppConfig, installed: Iterable[Contract]) -> Contract:
    """Return an app's contract as a plugin; its ``plugin.py`` may be that of a distribution."""
    contract = config.contract
    announced = any(each.module == contract.module for each in installed)
    return replace(contract, module="") if announced else contract


def add_app_of(plugin: Plugin, entry: str, apps: Apps, installed: Iterable[Contract]) -> None:
    """Add an app that a plugin's settings section names.

    Raises:
        PluginError: It cannot be loaded, its label is taken, or it has a ``plugin.py``:
            registering is over.
    """
    try:
        config = load_app(entry)
        _refuse_plugin(config, plugin, installed)
        apps.add(config)
    except AppError as error:
        contract = plugin.contract
        raise PluginError(
            f"{contract.title} adds the app {entry} with its settings section, which does not "
            f"work: {error}\n  {contract.origin}\n"
            f"  Repair or upgrade it, or start without the plugin: {contract.way_without}",
            plugin=plugin.name,
        ) from error


def _refuse_plugin(config: AppConfig, plugin: Plugin, installed: Iterable[Contract]) -> None:
    late = local_contract(config, installed).module
    if late:
        raise AppError(
            f"All plugins are registered by now, and its {late} would never be loaded. Move its "
            f"hooks to {plugin.contract.module}."
        )
