"""Fields that PostgreSQL alone has. They need psycopg.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/fields/
"""

from .array import ArrayField as ArrayField
from .hstore import HStoreField as HStoreField
from .ranges import BigIntegerRangeField as BigIntegerRangeField
from .ranges import DateRangeField as DateRangeField
from .ranges import DateTimeRangeField as DateTimeRangeField
from .ranges import DecimalRangeField as DecimalRangeField
from .ranges import IntegerRangeField as IntegerRangeField
from .ranges import RangeField as RangeField
