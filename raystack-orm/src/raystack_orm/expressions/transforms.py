"""Transforms: functions that stand in a keyword or after a field's name.

https://docs.djangoproject.com/en/stable/ref/models/lookups/#transform-reference
"""

from typing import Any, ClassVar

from .func import Func


class Transform(Func):
    """Something computed of a field, that stands in a keyword: ``name__lower="ann"``.

    Attributes:
        lookup_name: What stands in the keyword.
        bilateral: The right side is transformed too.
    """

    lookup_name: ClassVar[str] = ""
    bilateral: ClassVar[bool] = False
    arity: ClassVar[int | None] = 1

    @property
    def lhs(self) -> Any:
        """What is transformed."""
        return self.get_source_expressions()[0]

    def get_bilateral_transforms(self) -> list[Any]:
        """Return the transforms that the right side gets too, the innermost first."""
        inner = getattr(self.lhs, "get_bilateral_transforms", None)
        found = [] if inner is None else inner()
        return [*found, type(self)] if self.bilateral else found
