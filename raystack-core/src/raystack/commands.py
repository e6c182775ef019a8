"""What plugins tell the command line: their commands, and what they add to new projects and apps.

These are plain data, so that a plugin can contribute to the command line without importing it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


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


@dataclass(frozen=True, slots=True)
class Scaffold:
    """What a plugin adds to a new project or app.

    Every text is a Jinja2 template. A project's knows ``name`` (``shop``) and ``title`` (``Shop``);
    an app's knows ``name`` (``blog``), ``title`` (``Blog``) and ``package`` (``apps.blog``).

    Args:
        files: Paths, relative to the new folder, with their texts.
        settings: Lines for ``config/settings.py``; for a new project only.
        folders: Empty folders to create.

    Example:
        ``Scaffold(files={"models.py": "from raystack_orm import models"})``
    """

    files: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""
    folders: tuple[str, ...] = ()
