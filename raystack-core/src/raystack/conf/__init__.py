"""Settings: sections that plugins declare, the sources they are read from, the frozen result."""

from typing import TYPE_CHECKING, Any

from .proxy import settings as settings

if TYPE_CHECKING:  # these import pydantic, which `raystack --help` does without
    from .core import CoreSettings as CoreSettings
    from .frozen import Setting as Setting
    from .frozen import Settings as Settings
    from .section import RequiredOnRead as RequiredOnRead
    from .section import Section as Section

_MODULES = {
    "CoreSettings": "core",
    "RequiredOnRead": "section",
    "Section": "section",
    "Setting": "frozen",
    "Settings": "frozen",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_MODULES[name]}", __name__), name)
