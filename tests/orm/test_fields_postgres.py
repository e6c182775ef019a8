"""Arrays, ranges and stores of keys, which PostgreSQL alone has."""

import datetime as dt
import pickle
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from kinds import HandField
from psycopg.types.range import Int4Range, NumericRange, Range
from vendors import only

from raystack_orm import ValidationError, connections, create_all, drop_all, models
from raystack_orm.configuration import Configuration, configured
from raystack_orm.postgres import fields, validators

DAY = dt.date(2026, 1, 1)
MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Shelf(models.Model):
    tags = fields.ArrayField(models.CharField(max_length=10), null=True, size=3)
    grid = fields.ArrayField(fields.ArrayField(models.IntegerField()), null=True)
    prices = fields.ArrayField(models.DecimalField(max_digits=5, decimal_places=2), default=list)
    hands = fields.ArrayField(HandField(), null=True)
    moments = fields.ArrayField(models.DateTimeField(), null=True)
    whole = fields.IntegerRangeField(null=True)
    big = fields.BigIntegerRangeField(null=True)
    exact = fields.DecimalRangeField(null=True, default_bounds="[]")
    days = fields.DateRangeField(null=True)
    period = fields.DateTimeRangeField(null=True)
    words = fields.HStoreField(null=True)

    class Meta:
        app_label = "shelves"


@pytest.fixture
def shelves(database: Configuration) -> Iterator[None]:
    with configured(database):
        connections["default"].write("CREATE EXTENSION IF NOT EXISTS hstore", ())
        create_all([Shelf])
        yield
        drop_all([Shelf])


@only("postgresql")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tags", ["a", None, 'b"\\,{}', ""]),
        ("tags", []),
        ("grid", [[1, 2], [3, None]]),
        ("prices", [Decimal("1.10")]),
        ("hands", [("A", "K")]),
        ("moments", [MOMENT]),
        ("whole", Int4Range(1, 5)),
        ("whole", Int4Range(None, 5)),
        ("whole", Range(1, 5)),
        ("whole", Int4Range(empty=True)),
        ("big", Range(1, 2**40)),
        ("exact", NumericRange(Decimal("1.5"), Decimal(2), "(]")),
        ("days", Range(DAY, DAY + dt.timedelta(3))),
        ("period", Range(MOMENT, None, "[)")),
        ("words", {"a": "b", 'c"\\=>': None, "": ""}),
    ],
)
def test_a_value_comes_back_as_it_was(shelves: None, db: str, name: str, value: Any) -> None:
    """Saved, loaded, compared; and a filter finds it."""
    Shelf.objects.create(**{name: value})

    assert getattr(Shelf.objects.get(), name) == value
    if name != "hands":
        assert Shelf.objects.filter(**{name: value}).count() == 1


@only("postgresql")
def test_pairs_become_ranges(shelves: None, db: str) -> None:
    """With the field's default bounds where those count; whole numbers come back as [)."""
    Shelf.objects.create(whole=(1, 5), exact=(1, 2), days=(DAY, None))

    loaded = Shelf.objects.get()

    assert loaded.whole == Int4Range(1, 5, "[)")
    assert loaded.exact == NumericRange(Decimal(1), Decimal(2), "[]")
    assert loaded.days.upper_inf
    Shelf.objects.update(whole=Int4Range(1, 5, "[]"))
    assert Shelf.objects.get().whole == Int4Range(1, 6, "[)")


@only("postgresql")
def test_types_in_sql(shelves: None) -> None:
    """db_type() says what the column is called."""
    names = ("tags", "grid", "prices", "whole", "period", "words")
    found = [Shelf._meta.get_field(name).db_type(connections["default"]) for name in names]

    assert found == [
        "VARCHAR(10)[]", "INTEGER[][]", "NUMERIC(5, 2)[]", "INT4RANGE", "TSTZRANGE", "HSTORE",
    ]  # fmt: skip


