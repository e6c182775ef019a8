"""Whose code an error came from: a note on the exception, so that the log names the plugin.

Nothing happens on a request that succeeds.
"""

import sysconfig
from pathlib import Path
from traceback import walk_tb
from types import FrameType

from .kernel import Kernel
from .plugins.contract import Plugin

HERE = Path(__file__).parent
ROUTING = frozenset({"fastapi.routing", "starlette.routing"})
LIBRARIES = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")]


def name_plugin(error: BaseException, kernel: Kernel) -> None:
    """Note on an exception which plugin raised it; the server's log shows notes.

    The innermost frame that is a plugin's or the project's decides: a plugin is not blamed for a
    function of the project that it calls, nor for what FastAPI raises of an endpoint's answer,
    which only passes through its middleware.

    Args:
        error: The exception, as it leaves the application.
        kernel: The kernel, which knows its plugins.
    """
    for frame, _ in reversed(list(walk_tb(error.__traceback__))):
        plugin = _plugin_of(frame, kernel)
        if plugin is not None:
            note = f"Raised in the plugin {plugin.name} ({plugin.contract.title})."
            if note not in getattr(error, "__notes__", ()):
                error.add_note(note)
            return
        if not _is_a_librarys(frame) or frame.f_globals.get("__name__") in ROUTING:
            return  # the project's own code, or FastAPI's around it


def _plugin_of(frame: FrameType, kernel: Kernel) -> Plugin | None:
    package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
    for plugin in kernel.plugins:
        if plugin.distribution and plugin.module.__name__.partition(".")[0] == package:
            return plugin
    return None


def _is_a_librarys(frame: FrameType) -> bool:
    path = Path(frame.f_code.co_filename)
    return path.is_relative_to(HERE) or any(path.is_relative_to(folder) for folder in LIBRARIES)
