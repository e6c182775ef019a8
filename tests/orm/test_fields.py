"""Fields: values go to the database and come back as the Python type that is documented."""

import datetime as dt
import math
import uuid
from decimal import Decimal
from typing import Any

import pytest
from press import Author, Everything

from raystack_orm import DataError, IntegrityError, ValidationError, models
from raystack_orm.testing import isolate_apps

MOMENT = dt.datetime(2026, 11, 23, 14, 30, 5, 123456, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("small", -32768),
        ("whole", 2147483647),
        ("big", -9223372036854775808),
        ("positive", 0),
        ("truth", True),
        ("truth", False),
        ("ratio", 0.1),
        ("price", Decimal("12345678.90")),
        ("price", Decimal("0.10")),
        ("text", "Zoë 'quoted' \"twice\" \\ % _ 🎉"),
        ("slug", "a-slug_1"),
        ("link", "https://example.com/?q=1"),
        ("day", dt.date(2026, 2, 28)),
        ("moment", MOMENT),
        ("clock", dt.time(23, 59, 59, 999999)),
        ("data", {"a": [1, 2.5, None, "x"], "b": {"c": True}}),
        ("data", []),
        ("data", "text"),
    ],
)
def test_a_value_comes_back_as_it_was(db: str, name: str, value: Any) -> None:
    """Saved, loaded, compared: equal and of the same type; and a filter finds it."""
    Everything.objects.create(**{name: value})

    loaded = getattr(Everything.objects.get(), name)

    assert loaded == value
    assert type(loaded) is type(value)
    if name != "data":
        assert Everything.objects.filter(**{name: value}).count() == 1


def test_every_field_can_be_null(db: str) -> None:
    """None is SQL's null in every field."""
    Everything.objects.create()

    loaded = Everything.objects.get()

    names = [field.name for field in Everything._meta.fields if field.null]
    assert {getattr(loaded, name) for name in names} == {None}
    assert Everything.objects.filter(data__isnull=True, text__isnull=True).exists()


def test_an_aware_datetime_is_the_same_moment_wherever_it_came_from(db: str) -> None:
    """Whatever its offset was, it comes back in UTC."""
    zurich = dt.timezone(dt.timedelta(hours=1))
    Everything.objects.create(moment=MOMENT.astimezone(zurich))

    loaded = Everything.objects.get().moment

    assert loaded == MOMENT
    assert loaded is not None
    assert loaded.utcoffset() == dt.timedelta(0)
    assert Everything.objects.filter(moment=MOMENT.astimezone(zurich)).exists()


def test_auto_now_fields_set_themselves(db: str) -> None:
    """auto_now_add at the first save, auto_now at every one."""
    made = Everything.objects.create()
    created, changed = made.created, made.changed

    made.save()

    loaded = Everything.objects.get()
    assert loaded.created == created
    assert loaded.changed > changed


def test_decimals_compare_as_numbers(db: str) -> None:
    """9.50 is less than 10.00, on SQLite too."""
    for price in ("9.50", "10.00", "100.00"):
        Everything.objects.create(price=price)

    found = Everything.objects.filter(price__lt=Decimal(10)).values_list("price", flat=True)
    ordered = Everything.objects.order_by("price").values_list("price", flat=True)

    assert list(found) == [Decimal("9.50")]
    assert [str(price) for price in ordered] == ["9.50", "10.00", "100.00"]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("whole", "abc", "Field 'whole' expected a number but got 'abc'."),
        ("truth", "maybe", "Field 'truth' expected True or False but got 'maybe'."),
        ("price", "1,5", "Field 'price' expected a decimal number but got '1,5'."),
        ("price", math.nan, "Field 'price' expected a decimal number but got nan."),
        ("day", "2026-02-30", "Field 'day' expected a date but got '2026-02-30'."),
        ("moment", "soon", "Field 'moment' expected a date and time but got 'soon'."),
        ("key", "zz", "Field 'key' expected a UUID but got 'zz'."),
    ],
)
def test_a_value_of_another_kind_is_refused(name: str, value: Any, message: str) -> None:
    """The error names the field, before any SQL; a filter's is the same."""
    with pytest.raises(ValueError, match="expected") as caught:
        Everything.objects.filter(**{name: value})

    assert str(caught.value) == message


def test_an_integer_that_no_row_can_hold_is_in_none(db: str) -> None:
    """A number beyond the column's range compares like any other, and does not fail."""
    Everything.objects.create(whole=1)

    assert not Everything.objects.filter(whole=2**63).exists()
    assert not Everything.objects.filter(whole__in=[2**70]).exists()
    assert not Everything.objects.filter(whole__gt=2**70).exists()
    assert Everything.objects.filter(whole__lt=2**70).exists()
    assert Everything.objects.filter(whole__gte=-(2**70)).exists()
    assert Everything.objects.filter(whole__in=[1, 2**70]).exists()
    assert not Author.objects.filter(pk=2**64).exists()


def test_saving_an_integer_beyond_64_bits_is_a_data_error(db: str) -> None:
    """Not an OverflowError of the driver's."""
    with pytest.raises(DataError):
        Everything.objects.create(big=2**64)


def test_a_positive_field_is_positive_in_the_database_too(db: str) -> None:
    """The table has a check; MariaDB's column has no sign."""
    error = DataError if db == "mysql" else IntegrityError
    with pytest.raises(error):
        Everything.objects.create(positive=-1)


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (models.EmailField(), "ann@example.com", "ann@"),
        (models.URLField(), "https://example.com", "javascript:alert(1)"),
        (models.SlugField(), "a-b_c", "a b"),
        (models.CharField(max_length=3), "abc", "abcd"),
        (models.PositiveSmallIntegerField(), 32767, 32768),
        (models.IntegerField(choices=[("g", [(1, "one"), (2, "two")])]), 2, 3),
    ],
)
def test_validators_of_a_field(field: Any, good: Any, bad: Any) -> None:
    """clean() returns what fits, and refuses the rest."""
    assert field.clean(good, None) == good
    with pytest.raises(ValidationError):
        field.clean(bad, None)


def test_a_uuid_can_be_the_key(db: str) -> None:
    """The key is made in Python, so the row is inserted without asking for one."""
    key = uuid.uuid4()
    Everything.objects.create(key=key)

    assert Everything.objects.get(pk=str(key)).pk == key


def test_columns_may_be_called_otherwise(db: str) -> None:
    """db_column and db_table are names in SQL alone."""
    with isolate_apps():

        class Person(models.Model):
            called = models.CharField(max_length=100, db_column="name")
            email = models.CharField(max_length=254, default="")

            class Meta:
                db_table = "press_author"

    Person.objects.create(called="Ann")

    assert Author.objects.get().name == "Ann"
    assert Person.objects.filter(called="Ann").values("called")[0] == {"called": "Ann"}


@pytest.mark.parametrize("kind", [models.DateField, models.DateTimeField, models.TimeField])
def test_what_is_neither_text_nor_a_date_is_a_type_error(kind: Any) -> None:
    """Text may be wrong, which is a ValueError; a number can be no date at all."""
    field = kind(name="day")

    with pytest.raises(TypeError, match="expected a .* but got 5"):
        field.get_prep_value(5)
    with pytest.raises(ValueError, match="but got 'soon'"):
        field.get_prep_value("soon")
