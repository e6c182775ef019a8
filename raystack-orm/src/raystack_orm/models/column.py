"""A column's value behind a descriptor, where something on the class would hide a plain one."""

from typing import Any


class ColumnDescriptor:
    """Keeps a value in the instance, under its name.

    Args:
        name: The attribute.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: Any) -> Any:
        """Return the value, loading it if it is deferred."""
        if instance is None:
            return self
        try:
            return instance.__dict__[self.name]
        except KeyError:
            return instance._load_deferred(self.name)

    def __set__(self, instance: Any, value: Any) -> None:
        """Set the value."""
        instance.__dict__[self.name] = value
