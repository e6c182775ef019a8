"""The command group: knows every command's name and help, imports the one that runs."""

from collections.abc import Iterable, Iterator
from typing import Any

from typer.core import HAS_RICH, TyperCommand, TyperGroup, TyperOption

from raystack import get_kernel
from raystack.conf.sources import SAFE_MODE_VARIABLE, in_safe_mode

from .catalogue import Catalogue, Entry, known_commands, own_commands
from .exceptions import CommandError
from .loading import load
from .plugin import DIAGNOSTICS
from .project_required import require_project

HELP_OPTIONS = frozenset({"-h", "--help"})


class RaystackGroup(TyperGroup):
    """A Typer group whose commands are listed without being imported."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self._catalogue: Catalogue | None = None

    def list_commands(self, ctx: Any) -> list[str]:
        """Name all commands, for completion."""
        return list(self._know_all().entries)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the options and all commands, grouped by whose they are."""
        catalogue = self._know_all()
        if not HAS_RICH:
            self.epilog = "\n\n".join(catalogue.problems) or None
            super().format_help(ctx, formatter)
            return
        from .overview import print_overview

        panels = {"Options": list(self._option_rows(ctx))}
        for entry in catalogue.entries.values():
            panels.setdefault(entry.panel, []).append((entry.command.name, entry.command.help))
        print_overview(self.get_usage(ctx), self.help or "", panels, catalogue.problems)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Find the command to run and import it.

        Raises:
            CommandError: Its name is claimed twice, or nobody knows it because of a broken plugin.
        """
        name = args[0]
        entry = own_commands().entries.get(name) or self._contributed(name)
        if entry is None:
            return super().resolve_command(ctx, args)
        if entry.owner and not ctx.resilient_parsing and not HELP_OPTIONS.intersection(args):
            require_project()
            get_kernel().setup()
        return name, load(entry), args[1:]

    def _contributed(self, name: str) -> Entry | None:
        """Find the command of a plugin or an app."""
        catalogue = self._know_all()
        if name in catalogue.clashes:
            raise CommandError(catalogue.clashes[name])
        if name in catalogue.entries:
            return catalogue.entries[name]
        if in_safe_mode():
            raise CommandError(
                f'"{name}" does not run in safe mode, which is for '
                f"{', '.join(sorted(DIAGNOSTICS))}. Unset {SAFE_MODE_VARIABLE} to leave it."
            )
        if catalogue.problem:
            raise CommandError(
                f'There is no command "{name}", perhaps because of this:\n{catalogue.problem}'
            )
        return None

    def _option_rows(self, ctx: Any) -> Iterator[tuple[str, str]]:
        for option in self.get_params(ctx):
            if isinstance(option, TyperOption) and not option.hidden:
                yield ", ".join(sorted(option.opts, key=len)), option.help or ""

    def _know_all(self) -> Catalogue:
        if self._catalogue is None:
            self._catalogue = known_commands()
            self.commands = dict(_placeholders(self._catalogue.entries.values()))
        return self._catalogue


def _placeholders(entries: Iterable[Entry]) -> Iterable[tuple[str, TyperCommand]]:
    """Make commands that can be listed but not run."""
    for entry in entries:
        command = entry.command
        yield (
            command.name,
            TyperCommand(
                command.name,
                help=command.help,
                short_help=command.help,
                rich_help_panel=entry.panel or None,
            ),
        )
