"""raystack-orm: Django's model and QuerySet API on SQLAlchemy Core.

``from raystack_orm import models`` is all that a ``models.py`` needs.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `raystack --help` imports this package for its plugin.py
    from . import fields as fields
    from . import models as models
    from . import transaction as transaction
    from .configuration import configure as configure
    from .databases import connections as connections
    from .databases import run_sync as run_sync
    from .databases.handler import connection as connection
    from .databases.routing import router as router
    from .exceptions import ConnectionDoesNotExist as ConnectionDoesNotExist
    from .exceptions import DatabaseError as DatabaseError
    from .exceptions import DataError as DataError
    from .exceptions import DeadlockError as DeadlockError
    from .exceptions import EmptyResultSet as EmptyResultSet
    from .exceptions import Error as Error
    from .exceptions import FieldDoesNotExist as FieldDoesNotExist
    from .exceptions import FieldError as FieldError
    from .exceptions import FieldFetchBlocked as FieldFetchBlocked
    from .exceptions import FullResultSet as FullResultSet
    from .exceptions import ImproperlyConfigured as ImproperlyConfigured
    from .exceptions import IntegrityError as IntegrityError
    from .exceptions import InterfaceError as InterfaceError
    from .exceptions import InternalError as InternalError
    from .exceptions import MultipleObjectsReturned as MultipleObjectsReturned
    from .exceptions import NotSupportedError as NotSupportedError
    from .exceptions import ObjectDoesNotExist as ObjectDoesNotExist
    from .exceptions import ObjectNotUpdated as ObjectNotUpdated
    from .exceptions import OperationalError as OperationalError
    from .exceptions import ProgrammingError as ProgrammingError
    from .exceptions import ProtectedError as ProtectedError
    from .exceptions import RestrictedError as RestrictedError
    from .exceptions import SerializationError as SerializationError
    from .exceptions import SuspiciousOperation as SuspiciousOperation
    from .exceptions import SynchronousOnlyOperation as SynchronousOnlyOperation
    from .exceptions import TransactionManagementError as TransactionManagementError
    from .exceptions import UnavailableError as UnavailableError
    from .exceptions import ValidationError as ValidationError
    from .models import Model as Model
    from .registry import apps as apps
    from .tables import create_all as create_all
    from .tables import drop_all as drop_all
else:
    from raystack.lazy import lazy_names

    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "DataError": "exceptions",
            "SuspiciousOperation": "exceptions",
            "FullResultSet": "exceptions",
            "EmptyResultSet": "exceptions",
            "ObjectNotUpdated": "exceptions",
            "FieldFetchBlocked": "exceptions",
            "ConnectionDoesNotExist": "exceptions",
            "DatabaseError": "exceptions",
            "DeadlockError": "exceptions",
            "Error": "exceptions",
            "FieldDoesNotExist": "exceptions",
            "FieldError": "exceptions",
            "ImproperlyConfigured": "exceptions",
            "IntegrityError": "exceptions",
            "InterfaceError": "exceptions",
            "InternalError": "exceptions",
            "Model": "models",
            "MultipleObjectsReturned": "exceptions",
            "NotSupportedError": "exceptions",
            "ObjectDoesNotExist": "exceptions",
            "OperationalError": "exceptions",
            "ProgrammingError": "exceptions",
            "ProtectedError": "exceptions",
            "RestrictedError": "exceptions",
            "SerializationError": "exceptions",
            "SynchronousOnlyOperation": "exceptions",
            "TransactionManagementError": "exceptions",
            "UnavailableError": "exceptions",
            "ValidationError": "exceptions",
            "apps": "registry",
            "configure": "configuration",
            "connection": "databases.handler",
            "connections": "databases",
            "create_all": "tables",
            "drop_all": "tables",
            "fields": None,
            "models": None,
            "router": "databases.routing",
            "run_sync": "databases",
            "transaction": None,
        },
    )
