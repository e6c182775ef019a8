"""Queries: from a lazy QuerySet to instances, one module per station."""

from .manager import Manager as Manager
from .manager import ManyRelatedManager as ManyRelatedManager
from .manager import RelatedManager as RelatedManager
from .queryset import QuerySet as QuerySet
