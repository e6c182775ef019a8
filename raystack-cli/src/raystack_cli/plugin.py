"""What raystack-cli adds to a project. Every command imports this: keep it light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raystack import Command, hookimpl

if TYPE_CHECKING:  # see the module's docstring
    from collections.abc import Sequence

    from pluggy import PluginManager

    from raystack import CheckMessage, Kernel

START = "Start something"
SERVE = "Serve"
LOOK = "Look into a project"

BUILTINS = (
    Command(
        "startproject",
        "raystack_cli.commands.startproject:startproject",
        "Write a new project.",
        START,
    ),
    Command(
        "startapp", "raystack_cli.commands.startapp:startapp", "Add an app to the project.", START
    ),
    Command(
        "startplugin",
        "raystack_cli.commands.startplugin:startplugin",
        "Write a new plugin distribution.",
        START,
    ),
    Command(
        "runserver",
        "raystack_cli.commands.runserver:runserver",
        "Serve the project for development.",
        SERVE,
    ),
    Command("run", "raystack_cli.commands.run:run", "Serve the project in production.", SERVE),
    Command(
        "shell", "raystack_cli.commands.shell:shell", "Open a Python shell in the project.", LOOK
    ),
    Command(
        "check",
        "raystack_cli.commands.check:check",
        "Look for mistakes, and for risks with --deploy.",
        LOOK,
    ),
    Command(
        "plugins",
        "raystack_cli.commands.plugins:app",
        "List the plugins, show one, or find what is broken.",
        LOOK,
    ),
    Command(
        "routes", "raystack_cli.commands.routes:routes", "List the routes and their owners.", LOOK
    ),
    Command(
        "settings",
        "raystack_cli.commands.settings:settings",
        "List the settings and where they come from.",
        LOOK,
    ),
    Command("version", "raystack_cli.commands.version:version", "Print the versions.", LOOK),
)
DIAGNOSTICS = frozenset({"check", "plugins", "settings", "version"})
"""What runs under ``RAYSTACK_SAFE_MODE=1``."""


@hookimpl
def raystack_addhooks(pluginmanager: PluginManager) -> None:
    """Add the hooks of the command line."""
    from . import hookspecs

    pluginmanager.add_hookspecs(hookspecs)


@hookimpl
def raystack_commands() -> Sequence[Command]:
    """Add the commands of the command line itself."""
    return BUILTINS


@hookimpl
def raystack_checks(kernel: Kernel, deploy: bool) -> Sequence[CheckMessage]:
    """Report commands that are claimed twice."""
    from .checks import check_commands

    return check_commands(kernel)
