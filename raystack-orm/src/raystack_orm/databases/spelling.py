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
        f"loop.\n  Write `{_spelling(_outermost())}`, or run several steps with "
        f"`await run_sync(function, ...)`; or write the endpoint as `def`, which FastAPI runs in a "
        f"worker thread."
    )


def _outermost() -> FrameType | None:
    """Return the frame of the ORM that user code called."""
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 - inspect.stack() reads sources
    found = frame
    while frame is not None and _is_ours(frame):
        found, frame = frame, frame.f_back
    return found


def _is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] == PACKAGE


def _spelling(frame: FrameType | None) -> str:
    if frame is None:
        return SPELLINGS["__iter__"]
    name, owner = frame.f_code.co_name, frame.f_locals.get("self")
    if name in SPELLINGS:
        return SPELLINGS[name]
    if owner is not None and inspect.getattr_static(type(owner), f"a{name}", None) is not None:
        return f"await ... .a{name}(...)"
    return f"await run_sync({name}, ...)"


def call_site() -> str:
    """Return the file and line of the code that called the ORM."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - inspect.stack() reads sources
    while frame is not None and _is_ours(frame):
        frame = frame.f_back
    return "" if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}"
