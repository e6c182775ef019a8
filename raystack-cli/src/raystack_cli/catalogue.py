"""Which commands there are, and whose: the command line's own, the plugins', the apps'."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from raystack import Command, Kernel, RaystackError, get_kernel
from raystack.conf.sources import in_safe_mode
from raystack.plugins import Plugin

from .app_commands import commands_of
from .plugin import BUILTINS, DIAGNOSTICS

HOOK = "raystack_commands"
OWN_DISTRIBUTION = "raystack-cli"


@dataclass(frozen=True, slots=True)
class Entry:
    """A command with its owner.

    Args:
        command: The command.
        owner: The plugin's title, or the app; empty for the command line's own.
        panel: The heading in ``--help``.
    """

    command: Command
    owner: str
    panel: str


@dataclass(slots=True)
class Catalogue:
    """All commands.

    Args:
        entries: By name.
        clashes: For a name that is claimed twice, what is wrong.
        problem: Why commands of plugins and apps may be missing; empty if none are.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    clashes: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def problems(self) -> list[str]:
        """What is wrong, a line each, for a list of commands."""
        found = [message for message in (self.problem, *self.clashes.values()) if message]
        return [
            f"{message.partition(chr(10))[0]} See: raystack plugins doctor" for message in found
        ]


def own_commands() -> Catalogue:
    """Return the command line's own commands, for which nothing is looked up."""
    safe = in_safe_mode()
    usable = [c for c in BUILTINS if c.name in DIAGNOSTICS or not safe]
    return Catalogue({command.name: Entry(command, "", command.group) for command in usable})


def known_commands() -> Catalogue:
    """Return the commands of everybody, here and now.

    It never raises: with a broken plugin or project, ``problem`` says what is wrong.
    """
    try:
        return all_commands(get_kernel())
    except RaystackError as error:  # there is no kernel for what RAYSTACK_PROJECT names
        catalogue = own_commands()
        catalogue.problem = str(error)
        return catalogue


def all_commands(kernel: Kernel) -> Catalogue:
    """Return the commands of everybody, registering the kernel's plugins.

    A broken plugin or project does not raise: ``problem`` says what is wrong.
    """
    catalogue = own_commands()
    if kernel.safe_mode:
        return catalogue
    try:
        kernel.register()
        for entry in _contributed(kernel):
            _add(catalogue, entry)
    except RaystackError as error:
        catalogue.problem = str(error)
    return catalogue


def contributed_commands(kernel: Kernel) -> list[tuple[Plugin, Command]]:
    """Return the commands of all plugins, the command line's own included."""
    return kernel.hooks.gather(HOOK, lambda result: result.each(Command, HOOK))


def _contributed(kernel: Kernel) -> Iterator[Entry]:
    for plugin, command in contributed_commands(kernel):
        if plugin.distribution != OWN_DISTRIBUTION:
            yield Entry(command, plugin.contract.title, command.group or plugin.name)
    for app in kernel.apps:
        for command in commands_of(app):
            yield Entry(command, f"the app {app.name}", command.group)


def _add(catalogue: Catalogue, entry: Entry) -> None:
    name = entry.command.name
    other = catalogue.entries.get(name)
    if other is None:
        catalogue.entries[name] = entry
    elif not other.owner:
        catalogue.clashes[name] = (
            f'The command "{name}" of {entry.owner} has the name of one of Raystack\'s own, '
            f"which it cannot replace. It has to be renamed."
        )
    elif other.owner == entry.owner:
        catalogue.clashes[name] = f'The command "{name}" is defined twice in {entry.owner}.'
    else:
        catalogue.clashes[name] = (
            f'The command "{name}" is claimed twice: by {other.owner} and by {entry.owner}. '
            f"Rename one of them, or disable one of the plugins."
        )
