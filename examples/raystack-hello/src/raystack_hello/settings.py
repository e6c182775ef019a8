"""The settings of raystack-hello."""

from pydantic import Field, field_validator

from raystack import Section


class HelloSettings(Section):
    """How to greet."""

    HELLO_GREETING: str = Field("Hello", description="The word that greetings begin with.")

    @field_validator("HELLO_GREETING")
    @classmethod
    def _fits_into_a_header(cls, value: str) -> str:
        """Refuse what a header cannot hold: a line break, above all, would begin another one."""
        if not (value.isascii() and value.isprintable()):
            raise ValueError("should be printable ASCII: it is the value of a header")
        return value.strip()  # spaces around it are no part of a header's value
