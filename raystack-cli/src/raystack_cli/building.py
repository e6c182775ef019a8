"""Building the project's application, with the project's own mistakes told in a few lines."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from raystack import Kernel, Raystack, RaystackError

from .exceptions import CommandError

FOREIGN = frozenset({"site-packages", "dist-packages"})


def build_application(kernel: Kernel) -> Raystack:
    """Build the application of the active kernel, with its urls.

    Raises:
        RaystackError: The project or a plugin is broken.
    """
    from raystack import get_application

    with told_in_lines(kernel.project.root):
        application = get_application()
        application.build()
    return application


@contextmanager
def told_in_lines(root: Path | None) -> Iterator[None]:
    """Raise what the project's code raises as one error that says where in the project it was.

    Args:
        root: The project's folder.

    Raises:
        CommandError: The code inside raised something that is not Raystack's.
    """
    try:
        yield
    except RaystackError:
        raise
    except Exception as error:
        said = traceback.format_exception_only(error)[-1].strip()
        raise CommandError(
            "\n".join([f"The application cannot be built: {said}", *_places(error, root)])
        ) from error


def _places(error: Exception, root: Path | None) -> list[str]:
    """List where in the project it happened, the outermost first; else where it happened at all."""
    frames = [
        (frame.filename, frame.lineno, frame.line or "")
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<")
    ]
    if isinstance(error, SyntaxError) and error.filename:
        frames.append((error.filename, error.lineno, (error.text or "").strip()))
    own = [frame for frame in frames if _is_own(Path(frame[0]), root)]
    return [
        f"  {_short(file, root)}, line {line}: {code}" for file, line, code in own or frames[-1:]
    ]


def _is_own(path: Path, root: Path | None) -> bool:
    return root is not None and path.is_relative_to(root) and not FOREIGN.intersection(path.parts)


def _short(file: str, root: Path | None) -> str:
    path = Path(file)
    return str(path.relative_to(root) if root and path.is_relative_to(root) else path)
