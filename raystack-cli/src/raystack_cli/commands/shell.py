"""``raystack shell``: a Python shell with the project in it, where ``await`` works."""

import ast
import asyncio
import code
import inspect
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from importlib.util import find_spec
from types import CodeType, FunctionType, TracebackType
from typing import Annotated, Any

import typer

from raystack import Kernel, RaystackError, reverse
from raystack import settings as project_settings
from raystack.plugins.caller import HookResult

from ..exceptions import CommandError
from ..project_required import require_project

HOOK = "raystack_shell_context"
SANDBOX_HOOK = "raystack_shell_sandbox"
SOURCE_NAME = "<command>"
BANNER = "Raystack shell. In it: {names}. Top-level await works."


def shell(
    command: Annotated[
        str, typer.Option("--command", "-c", help="Run this code and end, instead of asking.")
    ] = "",
    plain: Annotated[
        bool, typer.Option("--plain", help="Python's own shell, even if IPython is installed.")
    ] = False,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Undo all changes to the databases at the end.")
    ] = False,
) -> None:
    """Open a Python shell in the project, with its models and settings imported."""
    kernel = require_project()
    kernel.setup()
    with sandboxed(kernel) if sandbox else nullcontext():
        _open(_names(kernel), command, plain=plain)


@contextmanager
def sandboxed(kernel: Kernel) -> Iterator[None]:
    """Undo at the end what happens inside, and say so.

    Raises:
        CommandError: No plugin can undo anything.
    """
    offered = kernel.hooks.gather(SANDBOX_HOOK, _context_manager, kernel=kernel)
    if not offered:
        raise CommandError(
            "No plugin of this project offers a sandbox, so nothing would be undone. raystack-orm "
            "offers one for its databases."
        )
    with ExitStack() as stack:
        for _, undoing in offered:
            stack.enter_context(undoing)
        typer.echo("Sandbox: all changes will be undone when this shell ends.", err=True)
        try:
            yield
        finally:
            stack.close()
            sys.stdout.flush()  # what the code printed comes before this
            typer.echo("Sandbox: all changes were undone.", err=True)


def _context_manager(result: HookResult) -> Iterator[AbstractContextManager[None]]:
    if not isinstance(result.value, AbstractContextManager):
        raise result.wrong(result.value, "a context manager", SANDBOX_HOOK)
    yield result.value


def _open(names: dict[str, Any], command: str, *, plain: bool) -> None:
    if command:
        _run(command, names)
    elif not plain and find_spec("IPython") is not None:
        _ipython(names)
    else:
        with asyncio.Runner() as runner:
            console = AwaitingConsole(names, runner)
            console.interact(BANNER.format(names=", ".join(sorted(names))), "")


def _names(kernel: Kernel) -> dict[str, Any]:
    names: dict[str, Any] = {"kernel": kernel, "settings": project_settings, "reverse": reverse}
    for _, added in kernel.hooks.gather(HOOK, _mapping, kernel=kernel):
        names.update(added)
    return names


def _mapping(result: HookResult) -> Iterator[Mapping[str, Any]]:
    if not isinstance(result.value, Mapping):
        raise result.wrong(result.value, "a mapping of names to values", HOOK)
    yield result.value


def _run(source: str, names: dict[str, Any]) -> None:
    try:
        compiled = compile(source, SOURCE_NAME, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        result = FunctionType(compiled, names)()
        if inspect.iscoroutine(result):
            asyncio.run(result)
    except RaystackError:
        raise
    except Exception as error:  # noqa: BLE001 - the user's code may raise whatever it likes
        error.__traceback__ = _from_source(error.__traceback__)
        traceback.print_exception(error)
        raise typer.Exit(1) from None


def _from_source(frame: TracebackType | None) -> TracebackType | None:
    """Leave out the frames above the user's code, which are ours."""
    while frame is not None and frame.tb_frame.f_code.co_filename != SOURCE_NAME:
        frame = frame.tb_next
    return frame


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
        runner: The event loop of the shell.
    """

    def __init__(self, names: dict[str, Any], runner: asyncio.Runner) -> None:
        super().__init__(names)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._runner = runner

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