def test_items_are_validated() -> None:
    """The error says which item is wrong."""
    field = fields.ArrayField(models.IntegerField(validators=[]), size=2)

    assert field.clean(["1", 2], None) == [1, 2]
    with pytest.raises(ValidationError) as caught:
        field.clean([1, 2, 3], None)
    assert caught.value.messages == ["List contains 3 items, it should contain no more than 2."]
    with pytest.raises(ValidationError) as caught:
        field.clean([1, 2**40], None)
    assert caught.value.messages[0].startswith("Item 2 in the array did not validate: Ensure")
    with pytest.raises(ValidationError) as caught:
        fields.ArrayField(fields.ArrayField(models.IntegerField())).clean([[1], [1, 2]], None)
    assert caught.value.messages == ["Nested arrays must have the same length."]


def test_text_is_no_list() -> None:
    """It would become a list of letters."""
    with pytest.raises(ValueError, match="expected a list"):
        Shelf._meta.get_field("tags").get_prep_value("abc")
    with pytest.raises(ValueError, match="expected a range"):
        Shelf._meta.get_field("whole").get_prep_value(3)


def test_a_store_of_keys_holds_text() -> None:
    """Other values are refused by validation, and become text when saved."""
    field: Any = fields.HStoreField()

    with pytest.raises(ValidationError) as caught:
        field.clean({"a": 1}, None)
    assert caught.value.messages == ["The value of “a” is not a string or null."]
    assert field.get_prep_value({1: 2}) == {"1": "2"}


def test_fields_are_deconstructed() -> None:
    """By the path that users import them from."""
    _, path, _, options = Shelf._meta.get_field("tags").deconstruct()
    assert path == "raystack_orm.postgres.fields.ArrayField"
    assert options["size"] == 3
    assert options["base_field"].deconstruct()[3] == {"max_length": 10}

    for name in ("tags", "grid", "exact", "whole", "words"):
        field = Shelf._meta.get_field(name)
        assert field.clone().deconstruct()[3].keys() == field.deconstruct()[3].keys()
        assert pickle.loads(pickle.dumps(field)) is field
    assert Shelf._meta.get_field("exact").deconstruct()[3]["default_bounds"] == "[]"


def test_wrong_declarations() -> None:
    """They raise, or check() finds them."""
    with pytest.raises(TypeError, match="default_bounds"):
        fields.IntegerRangeField(default_bounds="[]")  # type: ignore[call-arg]  # that is the mistake
    with pytest.raises(ValueError, match="default_bounds"):
        fields.DecimalRangeField(default_bounds="[[")
    shared = fields.ArrayField(models.IntegerField(), default=[])
    wrong = fields.ArrayField(models.CharField(max_length=-1))
    assert [message.id for message in shared.check()] == ["fields.E010"]
    assert [message.id for message in wrong.check()] == ["postgres.E001"]


def test_fixtures_have_values_as_json() -> None:
    """value_to_string() writes what to_python() reads."""
    made = Shelf(
        tags=["a", None], whole=Int4Range(1, 5), exact=NumericRange(empty=True), words={"a": None}
    )

    for name in ("tags", "whole", "exact", "words"):
        field = Shelf._meta.get_field(name)
        assert field.to_python(field.value_to_string(made)) == getattr(made, name)


def test_validators_of_ranges_and_keys() -> None:
    """As in django.contrib.postgres.validators."""
    validators.RangeMaxValueValidator(5)(Range(1, 5))
    validators.KeysValidator(["a"])({"a": 1, "b": 2})
    for validator, value, code in (
        (validators.RangeMaxValueValidator(5), Range(1, None), "max_value"),
        (validators.RangeMinValueValidator(5), Range(1, 9), "min_value"),
        (validators.KeysValidator(["a"]), {}, "missing_keys"),
        (validators.KeysValidator(["a"], strict=True), {"a": 1, "b": 1}, "extra_keys"),
        (validators.ArrayMinLengthValidator(1), [], "min_length"),
    ):
        with pytest.raises(ValidationError) as caught:
            validator(value)
        assert caught.value.code == code
