"""The errors of the ORM, with Django's names and meanings.

https://docs.djangoproject.com/en/stable/ref/exceptions/
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from raystack import ImproperlyConfigured as ImproperlyConfigured
from raystack import RaystackError

NON_FIELD_ERRORS = "__all__"


class ConnectionDoesNotExist(ImproperlyConfigured):
    """There is no database of that alias."""


class FieldError(RaystackError):
    """A query names a field or lookup that does not exist, or uses one in a way it has not."""


class FieldFetchBlocked(FieldError):
    """A value that is not loaded was asked for under the fetch mode ``FETCH_RAISE``."""


class FieldDoesNotExist(RaystackError):
    """``_meta.get_field()`` knows no field of that name."""


class ObjectDoesNotExist(RaystackError):
    """The base of every model's ``DoesNotExist``."""

    silent_variable_failure = True  # a template shows nothing in its place


class ObjectNotUpdated(RaystackError):
    """The base of every model's ``NotUpdated``: a row that had to be updated is not there."""


class MultipleObjectsReturned(RaystackError):
    """``get()`` found more than one object; the base of every model's own."""


class EmptyResultSet(RaystackError):
    """A condition that no row can fulfil: there is nothing to ask the database."""


class FullResultSet(RaystackError):
    """A condition that every row fulfils: there is nothing to say in SQL."""


class SuspiciousOperation(RaystackError):
    """Somebody tried something that an honest user does not do."""


class SuspiciousFileOperation(SuspiciousOperation):
    """A file's name leads out of the folder that it belongs in."""


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


class UnavailableError(OperationalError):
    """The database cannot do it at this moment, and may later.

    It is unreachable, all connections are in use, others write for too long, or its disk is full.
    """


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
        self.protected_objects = set(protected_objects)
        super().__init__(message, self.protected_objects)

    def __str__(self) -> str:
        return str(self.args[0])


class RestrictedError(IntegrityError):
    """A row cannot be deleted: others refer to it with ``on_delete=RESTRICT``.

    Args:
        message: What is restricted by what.
        restricted_objects: The objects that refer to it.
    """

    def __init__(self, message: str, restricted_objects: Iterable[Any]) -> None:
        self.restricted_objects = set(restricted_objects)
        super().__init__(message, self.restricted_objects)

    def __str__(self) -> str:
        return str(self.args[0])


class ValidationError(RaystackError):
    """A value is not valid.

    One error has ``message``, ``code`` and ``params``; several have ``error_list``; those of a
    form or model have ``error_dict``, from a field's name to its errors.

    Args:
        message: A message, a list of messages or errors, or a mapping from field to those.
        code: A short name of the kind of error.
        params: Values for ``%(name)s`` in the message.

    https://docs.djangoproject.com/en/stable/ref/exceptions/#validationerror
    """

    message: Any
    code: str | None
    params: Any
    error_list: list["ValidationError"]
    error_dict: dict[str, list["ValidationError"]]

    def __init__(
        self,
        message: Any,
        code: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, code, params)
        if isinstance(message, ValidationError):
            message, code, params = _parts(message)
        if isinstance(message, Mapping):
            self.error_dict = {
                name: _as_error(errors).error_list for name, errors in message.items()
            }
        elif isinstance(message, (list, tuple)):
            self.error_list = [one for item in message for one in _flat(_as_error(item))]
        else:
            self.message, self.code, self.params = message, code, params
            self.error_list = [self]

    @property
    def message_dict(self) -> dict[str, list[str]]:
        """The messages by field.

        Raises:
            AttributeError: The errors do not belong to fields.
        """
        return {name: [one.text for one in errors] for name, errors in self.error_dict.items()}

    @property
    def messages(self) -> list[str]:
        """All messages, their parameters filled in."""
        return [error.text for error in _flat(self)]

    @property
    def text(self) -> str:
        """The one message, its parameters filled in."""
        return str(self.message % self.params if self.params else self.message)

    def update_error_dict(
        self, error_dict: dict[str, list["ValidationError"]]
    ) -> dict[str, list["ValidationError"]]:
        """Add the errors to a dictionary; those of no field go under ``NON_FIELD_ERRORS``."""
        by_field = hasattr(self, "error_dict")
        mine = self.error_dict if by_field else {NON_FIELD_ERRORS: self.error_list}
        for name, errors in mine.items():
            error_dict.setdefault(name, []).extend(errors)
        return error_dict

    def __iter__(self) -> Iterator[Any]:
        return iter(self.message_dict.items() if hasattr(self, "error_dict") else self.messages)

    def __str__(self) -> str:
        return repr(self.message_dict if hasattr(self, "error_dict") else self.messages)

    def __repr__(self) -> str:
        return f"ValidationError({self})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ValidationError):
            return NotImplemented
        return hash(self) == hash(other)

    def __hash__(self) -> int:
        if hasattr(self, "message"):
            return hash((self.message, self.code, _hashable(self.params)))
        if hasattr(self, "error_dict"):
            return hash(_hashable(self.error_dict))
        return hash(tuple(sorted(hash(error) for error in self.error_list)))


class InvalidValue(ValidationError, ValueError):
    """A value that a field cannot convert for the database.

    Django raises the one class or the other, depending on the field; this is both.
    """

    def __str__(self) -> str:
        return self.text


def _as_error(errors: Any) -> ValidationError:
    return errors if isinstance(errors, ValidationError) else ValidationError(errors)


def _parts(error: ValidationError) -> tuple[Any, str | None, Any]:
    if hasattr(error, "error_dict"):
        return error.error_dict, None, None
    if hasattr(error, "message"):
        return error.message, error.code, error.params
    return error.error_list, None, None


def _flat(error: ValidationError) -> list[ValidationError]:
    if hasattr(error, "error_dict"):
        return [one for errors in error.error_dict.values() for one in errors]
    return error.error_list


def _hashable(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return tuple((key, _hashable(item)) for key, item in sorted(value.items()))
    if isinstance(value, (list, tuple)):
        return tuple(_hashable(item) for item in value)
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return value  # type: ignore[no-any-return]  # it has just been hashed


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
