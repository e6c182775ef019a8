"""bulk_update().

https://docs.djangoproject.com/en/stable/ref/models/querysets/#bulk-update
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import FieldDoesNotExist, models
from raystack_orm.models import Case, F, Value, When
from raystack_orm.testing import assert_num_queries


class Plant(models.Model):
    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=20, default="?")
    height = models.IntegerField(null=True)
    seen = models.DateField(default=dt.date(2020, 1, 1))
    notes = models.JSONField(default=dict)

    class Meta:
        app_label = "conf_bulk_update"
        ordering = ("code",)


class Leaf(models.Model):
    plant = models.ForeignKey(Plant, models.CASCADE)
    color = models.CharField(max_length=10)

    class Meta:
        app_label = "conf_bulk_update"
        unique_together = (("plant", "color"),)


class Thing(models.Model):
    label = models.CharField(max_length=10)

    class Meta:
        app_label = "conf_bulk_update"


class Note(models.Model):
    data = models.JSONField(null=True)

    class Meta:
        app_label = "conf_bulk_update"


class Tool(Thing):
    weight = models.IntegerField(default=1)

    class Meta:
        app_label = "conf_bulk_update"


@pytest.fixture(autouse=True)
def use_the_database(db: str) -> None:
    """Every test here writes."""


def plants(*names: str, **values: Any) -> list[Plant]:
    return [Plant(code=name, **values) for name in names]


@pytest.mark.parametrize("size", [0, -1])
def test_batch_size_must_be_positive(size: int) -> None:
    with pytest.raises(ValueError):
        Plant.objects.bulk_update([], ["name"], batch_size=size)


def test_bulk_update_writes_different_values_in_one_query() -> None:
    made = Plant.objects.bulk_create(plants("a", "b"))
    made[0].name, made[1].name = "oak", "elm"
    made[0].height = 99
    with assert_num_queries(1):
        assert Plant.objects.bulk_update(made, ["name"]) == 2
    assert list(Plant.objects.values_list("name", "height")) == [("oak", None), ("elm", None)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "fir"),
        ("height", 3),
        ("height", None),
        ("seen", dt.date(2026, 5, 1)),
        ("notes", {"a": [1, None]}),
        ("code", "z"),
    ],
)
def test_bulk_update_of_every_kind_of_value(field: str, value: Any) -> None:
    plant = Plant.objects.create(code="a", height=1)
    setattr(plant, field, value)
    Plant.objects.bulk_update([plant], [field])
    assert getattr(Plant.objects.get(pk=plant.pk), field) == value


def test_bulk_update_takes_expressions() -> None:
    plant = Plant.objects.create(code="a", height=1)
    plant.height = F("height") + 5
    plant.name = Case(When(code="a", then=Value("first")), default=Value("other"))
    Plant.objects.bulk_update([plant], ["height", "name"])
    assert (Plant.objects.get().height, Plant.objects.get().name) == (6, "first")


def test_bulk_update_of_a_foreign_key() -> None:
    one, two = Plant.objects.bulk_create(plants("a", "b"))
    leaf = Leaf.objects.create(plant=one, color="red")
    leaf.plant = two
    assert Leaf.objects.bulk_update([leaf], ["plant"]) == 1
    assert Leaf.objects.get().plant_id == two.pk


def test_bulk_update_in_batches() -> None:
    made = Plant.objects.bulk_create(plants(*"abcde"))
    with assert_num_queries(3):
        assert Plant.objects.bulk_update(made, ["name"], batch_size=2) == 5


def test_bulk_update_counts_matched_rows_and_obeys_the_filter() -> None:
    made = Plant.objects.bulk_create(plants("a", "b"))
    Plant.objects.filter(code="b").delete()
    for plant in made:
        plant.name = "new"
    assert Plant.objects.bulk_update(made, ["name"]) == 1
    assert Plant.objects.filter(code="x").bulk_update(made, ["name"]) == 0


def test_bulk_update_of_nothing_runs_no_query() -> None:
    with assert_num_queries(0):
        assert Plant.objects.bulk_update([], ["name"]) == 0


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ([], ValueError),
        (["id"], ValueError),
        (["pk"], (ValueError, FieldDoesNotExist)),
        (["leaf"], ValueError),
        (["nope"], FieldDoesNotExist),
    ],
)
def test_bulk_update_refuses_these_fields(fields: list[str], error: Any) -> None:
    plant = Plant.objects.create(code="a")
    with pytest.raises(error):
        Plant.objects.bulk_update([plant], fields)


def test_bulk_update_wants_saved_objects() -> None:
    with pytest.raises(ValueError):
        Plant.objects.bulk_update(plants("a"), ["name"])


def test_bulk_update_of_inherited_fields() -> None:
    tool = Tool.objects.create(label="saw")
    tool.label, tool.weight = "axe", 2
    Tool.objects.bulk_update([tool], ["label", "weight"])
    assert (Tool.objects.get().label, Tool.objects.get().weight) == ("axe", 2)


def test_a_value_of_none_writes_null(db: str) -> None:
    note = Note.objects.create(data={"a": 1})
    note.data = Value(None, models.JSONField())
    Note.objects.bulk_update([note], ["data"])
    assert Note.objects.get(data__isnull=True) == note
