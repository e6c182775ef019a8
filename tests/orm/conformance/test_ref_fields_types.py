"""The types of fields: what is stored, read back and refused.

https://docs.djangoproject.com/en/stable/ref/models/fields/#field-types
"""

import datetime as dt
import math
import uuid
from decimal import Decimal
from typing import Any

import pytest
from vendors import only

from raystack_orm import DatabaseError, ValidationError, connection, models, transaction


class Kinds(models.Model):
    big = models.BigIntegerField(null=True, blank=True)
    binary = models.BinaryField(null=True, blank=True, max_length=8)
    truth = models.BooleanField(null=True, blank=True)
    char = models.CharField(max_length=5, null=True, blank=True)
    date = models.DateField(null=True, blank=True)
    moment = models.DateTimeField(null=True, blank=True)
    price = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    length = models.DurationField(null=True, blank=True)
    mail = models.EmailField(null=True, blank=True)
    ratio = models.FloatField(null=True, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    ip4 = models.GenericIPAddressField(protocol="IPv4", null=True, blank=True)
    unpacked = models.GenericIPAddressField(unpack_ipv4=True, null=True, blank=True)
    whole = models.IntegerField(null=True, blank=True)
    data = models.JSONField(null=True, blank=True)
    positive_big = models.PositiveBigIntegerField(null=True, blank=True)
    positive = models.PositiveIntegerField(null=True, blank=True)
    positive_small = models.PositiveSmallIntegerField(null=True, blank=True)
    slug = models.SlugField(null=True, blank=True)
    word = models.SlugField(allow_unicode=True, null=True, blank=True)
    small = models.SmallIntegerField(null=True, blank=True)
    text = models.TextField(null=True, blank=True)
    time = models.TimeField(null=True, blank=True)
    link = models.URLField(null=True, blank=True)
    unique = models.UUIDField(null=True, blank=True)

    class Meta:
        app_label = "c1_types"


UTC = dt.UTC
KEY = uuid.UUID("550e8400-e29b-41d4-a716-446655440000")

ROUND_TRIPS = [
    ("big", 9223372036854775807),
    ("big", -9223372036854775808),
    ("truth", True),
    ("truth", False),
    ("truth", None),
    ("char", "äöü€"),
    ("char", ""),
    ("date", dt.date(2024, 2, 29)),
    ("moment", dt.datetime(2024, 2, 29, 12, 30, 15, 123456, tzinfo=UTC)),
    ("price", Decimal("999.99")),
    ("price", Decimal("-0.01")),
    ("length", dt.timedelta(days=3, seconds=5, microseconds=7)),
    ("length", dt.timedelta(days=-1, hours=1)),
    ("mail", "ann@example.org"),
    ("ratio", 0.1),
    ("ratio", -1e300),
    ("ip", "192.0.2.1"),
    ("ip", "2001:db8::1"),
    ("whole", 2147483647),
    ("whole", -2147483648),
    ("data", {"a": [1, 2.5, None, True, {"b": "c"}]}),
    ("data", [1, "x"]),
    ("data", "text"),
    ("data", 5),
    ("positive_big", 9223372036854775807),
    ("positive", 2147483647),
    ("positive_small", 32767),
    ("slug", "a-b_1"),
    ("small", -32768),
    ("text", "long\ntext 🙂" * 500),
    ("time", dt.time(23, 59, 59, 999999)),
    ("link", "https://example.org/a?b=c"),
    ("unique", KEY),
]


@pytest.mark.parametrize(("name", "value"), ROUND_TRIPS)
def test_values_come_back_as_they_were(db: str, name: str, value: Any) -> None:
    Kinds.objects.create(**{name: value})
    found = getattr(Kinds.objects.get(), name)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "value"), [(n, v) for n, v in ROUND_TRIPS if v is not None and n != "data"]
)
def test_values_can_be_filtered_by(db: str, name: str, value: Any) -> None:
    made = Kinds.objects.create(**{name: value})
    Kinds.objects.create()
    assert Kinds.objects.get(**{name: value}) == made


def test_binary_data_is_bytes(db: str) -> None:
    Kinds.objects.create(binary=b"\x00\xff\x80")
    assert bytes(Kinds.objects.get().binary) == b"\x00\xff\x80"


CONVERSIONS = [
    ("whole", "12", 12),
    ("big", "12", 12),
    ("truth", "True", True),
    ("truth", "f", False),
    ("truth", 1, True),
    ("truth", "0", False),
    ("date", "2024-01-31", dt.date(2024, 1, 31)),
    ("date", dt.datetime(2024, 1, 31, 12, tzinfo=UTC), dt.date(2024, 1, 31)),
    ("time", "12:30", dt.time(12, 30)),
    ("price", "3.10", Decimal("3.10")),
    ("price", 3, Decimal(3)),
    ("length", "3 00:00:05", dt.timedelta(days=3, seconds=5)),
    ("length", "P1DT1H", dt.timedelta(days=1, hours=1)),
    ("ratio", "1.5", 1.5),
    ("unique", "550e8400e29b41d4a716446655440000", KEY),
    ("unique", KEY.int, KEY),
    ("ip", "2001:0db8:0000::0001", "2001:db8::1"),
    ("unpacked", "::ffff:192.0.2.1", "192.0.2.1"),
]


@pytest.mark.parametrize(("name", "given", "expected"), CONVERSIONS)
def test_cleaning_converts(name: str, given: Any, expected: Any) -> None:
    kinds = Kinds(**{name: given})
    kinds.clean_fields()
    assert getattr(kinds, name) == expected


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [case for case in CONVERSIONS if case[0] not in ("truth", "length")],
)
def test_saving_converts_too(db: str, name: str, given: Any, expected: Any) -> None:
    Kinds.objects.create(**{name: given})
    assert getattr(Kinds.objects.get(), name) == expected


