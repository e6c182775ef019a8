"""Comparison and conversion functions, JSON functions, UUID functions.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#comparison-and-conversion-functions
"""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from raystack_orm import FieldError, NotSupportedError, models, transaction
from raystack_orm.models import Case, F, Max, Sum, Value
from raystack_orm.models.functions import (
    UUID4,
    UUID7,
    Cast,
    Coalesce,
    Collate,
    Greatest,
    JSONArray,
    JSONObject,
    Least,
    Lower,
    NullIf,
    Upper,
)


class Person(models.Model):
    name = models.CharField(max_length=20)
    alias = models.CharField(max_length=20, null=True)
    age = models.IntegerField(default=30)
    limit = models.IntegerField(null=True)
    text = models.CharField(max_length=20, default="12")
    seen = models.DateTimeField(default=dt.datetime(2024, 5, 6, 7, 8, 9, tzinfo=dt.UTC))
    data = models.JSONField(default=dict)
    key = models.UUIDField(default=uuid.uuid4)

    class Meta:
        app_label = "conf_comparison"


class Slugged(models.Model):
    slug = models.SlugField()
    name = models.CharField(max_length=20)
    small = models.SmallIntegerField()
    number = models.IntegerField()

    class Meta:
        app_label = "conf_comparison"
        managed = False


@pytest.fixture(autouse=True)
def people(db: str) -> None:
    """Ann with an alias, Bob without."""
    Person.objects.create(name="ann", alias="Annie", age=25, limit=20)
    Person.objects.create(name="Bob", text="7")


def column(expression: Any) -> list[Any]:
    rows = Person.objects.annotate(value=expression).order_by("pk")
    return [row.value for row in rows]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Cast("text", models.IntegerField()), [12, 7]),
        (Cast("text", output_field=models.IntegerField()), [12, 7]),
        (Cast("age", models.CharField(max_length=10)), ["25", "30"]),
        (Cast("age", models.TextField()), ["25", "30"]),
        (Cast("age", models.FloatField()), [25.0, 30.0]),
        (Cast("age", models.DecimalField(max_digits=6, decimal_places=2)), [25, 30]),
        (Cast("limit", models.CharField(max_length=5)), ["20", None]),
        (Cast("seen", models.DateField()), [dt.date(2024, 5, 6)] * 2),
        (Cast("seen", models.TimeField()), [dt.time(7, 8, 9)] * 2),
        (Cast(Value("2024-01-02"), models.DateField()), [dt.date(2024, 1, 2)] * 2),
        (Cast(Value("3"), models.IntegerField()) + 1, [4, 4]),
        (Cast(Value("a"), models.CharField()), ["a", "a"]),
        (Cast(Value("1.5"), models.FloatField()) * 2, [3.0, 3.0]),
        (Coalesce("alias", "name"), ["Annie", "Bob"]),
        (Coalesce("alias", Value("none")), ["Annie", "none"]),
        (Coalesce("limit", "age", 0), [20, 30]),
        (Coalesce(F("limit"), Value(None), Value(5)), [20, 5]),
        (Coalesce(Lower("alias"), Upper("name")), ["annie", "BOB"]),
        (Greatest("age", 28), [28, 30]),
        (Greatest("age", Value(1), F("age") + 1), [26, 31]),
        (Least("age", 28), [25, 28]),
        (Least(F("age") * 2, "age"), [25, 30]),
        (Greatest("name", Value("aaa")), None),
        (NullIf("name", Value("ann")), [None, "Bob"]),
        (NullIf("age", 30), [25, None]),
        (NullIf("alias", "name"), ["Annie", None]),
    ],
)
def test_comparison_and_conversion(expression: Any, expected: list[Any] | None) -> None:
    found = column(expression)
    assert expected is None or found == expected


def test_cast_in_filter_order_and_aggregate() -> None:
    number = Cast("text", models.IntegerField())
    assert Person.objects.annotate(n=number).filter(n__gt=10).get().name == "ann"
    assert [row.name for row in Person.objects.order_by(number)] == ["Bob", "ann"]
    assert Person.objects.aggregate(total=Sum(number)) == {"total": 19}


def test_greatest_and_least_of_null_depend_on_the_database(db: str) -> None:
    """PostgreSQL leaves NULL out, the others give NULL."""
    assert column(Greatest("limit", "age")) == [25, 30 if db == "postgresql" else None]
    assert column(Least("limit", "age")) == [20, 30 if db == "postgresql" else None]


@pytest.mark.parametrize("function", [Coalesce, Greatest, Least])
def test_one_argument_is_too_few(function: Any) -> None:
    with pytest.raises(ValueError):
        function("name")


def test_null_if_takes_two_arguments() -> None:
    with pytest.raises(TypeError):
        NullIf("name")


def test_mixed_types_need_an_output_field() -> None:
    with pytest.raises(FieldError):
        column(Coalesce("alias", "age"))


