"""The commands of apps, read from the source of their ``commands.py`` without importing it."""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

from raystack import AppConfig, Command

from .exceptions import CommandError

MODULE = "commands"
DECORATOR = "command"


def commands_of(app: AppConfig) -> list[Command]:
    """Read an app's commands.

    Raises:
        CommandError: Its ``commands.py`` has a syntax error.
    """
    module = f"{app.name}.{MODULE}"
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        return []
    try:
        tree = ast.parse(Path(spec.origin).read_bytes(), spec.origin)
    except SyntaxError as error:
        raise CommandError(
            f"The commands of the app {app.name} cannot be read: {error.msg} "
            f"({spec.origin}, line {error.lineno})."
        ) from error
    return list(_commands(tree, module, app.verbose_name))


def _commands(tree: ast.Module, module: str, group: str) -> Iterator[Command]:
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for decorator in node.decorator_list:
            name = _marked(decorator)
            if name is not None:
                summary = (ast.get_docstring(node) or "").partition("\n")[0]
                yield Command(
                    name or node.name.replace("_", "-"), f"{module}:{node.name}", summary, group
                )


def _marked(decorator: ast.expr) -> str | None:
    """Return the name given in ``@command("name")``; ``""`` without one, ``None`` if unmarked."""
    call = decorator if isinstance(decorator, ast.Call) else None
    function = call.func if call else decorator
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if called != DECORATOR:
        return None
    if call and call.args and isinstance(call.args[0], ast.Constant):
        return str(call.args[0].value)
    return ""
