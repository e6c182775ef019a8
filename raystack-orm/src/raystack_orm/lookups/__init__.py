"""Lookups: how a filter compares a field with a value."""

from ..lookup_registry import RegisterLookupMixin as RegisterLookupMixin
from .base import BuiltinLookup as BuiltinLookup
from .base import Lookup as Lookup
from .base import Transform as Transform
from .builtin import Comparison as Comparison
from .builtin import Exact as Exact
from .builtin import GreaterThan as GreaterThan
from .builtin import GreaterThanOrEqual as GreaterThanOrEqual
from .builtin import In as In
from .builtin import IsNull as IsNull
from .builtin import LessThan as LessThan
from .builtin import LessThanOrEqual as LessThanOrEqual
from .builtin import Range as Range
from .kinds import Kind as Kind
from .kinds import Prepared as Prepared
from .kinds import padded as padded
from .text import Contains as Contains
from .text import EndsWith as EndsWith
from .text import IContains as IContains
from .text import IEndsWith as IEndsWith
from .text import IExact as IExact
from .text import IRegex as IRegex
from .text import IStartsWith as IStartsWith
from .text import Regex as Regex
from .text import StartsWith as StartsWith
