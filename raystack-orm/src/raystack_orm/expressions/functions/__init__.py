"""Django's database functions.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/
"""

from .comparison import Cast as Cast
from .comparison import Coalesce as Coalesce
