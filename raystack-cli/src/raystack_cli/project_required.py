"""What a command says outside of a project."""

from pathlib import Path

from raystack import Kernel, get_kernel
from raystack.project import SETTINGS_VARIABLE

from .exceptions import CommandError


def require_project() -> Kernel:
    """Return the active kernel, if there is a project.

    Raises:
        CommandError: There is none.
    """
    kernel = get_kernel()
    if kernel.project.settings_module is None:
        raise CommandError(
            f"There is no Raystack project here: no manage.py in {Path.cwd()} or a folder above "
            f"it, and {SETTINGS_VARIABLE} is not set.\n"
            f"  Go to a project's folder, or start one: raystack startproject NAME"
        )
    return kernel
