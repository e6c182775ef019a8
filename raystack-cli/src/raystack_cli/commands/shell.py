"""``raystack shell``: a Python shell with the project in it, where ``await`` works."""

import ast
import asyncio
import code
import inspect
from importlib.util import find_spec
from types import CodeType, FunctionType
from typing import Annotated, Any

import typer

from raystack import Kernel, reverse
from raystack import settings as project_settings

from ..project_required import require_project

BANNER = "Raystack shell. In it: {names}. Top-level await works."


def shell(
    command: Annotated[
        str, typer.Option("--command", "-c", help="Run this code and end, instead of asking.")
    ] = "",
    plain: Annotated[
        bool, typer.Option("--plain", help="Python's own shell, even if IPython is installed.")
    ] = False,
) -> None:
    """Open a Python shell in the project, with its models and settings imported."""
    kernel = require_project()
    kernel.setup()
    names = _names(kernel)
    if command:
        _run(command, names)
    elif not plain and find_spec("IPython") is not None:
        _ipython(names)
    else:
        AwaitingConsole(names).interact(BANNER.format(names=", ".join(sorted(names))), "")


def _names(kernel: Kernel) -> dict[str, Any]:
    names: dict[str, Any] = {"kernel": kernel, "settings": project_settings, "reverse": reverse}
    for result in kernel.hooks.call("raystack_shell_context", kernel=kernel):
        names.update(result.value)
    return names


def _run(source: str, names: dict[str, Any]) -> None:
    compiled = compile(source, "<command>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    result = FunctionType(compiled, names)()
    if inspect.iscoroutine(result):
        asyncio.run(result)


def _ipython(names: dict[str, Any]) -> None:
    from IPython import start_ipython
    from traitlets.config import Config

    config = Config()
    config.TerminalInteractiveShell.banner2 = BANNER.format(names=", ".join(sorted(names)))
    start_ipython(argv=[], user_ns=names, config=config)


class AwaitingConsole(code.InteractiveConsole):
    """Python's own shell, with ``await`` at the top level.

    One event loop lives as long as the shell, so that what one line opens another can use.

    Args:
        names: The names in the shell.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        super().__init__(names)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._runner = asyncio.Runner()

    def runcode(self, compiled: CodeType) -> None:
        """Run a line, awaiting it if it awaits."""
        try:
            result = FunctionType(compiled, self.locals)()
            if inspect.iscoroutine(result):
                self._runner.run(result)
        except SystemExit:
            raise
        except BaseException:  # noqa: BLE001 - whatever the user's line raises is shown to the user
            self.showtraceback()
