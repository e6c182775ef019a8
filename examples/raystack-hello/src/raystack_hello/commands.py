"""The command of raystack-hello."""

from .greeting import greet as greeting_for


def greet(name: str = "world") -> None:
    """Greet somebody.

    Args:
        name: Whom to greet.
    """
    print(greeting_for(name))
