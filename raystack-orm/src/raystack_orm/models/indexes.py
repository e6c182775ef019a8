"""Indexes of a model's table."""

from collections.abc import Sequence


class Index:
    """An index on some fields.

    Args:
        fields: Names of fields; ``"-name"`` for a descending one.
        name: The index's name; made from table and fields by default.

    https://docs.djangoproject.com/en/stable/ref/models/indexes/
    """

    def __init__(self, *, fields: Sequence[str], name: str = "") -> None:
        self.fields = tuple(fields)
        self.name = name

    @property
    def names(self) -> list[str]:
        """The fields' names without the order."""
        return [field.lstrip("-") for field in self.fields]
