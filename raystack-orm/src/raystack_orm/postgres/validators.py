"""Validators of what PostgreSQL alone has.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/validators/
"""

from ..fields.postgres.validators import ArrayMaxLengthValidator as ArrayMaxLengthValidator
from ..fields.postgres.validators import ArrayMinLengthValidator as ArrayMinLengthValidator
from ..fields.postgres.validators import KeysValidator as KeysValidator
from ..fields.postgres.validators import RangeMaxValueValidator as RangeMaxValueValidator
from ..fields.postgres.validators import RangeMinValueValidator as RangeMinValueValidator
