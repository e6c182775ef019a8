"""A command as a plugin declares it: a name and where its function is, nothing imported."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand of ``raystack``, returned from the hook ``raystack_commands``.

    The function is an ordinary Typer command: its parameters' type hints are its arguments and
    options. It is imported when the command runs, not when it is listed.

    Args:
        name: What the user types after ``raystack``; words joined by hyphens.
        target: Where the function is, as ``"package.module:function"``.
        help: One line for ``raystack --help``.
        group: The heading it is listed under; empty means the contributing plugin's name.

    Example:
        ``Command("greet", "raystack_hello.commands:greet", "Greet somebody.")``
    """

    name: str
    target: str
    help: str
    group: str = ""
