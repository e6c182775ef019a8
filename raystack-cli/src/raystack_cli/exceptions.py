"""The errors of the command line."""

from raystack import RaystackError


class CommandError(RaystackError):
    """A command was used in a way that cannot work.

    Args:
        message: What happened and what to do next.
        exit_code: 2 for a mistake in what was asked, 1 for something that failed while doing it.
    """

    def __init__(self, message: str, *, exit_code: int = 2) -> None:
        super().__init__(message)
        self.exit_code = exit_code
