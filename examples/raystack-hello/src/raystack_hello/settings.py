"""The settings of raystack-hello."""

from pydantic import Field

from raystack import Section


class HelloSettings(Section):
    """How to greet."""

    HELLO_GREETING: str = Field("Hello", description="The word that greetings begin with.")
