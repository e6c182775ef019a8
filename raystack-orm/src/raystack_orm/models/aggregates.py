"""Aggregates, where Django has them: ``from raystack_orm.models.aggregates import Count``."""

from ..expressions.aggregates import Aggregate as Aggregate
from ..expressions.aggregates import AnyValue as AnyValue
from ..expressions.aggregates import Avg as Avg
from ..expressions.aggregates import BitAnd as BitAnd
from ..expressions.aggregates import BitOr as BitOr
from ..expressions.aggregates import BitXor as BitXor
from ..expressions.aggregates import Count as Count
from ..expressions.aggregates import Max as Max
from ..expressions.aggregates import Min as Min
from ..expressions.aggregates import StdDev as StdDev
from ..expressions.aggregates import StringAgg as StringAgg
from ..expressions.aggregates import Sum as Sum
from ..expressions.aggregates import Variance as Variance