REFUSALS = [
    ("big", 2**63, "max_value"),
    ("big", -(2**63) - 1, "min_value"),
    ("binary", b"123456789", "max_length"),
    ("truth", "maybe", "invalid"),
    ("char", "abcdef", "max_length"),
    ("date", "31.01.2024", "invalid"),
    ("date", "2024-02-30", "invalid_date"),
    ("moment", "2024-13-01 10:00", "invalid_datetime"),
    ("moment", "2024-02-30", "invalid_date"),
    ("moment", "soon", "invalid"),
    ("price", "1000", "max_whole_digits"),
    ("price", "1.001", "max_decimal_places"),
    ("price", "12345678", "max_digits"),
    ("price", "NaN", "invalid"),
    ("price", "much", "invalid"),
    ("length", "long", "invalid"),
    ("mail", "ann at example", "invalid"),
    ("ratio", "big", "invalid"),
    ("ip", "300.1.1.1", "invalid"),
    ("ip4", "2001:db8::1", "invalid"),
    ("whole", "x", "invalid"),
    ("data", {1, 2}, "invalid"),
    ("positive", -1, "min_value"),
    ("slug", "not a slug", "invalid"),
    ("slug", "straße", "invalid"),
    ("slug", "a" * 51, "max_length"),
    ("time", "25:00", "invalid_time"),
    ("time", "noon", "invalid"),
    ("link", "example", "invalid"),
    ("link", "javascript:alert(1)", "invalid"),
    ("unique", "1234", "invalid"),
]


@pytest.mark.parametrize(("name", "value", "code"), REFUSALS)
def test_cleaning_refuses(db: str, name: str, value: Any, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Kinds(**{name: value}).clean_fields()
    assert code in [error.code for error in caught.value.error_dict[name]]


def test_a_slug_may_be_unicode() -> None:
    Kinds(word="straße-1").clean_fields()


@pytest.mark.parametrize(
    ("name", "value"), [("whole", "x"), ("unique", "x"), ("truth", "x"), ("date", "x")]
)
def test_filtering_by_nonsense_is_an_error(db: str, name: str, value: Any) -> None:
    with pytest.raises((ValueError, ValidationError)):
        list(Kinds.objects.filter(**{name: value}))


def test_a_string_that_is_too_long_is_refused_where_the_database_checks(db: str) -> None:
    if db == "sqlite":
        pytest.skip("SQLite does not check lengths")
    with pytest.raises(DatabaseError), transaction.atomic():
        Kinds.objects.create(char="abcdef")


def test_json_null_and_sql_null(db: str) -> None:
    Kinds.objects.create(data=None)
    assert Kinds.objects.filter(data__isnull=True).count() == 1
    assert Kinds.objects.get().data is None


def test_infinity_in_a_float_is_validated_as_given() -> None:
    assert math.isinf(models.FloatField().clean(math.inf, None))


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (models.EmailField(), 254),
        (models.SlugField(), 50),
        (models.URLField(), 200),
        (models.FileField(), 100),
        (models.CharField(max_length=3), 3),
    ],
)
def test_max_lengths(field: Any, expected: int) -> None:
    assert field.max_length == expected


def test_slugs_are_indexed() -> None:
    assert models.SlugField().db_index is True


def test_binary_fields_are_not_editable_by_default() -> None:
    assert models.BinaryField().editable is False
    assert models.BinaryField(editable=True).editable is True


@only("mysql")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("positive", "integer unsigned"),
        ("positive_small", "smallint unsigned"),
        ("positive_big", "bigint unsigned"),
        ("whole", "integer"),
    ],
)
def test_positive_numbers_have_no_sign_on_mariadb(db: str, name: str, expected: str) -> None:
    field: Any = Kinds._meta.get_field(name)
    assert field.db_type(connection).lower() == expected


def test_a_positive_number_above_those_of_signed_columns_can_be_asked_for(db: str) -> None:
    """MariaDB's column holds it; elsewhere no row has it."""
    large = 2**32 - 1
    if db == "mysql":
        Kinds.objects.create(positive=large)
    assert Kinds.objects.filter(positive=large).count() == (1 if db == "mysql" else 0)
    assert Kinds.objects.filter(positive__in=[large, 2**40]).count() == (1 if db == "mysql" else 0)


def test_zero_is_no_key_for_an_auto_field_of_mariadb(db: str) -> None:
    """It would take it for a key that it shall make."""
    if db != "mysql":
        Kinds.objects.create(pk=0)
        assert Kinds.objects.get(pk=0).pk == 0
        return
    for write in (
        lambda: Kinds.objects.create(pk=0),
        lambda: Kinds(pk=0).save(),
        lambda: Kinds.objects.bulk_create([Kinds(pk=0)]),
    ):
        with pytest.raises(ValueError, match="AutoField"), transaction.atomic():
            write()
    assert not Kinds.objects.filter(pk=0).exists()


def test_a_duration_of_no_text_lasts_no_time() -> None:
    assert models.DurationField().to_python("") == dt.timedelta()


def test_an_address_is_searched_as_it_is_written(db: str) -> None:
    made = Kinds.objects.create(ip="10.0.0.1")
    for lookup, text in (("endswith", ".1"), ("iexact", "10.0.0.1"), ("regex", "1$")):
        assert Kinds.objects.get(**{f"ip__{lookup}": text}) == made
    assert not Kinds.objects.filter(ip__contains="/").exists()
