"""Deleting: what a QuerySet can do to its rows, and a manager cannot.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#delete
"""

from typing import Any

from ..databases.colour import run_sync
from .generic import M, R
from .methods import QueryMethods
from .operations.delete import Deleted, delete_queryset


class Deleting(QueryMethods[M, R]):
    """What deletes rows. All of a model's are ``objects.all().delete()``, as in Django."""

    _chain: Any

    def delete(self) -> Deleted:
        """Delete all rows with what goes with them; return their number, also by model.

        Raises:
            ProtectedError: Another row refers to one of them and forbids it.
        """
        self._refuse_combined("delete")
        if self._state.is_sliced:
            raise TypeError("Cannot use 'limit' or 'offset' with delete().")
        if self._state.distinct_on:
            raise TypeError("Cannot call delete() after .distinct(*fields).")
        if self._state.columns is not None:
            raise TypeError("Cannot call delete() after .values() or .values_list()")
        doomed = self._chain()
        doomed._for_write = True
        found = delete_queryset(doomed, self)
        self._result_cache = None
        return found

    async def adelete(self) -> Deleted:
        """Delete all rows with what goes with them; see ``delete()``."""
        return await run_sync(self.delete)
