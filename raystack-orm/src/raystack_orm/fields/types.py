"""Column types that SQLAlchemy does not have in the way Django's documentation describes them."""

from datetime import UTC, datetime, time, timedelta
from decimal import Context, Decimal
from functools import partial
from importlib import import_module
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Interval, Numeric, String, Time, cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator, TypeEngine

from ..configuration import configuration
from ..exceptions import ImproperlyConfigured

MYSQL = ("mysql", "mariadb")


def own_types(dialect: Dialect) -> Any:
    """Return the module of the types that only this database has: heavy, and seldom needed."""
    name = "mysql" if dialect.name in MYSQL else dialect.name
    return import_module(f"sqlalchemy.dialects.{name}")


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Keep microseconds on MariaDB."""
        if dialect.name in MYSQL:
            return dialect.type_descriptor(own_types(dialect).DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime(timezone=True))

    def bind_processor(self, dialect: Dialect) -> Any:
        """Write text for SQLite at once: it is done for every row."""
        if dialect.name == "sqlite":
            return _utc_text
        return super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC where the database stores no offset."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that what was stored is in UTC."""
        return value if value is None else value.replace(tzinfo=UTC)


class UTCMovedDate(UTCDateTime):
    """A date that was moved by a duration: SQLite writes it as a date if it is midnight."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Read a date as its midnight."""
        if dialect.name == "sqlite":
            return _utc_moment
        return super().result_processor(dialect, coltype)


class NaiveDateTime(TypeDecorator[datetime]):
    """A datetime of a project without time zones: in the one time zone that it has.

    PostgreSQL stores the moment, as for aware datetimes, so that ``USE_TZ`` can be turned on later.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Keep microseconds on MariaDB, and the moment on PostgreSQL."""
        if dialect.name in MYSQL:
            return dialect.type_descriptor(own_types(dialect).DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def bind_processor(self, dialect: Dialect) -> Any:
        """Write text for SQLite at once: it is done for every row."""
        if dialect.name == "sqlite":
            return _naive_text
        return super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say which moment it is on PostgreSQL.

        Raises:
            ValueError: It is aware, and the database stores no moments.
        """
        if value is None:
            return None
        if dialect.name == "postgresql":
            return value if value.tzinfo else value.replace(tzinfo=configuration().zone)
        return _naive(value, dialect.name)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time of the one time zone."""
        return value if value is None or value.tzinfo is None else without_zone(value)


def without_zone(value: datetime) -> datetime:
    """Return the time of the one time zone that a moment is."""
    return value.astimezone(configuration().zone).replace(tzinfo=None)


def _naive(value: datetime, vendor: str) -> datetime:
    if value.tzinfo is not None:
        raise ValueError(f"{vendor} stores no time zones and USE_TZ is off: {value!r}.")
    return value


def _naive_text(value: datetime | None) -> str | None:
    return None if value is None else _naive(value, "sqlite").isoformat(" ", "microseconds")


def _utc_moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def _utc_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


class TimeOfDay(TypeDecorator[time]):
    """A time of day, microseconds kept; MariaDB's driver returns it as a duration."""

    impl = Time
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Keep microseconds on MariaDB."""
        fits = own_types(dialect).TIME(fsp=6) if dialect.name in MYSQL else Time()
        return dialect.type_descriptor(fits)


class Duration(TypeDecorator[timedelta]):
    """A duration: an interval on PostgreSQL, microseconds in a BIGINT elsewhere."""

    impl = Interval
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the database's type."""
        fits = own_types(dialect).INTERVAL() if dialect.name == "postgresql" else BigInteger()
        return dialect.type_descriptor(fits)

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> Any:
        """Count the microseconds where there is no interval."""
        if value is None or dialect.name == "postgresql":
            return value
        return value // timedelta(microseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> timedelta | None:
        """Make a duration of microseconds."""
        if value is None or isinstance(value, timedelta):
            return value
        return timedelta(microseconds=int(value))


class IPAddress(TypeDecorator[str]):
    """An IP address as text: an INET on PostgreSQL."""

    impl = String(39)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the database's type."""
        fits = own_types(dialect).INET() if dialect.name == "postgresql" else String(39)
        return dialect.type_descriptor(fits)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Bind text."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Return text, whatever the driver made of it."""
        return None if value is None else str(value)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal number of a fixed scale.

    SQLite has no decimals: a column of numeric affinity compares them as numbers, exact to 15
    significant digits, as Django's documentation of DecimalField describes.

    Args:
        precision: The number of digits; ``None`` for any.
        scale: The number of digits after the point.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int | None, scale: int | None) -> None:
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale
        self._context = Context(prec=max(precision or 0, 28))

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Bind text on SQLite, whose column converts it to a number."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(_NumericText(self.precision, self.scale))
        return dialect.type_descriptor(Numeric(self.precision, self.scale))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Write the number out on SQLite."""
        if value is None or dialect.name != "sqlite":
            return value
        return format(value, "f")

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Convert what is no decimal yet, whatever the driver says of the column's type."""
        return partial(self.process_result_value, dialect=dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Give a number from SQLite its scale back."""
        if value is None or isinstance(value, Decimal):
            return value
        made = Decimal(repr(value))
        if self.scale is None:
            return made
        return made.quantize(Decimal(1).scaleb(-self.scale), context=self._context)


class UnlimitedString(String):
    """A VARCHAR without a length, which MariaDB does not have.

    Args:
        owner: The field, for the error.
        collation: The collation.
    """

    def __init__(self, owner: str, collation: str | None = None) -> None:
        super().__init__(collation=collation)
        self.owner = owner


@compiles(UnlimitedString, *MYSQL)
def _refuse_unlimited(type_: UnlimitedString, compiler: Any, **kwargs: Any) -> str:
    raise ImproperlyConfigured(
        f"{type_.owner} has no max_length, which a CharField needs on MariaDB and MySQL. Give it "
        f"one, or use a TextField."
    )


class _NumericText(String):
    """A column that is declared NUMERIC and bound as text."""

    __visit_name__ = "NUMERIC"

    def __init__(self, precision: int | None, scale: int | None) -> None:
        super().__init__()
        self.precision = precision
        self.scale = scale

    def bind_expression(self, bindvalue: Any) -> Any:
        """Compare numbers where no column says that the text is one."""
        return cast(bindvalue, self)
