"""From a command's target to something Typer can run."""

import inspect
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any, Literal

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from .catalogue import Entry
from .exceptions import CommandError

MARKUP: Literal["rich"] = "rich"


def load(entry: Entry) -> TyperCommand | TyperGroup:
    """Import a command's function and make a Typer command of it.

    Raises:
        CommandError: There is no such module or function, or importing it fails.
    """
    found = _import(entry)
    name = entry.command.name
    app = found if isinstance(found, typer.Typer) else _app_of(name, found)
    made = get_command(app)
    made.name = name
    return made  # type: ignore[return-value]  # what get_command makes of a Typer


def _app_of(name: str, function: Callable[..., Any]) -> typer.Typer:
    app = typer.Typer(add_completion=False, rich_markup_mode=MARKUP, pretty_exceptions_enable=False)
    app.command(name, help=_help(function))(_synchronous(function))
    return app


def _help(function: Callable[..., Any]) -> str:
    """Return a docstring up to its list of arguments, which the options explain themselves."""
    return (inspect.getdoc(function) or "").partition("\nArgs:")[0].partition("\nRaises:")[0]


def _synchronous(function: Callable[..., Any]) -> Callable[..., Any]:
    if not inspect.iscoroutinefunction(function):
        return function

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        import asyncio  # 40 modules that `raystack --help` does without

        return asyncio.run(function(*args, **kwargs))

    return run


def _import(entry: Entry) -> Any:
    target = entry.command.target
    module_name, _, attribute = target.partition(":")
    owner = entry.owner or "raystack-cli"
    try:
        module = import_module(module_name)
    except Exception as error:
        raise CommandError(
            f'The command "{entry.command.name}" of {owner} cannot be imported from '
            f"{target}: {type(error).__name__}: {error}."
        ) from error
    if not hasattr(module, attribute):
        raise CommandError(
            f'The command "{entry.command.name}" of {owner} should be {target}, but '
            f"{module_name} has no {attribute!r}."
        )
    return getattr(module, attribute)
