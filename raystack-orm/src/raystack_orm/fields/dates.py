"""Fields of dates and times."""

import datetime as dt
import warnings
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from sqlalchemy import Date
from sqlalchemy.types import TypeEngine

from ..configuration import configuration
from .base import Field
from .checks import error, warning
from .declaration import FieldOptions, N, V
from .parsing import (
    ImpossibleError,
    duration_string,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
)
from .types import Duration, NaiveDateTime, TimeOfDay, UTCDateTime, UTCMovedDate

if TYPE_CHECKING:  # the models are a room above
    from raystack import CheckMessage

    from ..models import Model


class _DateBase(Field[V, N]):
    """What dates and times share: ``auto_now``, and reading ISO 8601.

    Args:
        verbose_name: What people call it.
        name: Its name.
        auto_now: It is set to the current moment at each save.
        auto_now_add: It is set to the current moment when the object is created.
        null: It may be ``None``.
        options: The options of every field.
    """

    empty_strings_allowed = False
    own_options: ClassVar[dict[str, Any]] = {"auto_now": False, "auto_now_add": False}
    auto_now = False
    auto_now_add = False

    if TYPE_CHECKING:

        def __init__(
            self,
            verbose_name: str | None = ...,
            name: str | None = ...,
            auto_now: bool = ...,
            auto_now_add: bool = ...,
            *,
            null: N = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...

    else:

        def __init__(
            self,
            verbose_name: str | None = None,
            name: str | None = None,
            auto_now: bool = False,
            auto_now_add: bool = False,
            **options: Any,
        ) -> None:
            self.auto_now = auto_now
            self.auto_now_add = auto_now_add
            if auto_now or auto_now_add:
                options["editable"] = False
                options["blank"] = True
            super().__init__(verbose_name, name, **options)

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        found = super().check(**kwargs)
        if [self.auto_now, self.auto_now_add, self.has_default()].count(True) > 1:
            message = f"{self} has more than one of auto_now, auto_now_add and default."
            found.append(error(self, "fields.E160", message))
        if self._is_the_moment(self.default):
            message = f"{self} has a default that was computed once, when the module was imported."
            hint = "Give the function itself, without calling it: default=timezone.now."
            found.append(warning(self, "fields.W161", message, hint))
        return found

    def _is_the_moment(self, default: Any) -> bool:
        """Say whether a default seems to have been the moment when it was written."""
        if isinstance(default, dt.datetime):
            age = dt.datetime.now(default.tzinfo) - default
            return abs(age) < dt.timedelta(seconds=10)
        return isinstance(default, dt.date) and default == dt.datetime.now().date()  # noqa: DTZ005 - as it was made

    def deconstruct(self) -> tuple[str | None, str, list[Any], dict[str, Any]]:
        """Return name, path and arguments, without those that the others imply."""
        name, path, args, options = super().deconstruct()
        if self.auto_now or self.auto_now_add:
            options.pop("editable", None)
            options.pop("blank", None)
        return name, path, args, options

    def now(self) -> Any:
        """Return the current moment in the field's type."""
        raise NotImplementedError

    def convert(self, value: Any) -> Any:
        """Convert to the field's type.

        Raises:
            ValueError: It cannot be converted.
        """
        raise NotImplementedError

    def pre_save(self, model_instance: "Model", add: bool) -> Any:
        """Set the current moment where the field does that itself."""
        if self.auto_now or (self.auto_now_add and add):
            now = self.now()
            setattr(model_instance, self.attname, now)
            return now
        return super().pre_save(model_instance, add)

    def to_python(self, value: Any) -> Any:
        """Convert to the field's type."""
        try:
            return None if value is None else self.convert(value)
        except ImpossibleError:
            raise self.invalid(self._impossible(value), value=value) from None
        except ValueError:
            raise self.invalid("invalid", value=value) from None

    def _impossible(self, value: str) -> str:
        """Return the code for text of the right form that says what cannot be."""
        return "invalid_time" if ":" in value else "invalid_date"

    def get_prep_value(self, value: Any) -> Any:
        """Convert to the field's type.

        Raises:
            ValueError: It is text that says something else.
            TypeError: It is neither text nor of a type that fits.
        """
        try:
            return None if value is None else self.convert(super().get_prep_value(value))
        except ValueError:
            raise _refused(self, value) from None

    def value_to_string(self, obj: Any) -> str:
        """Return the value as ISO 8601; nothing for ``None``."""
        value = self.value_from_object(obj)
        return "" if value is None else str(value.isoformat())


def _refused(field: Field[Any, Any], value: Any) -> Exception:
    """Make the error for a value of the wrong type, or of the right one that says nonsense."""
    error = field.refuse(value)
    return error if isinstance(value, str | dt.time) else TypeError(error.text)


class DateField(_DateBase[dt.date, N]):
    """A date."""

    description = "Date (without time)"
    expected = "a date"
    internal_type = "DateField"
    default_error_messages: ClassVar[dict[str, str]] = {
        "invalid": "“%(value)s” value is no date; it must be in YYYY-MM-DD format.",
        "invalid_date": "“%(value)s” has the form of a date, but is in no calendar.",
    }

    def now(self) -> dt.date:
        """Return today's date in the current time zone."""
        return dt.datetime.now(configuration().zone).date()

    def convert(self, value: Any) -> dt.date:
        """Convert a datetime or ``YYYY-MM-DD``."""
        if isinstance(value, dt.datetime):
            if value.tzinfo is not None and configuration().use_tz:
                return value.astimezone(configuration().zone).date()
            return value.date()
        if isinstance(value, dt.date):
            return value
        if isinstance(value, str):
            return parse_date(value)
        raise ValueError(value)

    def make_type(self) -> TypeEngine[Any]:
        """Return DATE."""
        return Date()


if TYPE_CHECKING:

    class _AlsoDate(_DateBase[dt.datetime, N]):
        """What is a DateField too, but has datetimes."""

else:
    _AlsoDate = DateField


class DateTimeField(_AlsoDate[N]):
    """A date and time: aware and stored in UTC, unless ``USE_TZ`` is false."""

    description = "Date (with time)"
    expected = "a date and time"
    internal_type = "DateTimeField"
    default_error_messages: ClassVar[dict[str, str]] = {
        "invalid": (
            "“%(value)s” value is no date and time; it must be in "
            "YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format."
        ),
        "invalid_date": "“%(value)s” has the form of a date, but is in no calendar.",
        "invalid_datetime": "“%(value)s” has the form of a date and time, but there is none such.",
    }

    def now(self) -> dt.datetime:
        """Return the current moment."""
        if configuration().use_tz:
            return dt.datetime.now(dt.UTC)
        return dt.datetime.now(configuration().zone).replace(tzinfo=None)

    def convert(self, value: Any) -> dt.datetime:
        """Convert a date or ISO 8601."""
        if isinstance(value, str):
            if ":" in value or "T" in value:
                return parse_datetime(value)
            return dt.datetime.combine(parse_date(value), dt.time())
        if isinstance(value, dt.datetime):
            return value
        if isinstance(value, dt.date):
            made = dt.datetime.combine(value, dt.time())
            return self._aware(made) if configuration().use_tz else made
        raise ValueError(value)

    def _impossible(self, value: str) -> str:
        """Return the code for text of the right form that says what cannot be."""
        return "invalid_datetime" if ":" in value else "invalid_date"

    def _aware(self, value: dt.datetime) -> dt.datetime:
        """Take a naive value for one in the current time zone, and warn."""
        model = getattr(self, "model", None)
        where = f"{model.__name__}.{self.name}" if model else type(self).__name__
        warnings.warn(
            f"DateTimeField {where} received a naive datetime ({value}) while time zone support "
            f"is active. It is taken for the time in {configuration().time_zone}.",
            RuntimeWarning,
            stacklevel=4,
        )
        return value.replace(tzinfo=configuration().zone)

    def get_prep_value(self, value: Any) -> Any:
        """Convert to a datetime that is aware, or naive if ``USE_TZ`` is false."""
        made = value if type(value) is dt.datetime else super().get_prep_value(value)
        if made is None:
            return None
        if configuration().use_tz:
            return self._aware(made) if made.tzinfo is None else made
        return made  # an aware one is converted, or refused by databases that store no moments

    def make_type(self) -> TypeEngine[Any]:
        """Return TIMESTAMP, with a time zone unless ``USE_TZ`` is false."""
        return UTCDateTime() if configuration().use_tz else NaiveDateTime()


class MovedDateField(DateTimeField[N]):
    """What comes out of a date and a duration."""

    def make_type(self) -> TypeEngine[Any]:
        """Return TIMESTAMP, read from what may be a date."""
        return UTCMovedDate() if configuration().use_tz else NaiveDateTime()


class TimeField(_DateBase[dt.time, N]):
    """A time of day."""

    description = "Time"
    expected = "a time"
    internal_type = "TimeField"
    default_error_messages: ClassVar[dict[str, str]] = {
        "invalid": "“%(value)s” value is no time; it must be in HH:MM[:ss[.uuuuuu]] format.",
        "invalid_time": "“%(value)s” has the form of a time, but is on no clock.",
    }

    def now(self) -> dt.time:
        """Return the time of day in the current time zone."""
        return dt.datetime.now(configuration().zone).time()

    def convert(self, value: Any) -> dt.time:
        """Convert a datetime or ``HH:MM[:SS[.ffffff]]``."""
        if isinstance(value, dt.datetime):
            return value.time()
        if isinstance(value, dt.time) and value.tzinfo is None:
            return value
        if isinstance(value, str):
            return parse_time(value)
        raise ValueError(value)

    def make_type(self) -> TypeEngine[Any]:
        """Return TIME."""
        return TimeOfDay()


class DurationField(Field[dt.timedelta, N]):
    """A duration: an interval on PostgreSQL, microseconds elsewhere."""

    description = "Duration"
    expected = "a duration"
    internal_type = "DurationField"
    empty_strings_allowed = False
    default_error_messages: ClassVar[dict[str, str]] = {
        "invalid": (
            "“%(value)s” value is no duration; it must be in [DD] [[HH:]MM:]ss[.uuuuuu] format."
        ),
    }

    def _convert(self, value: Any) -> dt.timedelta:
        if isinstance(value, dt.timedelta):
            return value
        if isinstance(value, str):
            return parse_duration(value)
        raise ValueError(value)

    def to_python(self, value: Any) -> Any:
        """Convert to a duration; a text of nothing lasts no time."""
        if value == "":
            return dt.timedelta()
        try:
            return None if value is None else self._convert(value)
        except ValueError:
            raise self.invalid("invalid", value=value) from None

    def get_prep_value(self, value: Any) -> Any:
        """Convert to a duration.

        Raises:
            ValueError: It is text that says something else.
            TypeError: It is neither text nor a duration.
        """
        try:
            return None if value is None else self._convert(super().get_prep_value(value))
        except ValueError:
            raise _refused(self, value) from None

    def value_to_string(self, obj: Any) -> str:
        """Return the value as ``[D ]HH:MM:SS[.ffffff]``; nothing for ``None``."""
        value = self.value_from_object(obj)
        return "" if value is None else duration_string(value)

    def make_type(self) -> TypeEngine[Any]:
        """Return INTERVAL, or BIGINT where there is none."""
        return Duration()
