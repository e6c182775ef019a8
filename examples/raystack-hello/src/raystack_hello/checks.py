"""What ``raystack check`` asks of raystack-hello."""

from raystack import CheckMessage, Level


def check_greeting(greeting: str) -> list[CheckMessage]:
    """Warn of a greeting that says nothing."""
    if greeting.strip():
        return []
    return [
        CheckMessage(
            Level.WARNING,
            "HELLO_GREETING is empty.",
            hint='Set it to a word, such as "Hello".',
            obj="HELLO_GREETING",
            id="hello.W001",
        )
    ]
