"""Lookups: how a filter compares a field with a value."""

from .base import Kind as Kind
from .base import Lookup as Lookup
from .base import Prepared as Prepared
from .base import Transform as Transform
from .builtin import LOOKUPS as LOOKUPS
from .transforms import transforms_of as transforms_of
