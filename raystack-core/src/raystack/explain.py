"""What the project's own code raised, in a few lines: what it says, and where in the project."""

import traceback
from collections.abc import Iterator
from pathlib import Path

from .exceptions import RaystackError

HERE = Path(__file__).parent
FOREIGN = frozenset({"site-packages", "dist-packages"})


def explain(error: Exception, root: Path | None) -> str:
    """Say why an application cannot be built.

    Args:
        error: What was raised; an error of Raystack's says it already.
        root: The project's folder.
    """
    if isinstance(error, RaystackError):
        return str(error)
    said = traceback.format_exception_only(error)[-1].strip()
    return "\n".join([f"The application cannot be built: {said}", *places(error, root)])


def places(error: Exception, root: Path | None) -> list[str]:
    """List where in the project it happened, the outermost first; else where it happened at all.

    Each is a line with the file, the line's number and the code; none is Raystack's own.
    """
    frames = list(_frames(error))
    own = [frame for frame in frames if _is_own(Path(frame[0]), root)]
    return [
        f"  {_short(file, root)}, line {line}: {code}" for file, line, code in own or frames[-1:]
    ]


def _frames(error: Exception) -> Iterator[tuple[str, int | None, str]]:
    for frame in traceback.extract_tb(error.__traceback__):
        if not frame.filename.startswith("<") and HERE not in Path(frame.filename).parents:
            yield frame.filename, frame.lineno, frame.line or ""
    if isinstance(error, SyntaxError) and error.filename:
        yield error.filename, error.lineno, (error.text or "").strip()


def _is_own(path: Path, root: Path | None) -> bool:
    return root is not None and path.is_relative_to(root) and not FOREIGN.intersection(path.parts)


def _short(file: str, root: Path | None) -> str:
    path = Path(file)
    return str(path.relative_to(root) if root and path.is_relative_to(root) else path)
