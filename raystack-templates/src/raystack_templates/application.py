"""What the application gets: ``app.jinja_env``, and the static files in front of all routes."""

from starlette.routing import Mount

from raystack import Raystack

from .engine import OURS, get_engine
from .folders import static_folders
from .settings import TemplatesSettings
from .static.files import StaticFolders


def install(app: Raystack) -> None:
    """Add templates and static files to an application that is being built."""
    # Both ask plugins, and raise if one is at fault: before anything is changed.
    environment, folders = get_engine(app.kernel).environment, static_folders(app.kernel)
    app.jinja_env = environment  # type: ignore[attr-defined]  # as FastAPI's state is
    base = app.kernel.settings.section(TemplatesSettings).STATIC_URL
    if not base.startswith("/"):
        return  # another server's
    files = StaticFolders([folder.path for folder in folders])
    mount = Mount(base.rstrip("/"), files, name="static")
    with app.router.owned_by(OURS):
        # First, so that a project's route for "/{path:path}" does not hide them.
        app.router.routes.insert(0, mount)
