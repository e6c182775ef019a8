"""The commands of apps, read from the source of their ``commands.py`` without importing it."""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

from raystack import AppConfig, Command

from .exceptions import CommandError

MODULE = "commands"
PACKAGE = "raystack_cli"
DECORATOR = "command"


def commands_of(app: AppConfig) -> list[Command]:
    """Read an app's commands.

    Raises:
        CommandError: Its ``commands.py`` cannot be read.
    """
    module = f"{app.name}.{MODULE}"
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        return []
    try:
        tree = ast.parse(Path(spec.origin).read_bytes(), spec.origin)
    except (SyntaxError, ValueError, OSError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        raise CommandError(
            f"The commands of the app {app.name} cannot be read: {error.args[0]} "
            f"({spec.origin}{line})."
        ) from error
    return list(_commands(tree, module, app.verbose_name))


def _commands(tree: ast.Module, module: str, group: str) -> Iterator[Command]:
    marks = _marks(tree)
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            if ast.unparse(call.func if call else decorator) in marks:
                name = _given_name(call) or node.name.replace("_", "-")
                summary = (ast.get_docstring(node) or "").partition("\n")[0]
                yield Command(name, f"{module}:{node.name}", summary, group)


def _marks(tree: ast.Module) -> set[str]:
    """Name what ``raystack_cli.command`` is in a module; Typer has a decorator called so too."""
    marks = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == PACKAGE:
            marks |= {a.asname or a.name for a in node.names if a.name == DECORATOR}
        elif isinstance(node, ast.Import):
            marks |= {f"{a.asname or a.name}.{DECORATOR}" for a in node.names if a.name == PACKAGE}
    return marks


def _given_name(call: ast.Call | None) -> str:
    if call and call.args and isinstance(call.args[0], ast.Constant):
        return str(call.args[0].value)
    return ""
