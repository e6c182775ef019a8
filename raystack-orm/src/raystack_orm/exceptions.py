"""The errors of the ORM, with Django's names and meanings.

https://docs.djangoproject.com/en/stable/ref/exceptions/
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from raystack import ImproperlyConfigured as ImproperlyConfigured
from raystack import RaystackError

NON_FIELD_ERRORS = "__all__"


class FieldError(RaystackError):
    """A query names a field or lookup that does not exist, or uses one in a way it has not."""


class FieldDoesNotExist(RaystackError):
    """``_meta.get_field()`` knows no field of that name."""


class ObjectDoesNotExist(RaystackError):
    """The base of every model's ``DoesNotExist``."""


class MultipleObjectsReturned(RaystackError):
    """``get()`` found more than one object; the base of every model's own."""


class SynchronousOnlyOperation(RaystackError):
    """The ORM was used synchronously on an event loop, which it would have blocked."""


class Error(RaystackError):
    """The base of every error that comes from a database."""


class InterfaceError(Error):
    """The database's driver was used wrongly."""


class DatabaseError(Error):
    """The database reported an error."""


class DataError(DatabaseError):
    """A value does not fit its column: too long, out of range."""


class OperationalError(DatabaseError):
    """The database cannot do it now: unreachable, locked, out of space."""


class DeadlockError(OperationalError):
    """Two transactions waited for each other, and this one was rolled back: it may be repeated."""


class SerializationError(OperationalError):
    """What a transaction read has changed meanwhile, so it was rolled back: it may be repeated."""


class IntegrityError(DatabaseError):
    """A constraint is broken: a duplicate, a missing parent, a null."""


class InternalError(DatabaseError):
    """The database reported an error of its own."""


class ProgrammingError(DatabaseError):
    """The SQL does not fit the database: a missing table or column."""


class NotSupportedError(DatabaseError):
    """This database cannot do it at all."""


class TransactionManagementError(ProgrammingError):
    """A transaction is used in a way that would break it."""


class ProtectedError(IntegrityError):
    """A row cannot be deleted: others refer to it with ``on_delete=PROTECT``.

    Args:
        message: What is protected by what.
        protected_objects: The objects that refer to it.
    """

    def __init__(self, message: str, protected_objects: Iterable[Any]) -> None:
        super().__init__(message)
        self.protected_objects = set(protected_objects)


class RestrictedError(IntegrityError):
    """A row cannot be deleted: others refer to it with ``on_delete=RESTRICT``.

    Args:
        message: What is restricted by what.
        restricted_objects: The objects that refer to it.
    """

    def __init__(self, message: str, restricted_objects: Iterable[Any]) -> None:
        super().__init__(message)
        self.restricted_objects = set(restricted_objects)


class ValidationError(RaystackError):
    """A value is not valid.

    Args:
        message: A message, a list of messages or errors, or a mapping from field to those.
        code: A short name of the kind of error.
        params: Values for ``%(name)s`` in the message.
    """

    def __init__(
        self,
        message: Any,
        code: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, code, params)
        self.message = message
        self.code = code
        self.params = params
        self.error_list: list[ValidationError] = []
        self.error_dict: dict[str, list[ValidationError]]
        if isinstance(message, ValidationError):
            self.error_list = message.error_list
            if hasattr(message, "error_dict"):
                self.error_dict = message.error_dict
        elif isinstance(message, Mapping):
            self.error_dict = {
                name: ValidationError(errors).error_list for name, errors in message.items()
            }
            self.error_list = [e for errors in self.error_dict.values() for e in errors]
        elif isinstance(message, (list, tuple)):
            for item in message:
                error = item if isinstance(item, ValidationError) else ValidationError(item)
                self.error_list += error.error_list
        else:
            self.error_list = [self]

    @property
    def message_dict(self) -> dict[str, list[str]]:
        """The messages by field."""
        return {name: [e.text for e in found] for name, found in self.error_dict.items()}

    @property
    def messages(self) -> list[str]:
        """All messages, their parameters filled in."""
        return [error.text for error in self.error_list]

    @property
    def text(self) -> str:
        """The one message, its parameters filled in."""
        return str(self.message) % self.params if self.params else str(self.message)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.message_dict.items() if hasattr(self, "error_dict") else self.messages)

    def __str__(self) -> str:
        return repr(self.message_dict if hasattr(self, "error_dict") else self.messages)

    def __repr__(self) -> str:
        return f"ValidationError({self})"


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Suggest the known name that is closest to a mistyped one.

    Args:
        name: The mistyped name.
        known: Those that there are.
        cutoff: How close it has to be, from 0 to 1.

    Returns:
        A sentence with a space before it, or nothing.
    """
    close = get_close_matches(name, list(known), n=1, cutoff=cutoff)
    return f' Did you mean "{close[0]}"?' if close else ""
