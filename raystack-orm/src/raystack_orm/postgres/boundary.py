"""The bounds of a range, for functions that make one.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/fields/#rangeboundary
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement

from ..expressions.base import Expression
from ..fields import TextField

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


class RangeBoundary(Expression):
    """Which ends of a range belong to it: ``[)``.

    Args:
        inclusive_lower: The lower end does.
        inclusive_upper: The upper end does.
    """

    output_field: Any = TextField()

    def __init__(self, inclusive_lower: bool = True, inclusive_upper: bool = False) -> None:
        super().__init__()
        self.lower = "[" if inclusive_lower else "("
        self.upper = "]" if inclusive_upper else ")"

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the bounds as text."""
        return compiler.constant(self.lower + self.upper)
