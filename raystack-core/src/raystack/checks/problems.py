"""core.E*: what the kernel has left out under ``PLUGIN_ERRORS = "skip"``."""

from collections.abc import Iterator

from ..kernel import Kernel
from .messages import CheckMessage, Level


def check_problems(kernel: Kernel) -> Iterator[CheckMessage]:
    """Report every plugin that was skipped, and names in ``PLUGINS_DISABLED`` that mean nothing."""
    for problem in kernel.problems:
        message, _, hint = problem.message.partition("\n")
        yield CheckMessage(Level.ERROR, message, hint.strip(), problem.plugin, "core.E001")
    known = {contract.name for contract in kernel.contracts} | {app.name for app in kernel.apps}
    for name in kernel.settings.PLUGINS_DISABLED:
        if name not in known:
            yield CheckMessage(
                Level.WARNING,
                f'PLUGINS_DISABLED names "{name}", which is not installed.',
                "Remove the name, or correct it.",
                name,
                "core.W002",
            )