def test_coalesce_gives_aggregates_a_default() -> None:
    nobody = Person.objects.filter(name="zoe")
    assert nobody.aggregate(most=Coalesce(Max("age"), 0)) == {"most": 0}
    assert Person.objects.aggregate(most=Coalesce(Max("age"), 0)) == {"most": 30}
    assert Person.objects.none().aggregate(most=Coalesce(Max("age"), Value(3))) == {"most": 3}


def test_update_with_comparison_functions() -> None:
    Person.objects.update(alias=Coalesce("alias", "name"), age=Least("age", 26))
    assert list(Person.objects.order_by("pk").values_list("alias", "age")) == [
        ("Annie", 25),
        ("Bob", 26),
    ]


COLLATIONS = {"sqlite": "nocase", "postgresql": "C", "mysql": "utf8mb4_bin"}


def test_collate_chooses_how_texts_compare(db: str) -> None:
    collated = Collate("name", COLLATIONS[db])
    names = [row.name for row in Person.objects.order_by(collated)]
    assert names == (["ann", "Bob"] if db == "sqlite" else ["Bob", "ann"])
    found = Person.objects.filter(name=Collate(Value("ANN"), COLLATIONS[db])).count()
    assert found == (1 if db == "sqlite" else 0)


@pytest.mark.parametrize("name", ["", None, "nocase; DROP TABLE x", "a b", "a'b"])
def test_collate_refuses_what_is_no_name(name: Any) -> None:
    with pytest.raises(ValueError):
        Collate("name", name)


def test_json_object_builds_documents() -> None:
    made = JSONObject(
        name=Lower("name"), alias="alias", double=F("age") * 2, inner=JSONObject(age="age")
    )
    assert column(made) == [
        {"name": "ann", "alias": "Annie", "double": 50, "inner": {"age": 25}},
        {"name": "bob", "alias": None, "double": 60, "inner": {"age": 30}},
    ]
    assert column(JSONObject()) == [{}, {}]


def test_json_object_is_searched_like_a_json_field() -> None:
    found = Person.objects.annotate(doc=JSONObject(n="name", age="age"))
    assert found.filter(doc__n="ann").get().doc["age"] == 25
    assert found.filter(doc__age__gt=26).get().name == "Bob"


def test_keys_of_json_object_are_bound() -> None:
    key = "it's; DROP"
    assert column(JSONObject(**{key: Value(1)})) == [{key: 1}] * 2


def test_json_array_builds_lists(db: str) -> None:
    assert column(JSONArray("name", F("age") + 1, Value("x"))) == [
        ["ann", 26, "x"],
        ["Bob", 31, "x"],
    ]
    assert column(JSONArray()) == [[], []]
    assert column(JSONArray(JSONArray("age"), JSONObject(a="age"))) == [
        [[25], {"a": 25}],
        [[30], {"a": 30}],
    ]


def test_nulls_in_json_arrays(db: str) -> None:
    assert column(JSONArray("alias")) == [["Annie"], [None]]


def test_json_values_go_into_a_json_field() -> None:
    Person.objects.update(data=JSONObject(n="name", age="age"))
    assert Person.objects.get(data__n="ann").data == {"n": "ann", "age": 25}
    assert Person.objects.filter(data__age=30).count() == 1


def test_uuid4_is_random(db: str) -> None:
    """PostgreSQL, SQLite and MariaDB from 11.7 have it."""
    try:
        with transaction.atomic():
            keys = column(UUID4())
    except NotSupportedError:
        assert db == "mysql"
        return
    assert all(isinstance(key, uuid.UUID) and key.version == 4 for key in keys)
    Person.objects.update(key=UUID4())
    assert Person.objects.values("key").distinct().count() == 2


def test_uuid7_is_for_newer_databases() -> None:
    """PostgreSQL 18, MariaDB 11.7, SQLite with Python 3.14."""
    try:
        with transaction.atomic():
            keys = column(UUID7())
    except NotSupportedError:
        return
    assert all(isinstance(key, uuid.UUID) and key.version == 7 for key in keys)


def test_decimals_are_decimals() -> None:
    cast = Cast("text", models.DecimalField(max_digits=6, decimal_places=2))
    assert column(cast) == [Decimal(12), Decimal(7)]
    assert all(isinstance(number, Decimal) for number in column(cast))


def test_the_first_of_several_types_has_to_be_of_the_type_of_the_others() -> None:
    for first, second in (("slug", "name"), ("small", "number"), ("id", "number")):
        assert str(Slugged.objects.annotate(x=Coalesce(first, second)).query)
        with pytest.raises(FieldError):
            str(Slugged.objects.annotate(x=Coalesce(second, first)).query)
    said = Coalesce("name", "slug", output_field=models.CharField())
    assert str(Slugged.objects.annotate(x=said).query)


@pytest.mark.parametrize(
    "expression", [Value(None), Value([1]), Coalesce(Value(None), Value(None)), Case()]
)
def test_what_is_selected_has_a_type(expression: Any) -> None:
    with pytest.raises(FieldError):
        list(Person.objects.annotate(value=expression))
    with pytest.raises(FieldError):
        Person.objects.aggregate(value=Max(expression))
