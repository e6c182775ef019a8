"""cli.*: what ``raystack check`` asks of the commands."""

from collections.abc import Sequence

from raystack import CheckMessage, Kernel, Level

from .catalogue import all_commands


def check_commands(kernel: Kernel) -> Sequence[CheckMessage]:
    """Report commands that are claimed twice, and apps whose commands cannot be read."""
    catalogue = all_commands(kernel)
    messages = [
        CheckMessage(Level.ERROR, message, obj=name, id="cli.E001")
        for name, message in sorted(catalogue.clashes.items())
    ]
    if catalogue.problem:
        messages.append(CheckMessage(Level.ERROR, catalogue.problem, id="cli.E002"))
    return messages
