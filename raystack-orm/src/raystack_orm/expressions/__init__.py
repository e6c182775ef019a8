"""Expressions: what stands in a query beside plain values."""

from .base import Combined as Combined
from .base import Expression as Expression
from .base import F as F
from .base import Value as Value
from .base import as_expression as as_expression
from .q import Q as Q
