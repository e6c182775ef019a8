"""Building the project's application, with the project's own mistakes told in a few lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from raystack import Kernel, Raystack, RaystackError
from raystack.explain import explain

from .exceptions import CommandError


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


def check_application(kernel: Kernel) -> None:
    """Build the application of the active kernel with its middleware, as a server will.

    Raises:
        RaystackError: The project or a plugin is broken.
    """
    from raystack import get_application

    with told_in_lines(kernel.project.root):
        get_application().assemble()


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
        raise CommandError(explain(error, root)) from error
