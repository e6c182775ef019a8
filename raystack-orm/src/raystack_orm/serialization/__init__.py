"""Objects as records of JSON, in the form of Django's fixtures, and back.

https://docs.djangoproject.com/en/stable/topics/serialization/
"""

from .loading import DeserializationError as DeserializationError
from .loading import Loader as Loader
from .records import in_order_of_natural_keys as in_order_of_natural_keys
from .records import record_of as record_of
from .records import relations_of as relations_of
