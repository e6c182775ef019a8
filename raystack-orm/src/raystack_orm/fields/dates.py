"""Fields of dates and times."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Unpack, overload

from sqlalchemy import Date, DateTime, Time
from sqlalchemy.dialects.mysql import DATETIME, TIME
from sqlalchemy.types import TypeEngine

from ..configuration import configuration
from .base import Field, FieldOptions
from .types import UTCDateTime

if TYPE_CHECKING:  # the models are a room above
    from ..models import Model

V = TypeVar("V")


class DateOptions(FieldOptions, total=False):
    """The options of fields that may set themselves."""

    auto_now: bool
    auto_now_add: bool


class _DateBase(Field[V]):
    """What dates and times share: ``auto_now``, and reading ISO 8601."""

    empty_strings_allowed = False

    if not TYPE_CHECKING:

        def __init__(
            self,
            verbose_name: str | None = None,
            *,
            auto_now: bool = False,
            auto_now_add: bool = False,
            **options: Any,
        ) -> None:
            if auto_now or auto_now_add:
                options = {"editable": False, "blank": True, **options}
            super().__init__(verbose_name, **options)
            self.auto_now = auto_now
            self.auto_now_add = auto_now_add

    auto_now: bool
    auto_now_add: bool

    def now(self) -> Any:
        """Return the current moment in the field's type."""
        raise NotImplementedError

    def convert(self, value: Any) -> Any:
        """Convert to the field's type.

        Raises:
            ValueError: It cannot be converted.
        """
        raise NotImplementedError

    def pre_save(self, instance: "Model", add: bool) -> Any:
        """Set the current moment where the field does that itself."""
        if self.auto_now or (self.auto_now_add and add):
            now = self.now()
            setattr(instance, self.attname, now)
            return now
        return super().pre_save(instance, add)

    def to_python(self, value: Any) -> Any:
        """Convert to the field's type."""
        try:
            return None if value is None else self.convert(value)
        except ValueError:
            raise self.invalid(
                "invalid", f"“%(value)s” value has an invalid format: {self.expected} is expected.",
                value=value,
            ) from None  # fmt: skip

    def get_prep_value(self, value: Any) -> Any:
        """Convert to the field's type."""
        try:
            return None if value is None else self.convert(super().get_prep_value(value))
        except ValueError:
            raise self.refuse(value) from None


class DateField(_DateBase[V]):
    """A date."""

    expected = "a date"

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "DateField[dt.date]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[DateOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "DateField[dt.date | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[DateOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

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
            return dt.date.fromisoformat(value)
        raise ValueError(value)

    def sa_type(self) -> TypeEngine[Any]:
        """Return DATE."""
        return Date()


class DateTimeField(_DateBase[V]):
    """A date and time: aware and stored in UTC, unless ``USE_TZ`` is false."""

    expected = "a date and time"

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "DateTimeField[dt.datetime]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[DateOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "DateTimeField[dt.datetime | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[DateOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

    def now(self) -> dt.datetime:
        """Return the current moment."""
        if configuration().use_tz:
            return dt.datetime.now(dt.UTC)
        return dt.datetime.now(configuration().zone).replace(tzinfo=None)

    def convert(self, value: Any) -> dt.datetime:
        """Convert a date or ISO 8601; a naive value is in the current time zone."""
        if isinstance(value, str):
            value = dt.datetime.fromisoformat(value)
        elif not isinstance(value, dt.datetime):
            if not isinstance(value, dt.date):
                raise ValueError(value)  # noqa: TRY004 - as for text that is no date
            value = dt.datetime.combine(value, dt.time())
        made: dt.datetime = value
        if configuration().use_tz:
            return made.replace(tzinfo=configuration().zone) if made.tzinfo is None else made
        if made.tzinfo is not None:
            raise ValueError(value)
        return made

    def sa_type(self) -> TypeEngine[Any]:
        """Return TIMESTAMP, with a time zone unless ``USE_TZ`` is false."""
        return (
            UTCDateTime()
            if configuration().use_tz
            else DateTime().with_variant(DATETIME(fsp=6), "mysql", "mariadb")
        )


class TimeField(_DateBase[V]):
    """A time of day."""

    expected = "a time"

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "TimeField[dt.time]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[DateOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "TimeField[dt.time | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[DateOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

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
            return dt.time.fromisoformat(value)
        raise ValueError(value)

    def sa_type(self) -> TypeEngine[Any]:
        """Return TIME."""
        return Time().with_variant(TIME(fsp=6), "mysql", "mariadb")
