"""What a socket tells of a connection without asking the server."""

import select


def has_news(descriptor: int) -> bool:
    """Say whether an idle connection has something to read: it does when the server ended it."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
