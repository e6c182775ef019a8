"""cli.*: what ``raystack check`` asks of the commands."""

from collections.abc import Sequence

from raystack import CheckMessage, Kernel, Level

from .catalogue import all_commands
from .exceptions import CommandError
from .loading import load


def check_commands(kernel: Kernel) -> Sequence[CheckMessage]:
    """Report commands that are claimed twice, that cannot be read, and that cannot be imported."""
    catalogue = all_commands(kernel)
    messages = [
        CheckMessage(Level.ERROR, message, obj=name, id="cli.E001")
        for name, message in sorted(catalogue.clashes.items())
    ]
    if catalogue.problem:
        messages.append(CheckMessage(Level.ERROR, catalogue.problem, id="cli.E002"))
    for name, entry in sorted(catalogue.entries.items()):
        try:
            if entry.owner:
                load(entry)
        except CommandError as error:
            messages.append(CheckMessage(Level.ERROR, str(error), obj=name, id="cli.E003"))
    return messages
