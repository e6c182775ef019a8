"""The greeting itself."""

from raystack import settings


def greet(name: str) -> str:
    """Greet somebody with the word that ``HELLO_GREETING`` says."""
    return f"{settings.HELLO_GREETING}, {name}!"
