"""Fields that PostgreSQL alone has.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/fields/
"""

from ..fields.postgres import ArrayField as ArrayField
from ..fields.postgres import BigIntegerRangeField as BigIntegerRangeField
from ..fields.postgres import DateRangeField as DateRangeField
from ..fields.postgres import DateTimeRangeField as DateTimeRangeField
from ..fields.postgres import DecimalRangeField as DecimalRangeField
from ..fields.postgres import HStoreField as HStoreField
from ..fields.postgres import IntegerRangeField as IntegerRangeField
from ..fields.postgres import RangeField as RangeField
from ..fields.postgres.operators import RangeOperators as RangeOperators
from . import lookups as lookups  # registers what the fields are compared by
from .boundary import RangeBoundary as RangeBoundary
