"""Each kind of field on each database: values come back as they were."""

import datetime as dt
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import kinds
import pytest
from kinds import Hand, Kinds

from raystack_orm import (
    ImproperlyConfigured,
    ValidationError,
    connections,
    create_all,
    drop_all,
    models,
)
from raystack_orm.configuration import Configuration, configured
from raystack_orm.testing import isolate_apps

MODELS = [kinds.Kinds]
MOMENT = dt.datetime(2026, 11, 23, 14, 30, 5, 123456, tzinfo=dt.UTC)
LONG = "x" * 70_000


@pytest.fixture(scope="module", autouse=True)
def tables(database: Configuration) -> Iterator[None]:
    with configured(database):
        create_all(MODELS)
        yield
        drop_all(MODELS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("duration", dt.timedelta(days=-1, seconds=5, microseconds=7)),
        ("duration", dt.timedelta(days=999999)),
        ("address", "192.0.2.1"),
        ("address", "2001:db8::1"),
        ("raw", b"\0\xff\x80"),
        ("tiny", 32767),
        ("huge", 9223372036854775807),
        ("clock", dt.time(1, 2, 3, 4)),
        ("moment", MOMENT),
        ("exact", Decimal("1234567890.0123456789")),
        ("plain", {"a": [1, None, "é"], "b": "\\u0000"}),
        ("encoded", {"price": Decimal("1.10")}),
        ("identity", uuid.UUID("12345678123456781234567812345678")),
        ("long", LONG),
        ("hand", Hand("AK", "QJ")),
        ("like_text", LONG),
        ("core", "x"),
    ],
)
def test_a_value_comes_back_as_it_was(db: str, name: str, value: Any) -> None:
    """Saved, loaded, compared: equal and of the same type."""
    if db == "sqlite" and name == "exact":
        pytest.skip("SQLite keeps 15 digits of a decimal, as Django says")
    Kinds.objects.create(counted=1, **{name: value})

    loaded = getattr(Kinds.objects.get(), name)

    assert loaded == value
    assert type(loaded) is type(value)
    if name not in {"plain", "encoded"}:
        assert Kinds.objects.filter(**{name: value}).count() == 1


def test_none_is_null_in_each_kind(db: str) -> None:
    """And comes back as None."""
    Kinds.objects.create(counted=1)

    loaded = Kinds.objects.get()

    names = [f.attname for f in Kinds._meta.concrete_fields if f.null]
    assert {name: getattr(loaded, name) for name in names} == dict.fromkeys(names)


def test_ipv4_in_ipv6_is_unpacked(db: str) -> None:
    """With unpack_ipv4=True, once it is cleaned or saved."""
    field = Kinds._meta.get_field("address")
    Kinds.objects.create(counted=1, address="::ffff:192.0.2.1")

    assert field.clean("::ffff:192.0.2.1", None) == "192.0.2.1"
    assert Kinds.objects.get().address == "192.0.2.1"


def test_a_field_of_ones_own_prepares_its_values(db: str) -> None:
    """get_prep_value() is asked for saving and for filtering."""
    Kinds.objects.create(counted=1, upper="abc")

    assert Kinds.objects.get(upper="Abc").upper == "ABC"


def test_decimals_are_rounded_to_their_places(db: str) -> None:
    """As the database would do, and before SQLite would not."""
    made = Kinds.objects.create(counted=1, exact=Decimal("0.00000000005"))
    made.refresh_from_db()

    assert made.exact == Decimal(0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("long", "a\0b"),
        ("long", "\ud800"),
        ("name", "a\0b"),
        ("plain", {"a": "\0"}),
        ("plain", ["\udfff"]),
        ("plain", float("nan")),
        ("exact", "NaN"),
        ("exact", Decimal("Infinity")),
        ("exact", Decimal("1e11")),
        ("duration", "soon"),
        ("identity", "zz"),
        ("tiny", "zz"),
    ],
)
def test_what_no_database_stores_is_refused_by_name(db: str, name: str, value: Any) -> None:
    """A ValueError that names the field, before any SQL."""
    with pytest.raises(ValueError, match=f"'{name}' expected"):
        Kinds.objects.create(counted=1, **{name: value})


def test_json_refuses_what_it_cannot_say() -> None:
    """A TypeError where the encoder gives up; validation says it its way."""
    field = Kinds._meta.get_field("plain")
    with pytest.raises(TypeError):
        field.get_prep_value({1, 2})
    with pytest.raises(ValidationError) as caught:
        field.clean({"a": {1, 2}}, None)
    assert caught.value.messages == ["Value must be valid JSON."]


def test_types_in_sql(db: str) -> None:
    """db_type() says what the column is called in this database."""

    def sql(field: Any) -> Any:
        return field.db_type(connections["default"])

    vendor = {"sqlite": 0, "postgresql": 1, "mysql": 2}[db]
    meta = Kinds._meta
    for name, expected in {
        "duration": ("BIGINT", "INTERVAL", "BIGINT"),
        "address": ("VARCHAR(39)", "INET", "VARCHAR(39)"),
        "raw": ("BLOB", "BYTEA", "LONGBLOB"),
        "clock": ("TIME", "TIME WITHOUT TIME ZONE", "TIME(6)"),
        "moment": ("DATETIME", "TIMESTAMP WITH TIME ZONE", "DATETIME(6)"),
        "long": ("TEXT", "TEXT", "LONGTEXT"),
        "like_text": ("TEXT", "TEXT", "LONGTEXT"),
        "hand": ("text", "text", "varchar(104)"),
        "core": ("VARCHAR(10)",) * 3,
        "plain": ("JSON", "JSONB", "JSON"),
        "id": ("INTEGER", "BIGINT", "BIGINT"),
    }.items():
        assert sql(meta.get_field(name)) == expected[vendor], name
    assert meta.get_field("hand").db_parameters(connections["default"])["check"] is None


def test_text_without_a_length(database: Configuration) -> None:
    """MariaDB needs one, and the error names the field; the others do without."""
    with configured(database), isolate_apps():

        class Note(models.Model):
            text = models.CharField()

            class Meta:
                app_label = "notes"

        if connections["default"].vendor == "mysql":
            with pytest.raises(ImproperlyConfigured, match=r"notes\.Note\.text has no max_length"):
                create_all([Note])
            return
        create_all([Note])
        Note.objects.create(text=LONG)
        assert Note.objects.get().text == LONG
        drop_all([Note])


def test_naive_datetimes_are_taken_for_the_current_time_zone(database: Configuration) -> None:
    """With a warning, as in Django."""
    with configured(database):
        field = Kinds._meta.get_field("moment")
        with pytest.warns(RuntimeWarning, match="Kinds.moment received a naive datetime"):
            made = field.get_prep_value("2026-01-01 10:00")
        assert made == dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)
        assert field.to_python("2026-01-01 10:00").tzinfo is None


def test_a_number_with_too_many_digits_is_compared_but_not_saved(db: str) -> None:
    """No row has it, so it is greater than all; as a value it is refused."""
    Kinds.objects.create(counted=1, exact=Decimal("12.34"))

    assert Kinds.objects.filter(exact__lt=Decimal(123456789012)).count() == 1
    assert Kinds.objects.filter(exact__gte=10**12).count() == 0
    with pytest.raises(ValueError, match="Field 'exact' expected a decimal number"):
        Kinds.objects.update(exact=Decimal(123456789012))
