"""What ``none()`` returns, to be asked for by ``isinstance``.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#none
"""

from typing import Any

from .queryset import QuerySet


class _Instances(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, QuerySet) and instance.query.nothing


class EmptyQuerySet(metaclass=_Instances):
    """The class that the QuerySets seem to be of which ``none()`` has returned.

    Raises:
        TypeError: It is instantiated.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("EmptyQuerySet can't be instantiated")
