"""core.*: what the kernel has left out, and settings that mean nothing."""

from collections.abc import Iterator

from ..kernel import Kernel
from .messages import CheckMessage, Level


def check_problems(kernel: Kernel) -> Iterator[CheckMessage]:
    """Report skipped plugins, and variables and names of plugins that mean nothing here."""
    for problem in kernel.problems:
        message, _, hint = problem.message.partition("\n")
        yield CheckMessage(Level.ERROR, message, hint.strip(), problem.plugin, "core.E001")
    for note in kernel.notes:
        hint = "Unset it, or start its plugin."
        yield CheckMessage(Level.WARNING, note, hint, note.partition(" ")[0], "core.W003")
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
