"""What messages say of an exception: what it is, and where it was raised."""

import importlib
from traceback import walk_tb

IMPORTLIB = importlib.__file__.removesuffix("__init__.py")


def describe(error: BaseException) -> str:
    """Write an exception as ``KeyError 'NAME'``: its class and what it says."""
    # str() of a SyntaxError adds the file's bare name and the line, which place() tells in full.
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception:  # noqa: BLE001 - an exception's own __str__ may be broken
        text = ""
    return f"{type(error).__name__} {text}" if text else type(error).__name__


def describe_and_place(error: BaseException) -> str:
    """Write an exception as ``KeyError 'NAME' (file, line 1)``."""
    where = place(error)
    return f"{describe(error)} ({where})" if where else describe(error)


def place(error: BaseException, package: str = "") -> str:
    """Return ``file, line 1`` of the innermost frame, or nothing where no file is to blame.

    The importing itself is left out: the machinery of Python, and the frame that caught the error.

    Args:
        error: The exception.
        package: The package whose innermost frame is wanted, if one of its frames is there.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}"
    found = inside = ""
    for frame, line in list(walk_tb(error.__traceback__))[1:]:
        file = frame.f_code.co_filename
        if not file.startswith(("<", IMPORTLIB)):
            found = f"{file}, line {line}"
            if package and frame.f_globals.get("__name__", "").partition(".")[0] == package:
                inside = found
    return inside or found
