"""What stands on the class for a column, where its plain attribute alone would not do."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # fields name it as their descriptor_class
    from .base import Field


class DeferredAttribute:
    """Keeps a column's value in the instance, and loads it when it is deferred.

    A plain column has no descriptor on the class: its instances have the attribute, and one that
    is missing is loaded by ``Model.__getattr__``. This stands there where something else on the
    class would hide the attribute, and is the base of a field's own ``descriptor_class``.

    Args:
        field: The field.
    """

    def __init__(self, field: "Field[Any, Any]") -> None:
        self.field = field

    def __get__(self, instance: Any, owner: Any) -> Any:
        """Return the value, loading it if it is deferred."""
        if instance is None:
            return self
        try:
            return instance.__dict__[self.field.attname]
        except KeyError:
            return instance._load_deferred(self.field.attname)

    def __set__(self, instance: Any, value: Any) -> None:
        """Set the value."""
        instance.__dict__[self.field.attname] = value
