"""The hooks of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raystack import hookspec

if TYPE_CHECKING:  # `raystack --help` reads this module and imports none of these
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from raystack import Command, Kernel, Scaffold


@hookspec
def raystack_commands() -> Sequence[Command] | None:
    """Contribute subcommands of ``raystack``.

    Called when the command line looks for a command that is not its own, and for ``--help``. Return
    plain data and import nothing: the function is imported when its command runs. Settings do not
    exist yet.

    Returns:
        The commands, or ``None`` for none. Two plugins that claim one name are an error naming
        both.
    """


@hookspec
def raystack_shell_context(kernel: Kernel) -> Mapping[str, object] | None:
    """Contribute names to ``raystack shell``.

    Called when the shell starts, with the kernel set up. A later plugin's name goes over an
    earlier one's.

    Args:
        kernel: The kernel, with its settings and apps.

    Returns:
        Names and their values, or ``None`` for none.
    """


@hookspec
def raystack_shell_sandbox(kernel: Kernel) -> AbstractContextManager[None] | None:
    """Undo what is done in ``raystack shell --sandbox``.

    Called when such a shell starts, with the kernel set up. What all plugins return is entered
    before the first line runs and left in reverse when the shell ends, however it ends: then
    nothing may be left of what was done inside. Changes that cannot be undone do not belong here.

    Args:
        kernel: The kernel, with its settings and apps.

    Returns:
        What undoes it, or ``None`` for nothing. A sandbox that no plugin offers is an error.
    """


@hookspec
def raystack_startproject() -> Scaffold | None:
    """Add files and settings to what ``raystack startproject`` writes.

    Called once, outside of any project: there are no settings. Two plugins that add the same file
    are an error naming both.

    Returns:
        What to add, or ``None`` for nothing.
    """


@hookspec
def raystack_startapp() -> Scaffold | None:
    """Add files to what ``raystack startapp`` writes.

    Called once, in the project that gets the app. Two plugins that add the same file are an error
    naming both.

    Returns:
        What to add; its ``settings`` are not used. ``None`` for nothing.
    """
