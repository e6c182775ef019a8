"""Queries: from a lazy QuerySet to instances, one module per station."""

from .manager import Manager as Manager
from .queryset import QuerySet as QuerySet
