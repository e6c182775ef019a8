"""Settings: sections that plugins declare, the sources they are read from, the frozen result."""

from typing import TYPE_CHECKING

from .proxy import settings as settings

if TYPE_CHECKING:  # these import pydantic, which `raystack --help` does without
    from .core import CoreSettings as CoreSettings
    from .frozen import Setting as Setting
    from .frozen import Settings as Settings
    from .section import RequiredOnRead as RequiredOnRead
    from .section import Section as Section
else:
    from ..lazy import lazy_names

    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "CoreSettings": "core",
            "RequiredOnRead": "section",
            "Section": "section",
            "Setting": "frozen",
            "Settings": "frozen",
        },
    )
