"""Aggregates that PostgreSQL alone has.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/aggregates/
"""

from ...expressions.aggregates import BitAnd as BitAnd
from ...expressions.aggregates import BitOr as BitOr
from ...expressions.aggregates import BitXor as BitXor
from ...expressions.aggregates import StringAgg as StringAgg
from .general import ArrayAgg as ArrayAgg
from .general import BoolAnd as BoolAnd
from .general import BoolOr as BoolOr
from .general import JSONBAgg as JSONBAgg
from .statistics import Corr as Corr
from .statistics import CovarPop as CovarPop
from .statistics import RegrAvgX as RegrAvgX
from .statistics import RegrAvgY as RegrAvgY
from .statistics import RegrCount as RegrCount
from .statistics import RegrIntercept as RegrIntercept
from .statistics import RegrR2 as RegrR2
from .statistics import RegrSlope as RegrSlope
from .statistics import RegrSXX as RegrSXX
from .statistics import RegrSXY as RegrSXY
from .statistics import RegrSYY as RegrSYY
from .statistics import StatAggregate as StatAggregate
