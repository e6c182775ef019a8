"""What raystack-orm adds to a project. Every command imports this: keep it light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raystack import Command, Scaffold, hookimpl

if TYPE_CHECKING:  # heavy, and needed only inside the hooks below
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from typing import Any

    from raystack import AppConfig, CheckMessage, Kernel, Raystack, Section, Settings

MODELS = '''"""The models of {{ name }}."""

from raystack_orm import models  # noqa: F401 - the first model uses it
'''

SETTINGS = """
# A SQLite file in this folder. For PostgreSQL: postgresql://user:password@localhost/{{ name }}
DATABASES = {"default": {"URL": "sqlite:///db.sqlite3"}}
"""


@hookimpl
def raystack_settings() -> type[Section]:
    """Declare ``DATABASES``."""
    from .settings import OrmSettings

    return OrmSettings


@hookimpl
def raystack_app_loaded(kernel: Kernel, app_config: AppConfig) -> None:
    """Import the app's models."""
    from .project import load_models

    load_models(kernel, app_config)


@hookimpl
def raystack_ready(kernel: Kernel) -> None:
    """Let the ORM follow the settings."""
    from .project import follow_active_kernel

    follow_active_kernel()


@hookimpl
def raystack_lifespan(app: Raystack) -> AbstractAsyncContextManager[None]:
    """Close the connections when the server stops; they open when they are first needed."""
    from .lifespan import closing_connections

    return closing_connections()


@hookimpl
def raystack_exception_handlers(
    settings: Settings,
) -> Mapping[int | type[Exception], Callable[..., Any]]:
    """Answer 400, 409 or 503 where the database refused what a client asked for."""
    from .responses import exception_handlers

    return exception_handlers()


@hookimpl
def raystack_sync_runner() -> Callable[..., Awaitable[Any]]:
    """Run synchronous code on the event loop, where its queries are awaited."""
    from .databases import run_sync

    return run_sync


@hookimpl
def raystack_checks(kernel: Kernel, deploy: bool) -> Sequence[CheckMessage]:
    """Report relations that lead nowhere, names and tables that clash, missing tables."""
    from .checks import check_models

    return list(check_models())


@hookimpl(optionalhook=True)
def raystack_commands() -> Sequence[Command]:
    """Add the commands of the database, if the command line is installed."""
    folder = "raystack_orm.commands"
    return [
        Command("migrate", f"{folder}.migrate:migrate", "Create the missing tables."),
        Command("dumpdata", f"{folder}.dumpdata:dumpdata", "Write the rows of models as JSON."),
        Command("loaddata", f"{folder}.loaddata:loaddata", "Load the objects of fixtures."),
        Command("flush", f"{folder}.flush:flush", "Delete all rows of all tables."),
        Command("sqlflush", f"{folder}.flush:sqlflush", "Print what flush runs."),
        Command("dbshell", f"{folder}.dbshell:dbshell", "Open the database's command line."),
        Command("inspectdb", f"{folder}.inspectdb:inspectdb", "Print models of the tables."),
    ]


@hookimpl(optionalhook=True)
def raystack_shell_context(kernel: Kernel) -> Mapping[str, object]:
    """Add all models to the shell."""
    from .project import shell_context

    return shell_context()


@hookimpl(optionalhook=True)
def raystack_shell_sandbox(kernel: Kernel) -> AbstractContextManager[None]:
    """Undo what a sandboxed shell does in the databases."""
    from .commands.sandbox import sandbox

    return sandbox()


@hookimpl(optionalhook=True)
def raystack_startproject() -> Scaffold:
    """Give a new project a database."""
    return Scaffold(settings=SETTINGS)


@hookimpl(optionalhook=True)
def raystack_startapp() -> Scaffold:
    """Give a new app a place for its models."""
    return Scaffold(files={"models.py": MODELS})
