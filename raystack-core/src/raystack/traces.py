"""What messages say of an exception: what it is, and where it was raised."""

import importlib
from traceback import walk_tb

IMPORTLIB = importlib.__file__.removesuffix("__init__.py")


def describe(error: BaseException) -> str:
    """Write an exception as ``KeyError 'NAME'``: its class and what it says."""
    # str() of a SyntaxError adds the file's bare name and the line, which place() tells in full.
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__} {text}" if text else type(error).__name__


def place(error: BaseException) -> str:
    """Return `` (file, line 1)`` of the innermost frame, or nothing where no file is to blame.

    The importing itself is left out: the machinery of Python, and the frame that caught the error.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return f" ({error.filename}, line {error.lineno})"
    found = ""
    for frame, line in list(walk_tb(error.__traceback__))[1:]:
        file = frame.f_code.co_filename
        if not file.startswith(("<", IMPORTLIB)):
            found = f" ({file}, line {line})"
    return found
