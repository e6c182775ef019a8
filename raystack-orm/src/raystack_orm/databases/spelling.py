"""What to write instead of a synchronous call on the event loop."""

import inspect
import sys
from types import FrameType

PACKAGE = __name__.partition(".")[0]
SPELLINGS = {
    "__iter__": "async for ... in queryset",
    "__len__": "await queryset",
    "__bool__": "await queryset.aexists()",
    "__getitem__": "await queryset[...].aget(), or async for ... in queryset[...]",
    "__contains__": "await queryset.acontains(...)",
    "__enter__": "async with transaction.atomic()",
    "__get__": "await instance.afetch(name)",
    "__getattr__": "await instance.afetch(name)",
    "_load_deferred": "await instance.afetch(name)",
}


def advice() -> str:
    """Explain the error of a synchronous call, by the ORM's method that user code called."""
    return (
        f"The ORM was used synchronously inside of `async def`, where it would block the event "
        f"loop.\n  Write `{_spelling()}`, or run several steps with "
        f"`await run_sync(function, ...)`; or write the endpoint as `def`, which FastAPI runs in a "
        f"worker thread."
    )


def _spelling() -> str:
    """Return the asynchronous spelling of the outermost method of the ORM that has one."""
    found = "await run_sync(function, ...)"
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 - inspect.stack() reads sources
    while frame is not None and _is_ours(frame):
        name, owner = frame.f_code.co_name, frame.f_locals.get("self")
        if name in SPELLINGS:
            found = SPELLINGS[name]
        elif owner is not None and _has(type(owner), f"a{name}"):
            found = f"await ... .a{name}(...)"
        frame = frame.f_back
    return found


def _is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] == PACKAGE


def _has(cls: type, name: str) -> bool:
    return inspect.getattr_static(cls, name, None) is not None


def call_site() -> str:
    """Return the file and line of the code that called the ORM."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - inspect.stack() reads sources
    while frame is not None and _is_ours(frame):
        frame = frame.f_back
    return "" if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}"
