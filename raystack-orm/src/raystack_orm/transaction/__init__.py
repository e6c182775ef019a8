"""Transactions: ``with transaction.atomic():``, or ``async with`` in asynchronous code.

https://docs.djangoproject.com/en/stable/topics/db/transactions/
"""

from typing import TYPE_CHECKING

from ..exceptions import TransactionManagementError as TransactionManagementError
from .api import clean_savepoints as clean_savepoints
from .api import commit as commit
from .api import get_autocommit as get_autocommit
from .api import get_connection as get_connection
from .api import get_rollback as get_rollback
from .api import mark_for_rollback_on_error as mark_for_rollback_on_error
from .api import on_commit as on_commit
from .api import rollback as rollback
from .api import savepoint as savepoint
from .api import savepoint_commit as savepoint_commit
from .api import savepoint_create as savepoint_create
from .api import savepoint_rollback as savepoint_rollback
from .api import set_autocommit as set_autocommit
from .api import set_rollback as set_rollback
from .atomic import Atomic as Atomic
from .atomic import atomic as atomic
from .atomic import non_atomic_requests as non_atomic_requests

if TYPE_CHECKING:  # imports Starlette, which a script with models never needs
    from .requests import AtomicRequest as AtomicRequest
    from .requests import atomic_request as atomic_request
else:
    from raystack.lazy import lazy_names

    __getattr__, __dir__ = lazy_names(
        __name__, {"AtomicRequest": "requests", "atomic_request": "requests"}
    )
