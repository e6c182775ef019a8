"""bulk_create().

https://docs.djangoproject.com/en/stable/ref/models/querysets/#bulk-create
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import (
    FieldDoesNotExist,
    IntegrityError,
    NotSupportedError,
    models,
    transaction,
)
from raystack_orm.models import Value
from raystack_orm.models.functions import Lower, Upper
from raystack_orm.testing import assert_num_queries


class Plant(models.Model):
    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=20, default="?")
    height = models.IntegerField(null=True)
    seen = models.DateField(default=dt.date(2020, 1, 1))
    notes = models.JSONField(default=dict)

    class Meta:
        app_label = "conf_bulk"
        ordering = ("code",)


class Leaf(models.Model):
    plant = models.ForeignKey(Plant, models.CASCADE)
    color = models.CharField(max_length=10)

    class Meta:
        app_label = "conf_bulk"
        unique_together = (("plant", "color"),)


class Thing(models.Model):
    label = models.CharField(max_length=10)

    class Meta:
        app_label = "conf_bulk"


class Tool(Thing):
    weight = models.IntegerField(default=1)

    class Meta:
        app_label = "conf_bulk"


@pytest.fixture(autouse=True)
def use_the_database(db: str) -> None:
    """Every test here writes."""


def codes() -> list[str]:
    return list(Plant.objects.values_list("code", flat=True))


def plants(*names: str, **values: Any) -> list[Plant]:
    return [Plant(code=name, **values) for name in names]


def test_bulk_create_inserts_in_one_query() -> None:
    with assert_num_queries(1):
        Plant.objects.bulk_create(plants("a", "b", "c"))
    assert codes() == ["a", "b", "c"]


def test_bulk_create_returns_the_same_objects_with_their_keys() -> None:
    made = plants("b", "a")
    returned = Plant.objects.bulk_create(made)
    assert [one is other for one, other in zip(returned, made, strict=True)] == [True, True]
    assert [Plant.objects.get(code=plant.code).pk for plant in made] == [p.pk for p in made]
    assert not any(plant._state.adding for plant in made)


def test_bulk_create_of_nothing_runs_no_query() -> None:
    with assert_num_queries(0):
        assert Plant.objects.bulk_create([]) == []


def test_bulk_create_takes_any_iterable() -> None:
    Plant.objects.bulk_create(plant for plant in plants("a", "b"))
    assert codes() == ["a", "b"]


def test_batch_size_is_the_number_of_objects_in_a_query() -> None:
    with assert_num_queries(3):
        Plant.objects.bulk_create(plants(*"abcde"), batch_size=2)
    assert codes() == list("abcde")


@pytest.mark.parametrize("size", [0, -1])
def test_batch_size_must_be_positive(size: int) -> None:
    with pytest.raises(ValueError):
        Plant.objects.bulk_create(plants("a"), batch_size=size)


def test_objects_with_and_without_key_may_be_mixed() -> None:
    Plant.objects.bulk_create([Plant(pk=900_001, code="a"), Plant(code="b")])
    assert Plant.objects.get(code="a").pk == 900_001
    assert Plant.objects.get(code="b").pk


def test_bulk_create_takes_expressions() -> None:
    Plant.objects.bulk_create([Plant(code=Lower(Value("ABC")), name=Upper(Value("x")))])
    assert Plant.objects.get().code == "abc"


class Sapling(Plant):
    class Meta:
        app_label = "conf_bulk"
        proxy = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise AssertionError


def test_bulk_create_does_not_call_save() -> None:
    Sapling.objects.bulk_create([Sapling(code="a")])
    assert codes() == ["a"]


def test_a_broken_constraint_inserts_nothing() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Plant.objects.bulk_create(plants("a", "b", "a"))
    assert codes() == []


def test_ignore_conflicts_skips_rows_that_exist() -> None:
    Plant.objects.create(code="a", name="old")
    Plant.objects.bulk_create(plants("a", "b", name="new"), ignore_conflicts=True)
    assert list(Plant.objects.values_list("code", "name")) == [("a", "old"), ("b", "new")]


def test_ignored_conflicts_leave_the_keys_unset() -> None:
    made = Plant.objects.bulk_create(plants("a"), ignore_conflicts=True)
    assert made[0].pk is None


def test_update_conflicts_updates_rows_that_exist(db: str) -> None:
    Plant.objects.create(code="a", name="old", height=1)
    Plant.objects.bulk_create(
        plants("a", "b", name="new", height=2),
        update_conflicts=True,
        update_fields=["name"],
        **({} if db == "mysql" else {"unique_fields": ["code"]}),
    )
    assert list(Plant.objects.values_list("code", "name", "height")) == [
        ("a", "new", 1),
        ("b", "new", 2),
    ]


def test_update_conflicts_sets_the_keys(db: str) -> None:
    if db == "mysql":
        pytest.skip("unique_fields are not for MariaDB")
    old = Plant.objects.create(code="a")
    made = Plant.objects.bulk_create(
        plants("a", "b"), update_conflicts=True, update_fields=["name"], unique_fields=["code"]
    )
    assert made[0].pk == old.pk
    assert made[1].pk == Plant.objects.get(code="b").pk


def test_unique_fields_may_be_the_key_or_several_fields(db: str) -> None:
    if db == "mysql":
        pytest.skip("unique_fields are not for MariaDB")
    plant = Plant.objects.create(code="a")
    for unique in (["pk"], ["id"]):
        Plant.objects.bulk_create(
            [Plant(pk=plant.pk, code="z", name=unique[0])],
            update_conflicts=True,
            update_fields=["name"],
            unique_fields=unique,
        )
        assert Plant.objects.get().name == unique[0]
    leaf = Leaf.objects.create(plant=plant, color="red")
    Leaf.objects.bulk_create(
        [Leaf(plant=plant, color="red")],
        update_conflicts=True,
        update_fields=["color"],
        unique_fields=["plant", "color"],
    )
    assert Leaf.objects.get() == leaf


def test_unique_fields_are_refused_on_mariadb(db: str) -> None:
    if db != "mysql":
        pytest.skip("Supported here")
    with pytest.raises(NotSupportedError):
        Plant.objects.bulk_create(
            plants("a"), update_conflicts=True, update_fields=["name"], unique_fields=["code"]
        )


@pytest.mark.parametrize(
    "arguments",
    [
        {"ignore_conflicts": True, "update_conflicts": True},
        {"update_conflicts": True},
        {"update_conflicts": True, "update_fields": []},
        {"update_conflicts": True, "update_fields": ["id"], "unique_fields": ["code"]},
        {"update_conflicts": True, "update_fields": ["pk"], "unique_fields": ["code"]},
        {"update_conflicts": True, "update_fields": ["leaf"], "unique_fields": ["code"]},
    ],
)
def test_contradicting_arguments_are_refused(db: str, arguments: dict[str, Any]) -> None:
    if db == "mysql":
        arguments = {key: value for key, value in arguments.items() if key != "unique_fields"}
    with pytest.raises((ValueError, FieldDoesNotExist)):
        Plant.objects.bulk_create(plants("a"), **arguments)


def test_unique_fields_are_required_where_the_database_needs_them(db: str) -> None:
    if db == "mysql":
        pytest.skip("MariaDB looks at every unique key")
    with pytest.raises(ValueError):
        Plant.objects.bulk_create(plants("a"), update_conflicts=True, update_fields=["name"])


@pytest.mark.parametrize("name", ["update_fields", "unique_fields"])
def test_unknown_fields_are_refused(db: str, name: str) -> None:
    arguments: dict[str, Any] = {"update_fields": ["name"], "unique_fields": ["code"]}
    if db == "mysql":
        if name == "unique_fields":
            pytest.skip("Not supported here at all")
        del arguments["unique_fields"]
    with pytest.raises(FieldDoesNotExist):
        Plant.objects.bulk_create(
            plants("a"), update_conflicts=True, **{**arguments, name: ["nope"]}
        )


def test_bulk_create_of_a_child_model_with_a_parent_table_is_refused() -> None:
    with pytest.raises(ValueError):
        Tool.objects.bulk_create([Tool(label="saw")])


def test_a_related_object_must_be_saved_first() -> None:
    with pytest.raises(ValueError):
        Leaf.objects.bulk_create([Leaf(plant=Plant(code="a"), color="red")])


def test_bulk_create_through_a_related_manager() -> None:
    plant = Plant.objects.create(code="a")
    plant.leaf_set.bulk_create([Leaf(plant=plant, color="red"), Leaf(plant=plant, color="tan")])
    assert plant.leaf_set.count() == 2


def test_keys_of_updated_rows_are_those_of_their_objects(db: str) -> None:
    old = Plant.objects.create(code="old")
    unique = ["code"] if db != "mysql" else None
    made = Plant.objects.bulk_create(
        [Plant(code="new"), Plant(code="old", name="oak"), Plant(code="newer")],
        update_conflicts=True,
        update_fields=["name"],
        unique_fields=unique,
    )
    assert made[1].pk == old.pk
    assert [Plant.objects.get(pk=plant.pk).code for plant in made] == ["new", "old", "newer"]
