"""Querying JSONField: keys, indexes, paths, containment, NULL and null.

https://docs.djangoproject.com/en/stable/topics/db/queries/#querying-jsonfield
"""

import re
from typing import Any

import pytest

from raystack_orm import NotSupportedError, ProgrammingError, models
from raystack_orm.models import Count, Exists, F, JSONNull, OuterRef, Q, Value
from raystack_orm.models.fields.json import KT
from raystack_orm.models.functions import Lower


class Dog(models.Model):
    name = models.CharField(max_length=10)
    data = models.JSONField(null=True)

    class Meta:
        app_label = "conf_json"
        ordering = ("name",)


ROWS: dict[str, Any] = {
    "a": {
        "breed": "labrador",
        "owner": {"name": "Bob", "pets": [{"name": "Fishy"}, {"name": "Bo"}]},
    },
    "b": {"breed": "collie", "owner": None, "age": 3},
    "c": {"breed": "collie", "age": 10, "good": True, "tricks": ["fetch", "dance"]},
    "d": {},
    "e": [1, 2, [3, "x"], {"k": "v"}],
    "f": "text",
    "g": 42,
    "h": True,
    "i": None,
    "j": {"age": 2.5, "good": False, "o'brien": 1, "per%cent": 2, "breed": "Collie"},
}


@pytest.fixture(autouse=True)
def dogs(db: str) -> None:
    """Documents of every kind; i is SQL's NULL, k is JSON's null."""
    for name, data in ROWS.items():
        Dog.objects.create(name=name, data=data)
    Dog.objects.create(name="k", data=JSONNull())


def names(*conditions: Any, **keywords: Any) -> str:
    found = Dog.objects.filter(*conditions, **keywords)
    return "".join(found.values_list("name", flat=True))


@pytest.mark.parametrize("name", ROWS)
def test_documents_come_back_as_they_were(name: str) -> None:
    assert Dog.objects.get(name=name).data == ROWS[name]


def test_null_and_json_null() -> None:
    assert names(data__isnull=True) == "i"
    assert names(data=JSONNull()) == "k"
    assert names(data=Value(None, models.JSONField())) == "k"
    assert Dog.objects.get(name="k").data is None
    assert names(data__isnull=False) == "abcdefghjk"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, "d"),
        ({"breed": "collie", "owner": None, "age": 3}, "b"),
        ([1, 2, [3, "x"], {"k": "v"}], "e"),
        ("text", "f"),
        (42, "g"),
        (True, "h"),
        ([], ""),
        ({"breed": "collie"}, ""),
    ],
)
def test_exact_compares_whole_documents(value: Any, expected: str) -> None:
    assert names(data=value) == expected
    assert names(data__exact=value) == expected
    assert names(data__in=[value, "nothing"]) == expected


@pytest.mark.parametrize(
    ("lookup", "value", "expected"),
    [
        ("breed", "collie", "bc"),
        ("breed", "nope", ""),
        ("age", 3, "b"),
        ("age", 10, "c"),
        ("age", 2.5, "j"),
        ("good", True, "c"),
        ("good", False, "j"),
        ("owner", None, "b"),
        ("owner__name", "Bob", "a"),
        ("owner__pets__0__name", "Fishy", "a"),
        ("owner__pets__1__name", "Bo", "a"),
        ("owner__pets__0", {"name": "Fishy"}, "a"),
        ("tricks", ["fetch", "dance"], "c"),
        ("tricks__1", "dance", "c"),
        ("0", 1, "e"),
        ("2__1", "x", "e"),
        ("3__k", "v", "e"),
        ("99", 1, ""),
        ("owner__name__first", "B", ""),
        ("o'brien", 1, "j"),
        ("per%cent", 2, "j"),
        ("breed__in", ["collie", "labrador"], "abc"),
        ("age__in", [3, 10], "bc"),
        ("age__in", [], ""),
        ("age__gt", 3, "c"),
        ("age__gte", 3, "bc"),
        ("age__lt", 3, "j"),
        ("age__lte", 3, "bj"),
        ("breed__startswith", "collie", "bc"),
        ("breed__istartswith", "COLL", "bcj"),
        ("breed__iendswith", "LIE", "bcj"),
        ("breed__endswith", "dor", "a"),
        ("breed__icontains", "OLL", "bcj"),
        ("breed__iexact", "COLLIE", "bcj"),
        ("breed__regex", "^c.*e$", "bc"),
        ("breed__iregex", "^c.*e$", "bcj"),
        ("owner__isnull", True, "cdefghijk"),
        ("owner__isnull", False, "ab"),
        ("owner__name__isnull", False, "a"),
        ("age__isnull", False, "bcj"),
        ("has_key", "owner", "ab"),
        ("has_key", "nope", ""),
        ("has_key", "o'brien", "j"),
        ("has_keys", ["breed", "owner"], "ab"),
        ("has_keys", ["breed", "nope"], ""),
        ("has_any_keys", ["owner", "good"], "abcj"),
        ("has_any_keys", ["nope"], ""),
        ("owner__has_key", "name", "a"),
        ("owner__has_keys", ["name", "pets"], "a"),
    ],
)
def test_keys_indexes_and_paths(db: str, lookup: str, value: Any, expected: str) -> None:
    if db == "sqlite" and lookup == "breed__startswith":
        expected = "bcj"  # LIKE knows no case there
    assert names(**{f"data__{lookup}": value}) == expected


def test_negative_indexes_count_from_the_end(db: str) -> None:
    condition = {"data__owner__pets__-1__name": "Bo"}
    if db == "mysql":
        with pytest.raises(NotSupportedError):
            names(**condition)
        return
    assert names(**condition) == "a"


CONTAINMENT = [
    ("contains", {"breed": "collie"}, "bc"),
    ("contains", {"breed": "collie", "age": 3}, "b"),
    ("contains", {"owner": {"name": "Bob"}}, "a"),
    ("contains", {"tricks": ["dance"]}, "c"),
    ("contains", [1], "e"),
    ("contained_by", {"breed": "collie", "owner": None, "age": 3, "more": 1}, "bd"),
    ("contained_by", {}, "d"),
    ("owner__contains", {"name": "Bob"}, "a"),
]


@pytest.mark.parametrize(("lookup", "value", "expected"), CONTAINMENT)
def test_containment(db: str, lookup: str, value: Any, expected: str) -> None:
    if db == "sqlite":
        with pytest.raises(NotSupportedError):
            names(**{f"data__{lookup}": value})
        return
    assert names(**{f"data__{lookup}": value}) == expected


def test_exclude_keeps_rows_without_the_key_out_of_neither() -> None:
    """A missing key is NULL: only isnull tells it."""
    excluded = Dog.objects.exclude(data__breed="collie").values_list("name", flat=True)
    assert set("aj") <= set(excluded)
    assert not set("bc") & set(excluded)
    absent = Dog.objects.filter(~Q(data__has_key="breed"), data__isnull=False)
    assert "".join(absent.values_list("name", flat=True)) == "defghk"


def test_json_null_at_a_key() -> None:
    assert names(data__owner=JSONNull()) == "b"
    assert names(data__owner=None) == "b"
    assert names(data__owner__isnull=True, data__has_key="breed") == "cj"


def test_keys_are_bound_and_never_sql() -> None:
    for key in ("x' OR '1'='1", "x OR 1=1 --", "a]", "$.a", "a.b", "%s", "a'b", "x; DROP"):
        assert names(**{f"data__{key}": "collie"}) == "", key
        assert names(data__has_key=key) == "", key
        Dog.objects.create(name="z", data={key: "yes"})
        assert names(**{f"data__{key}": "yes"}) == "z", key
        Dog.objects.filter(name="z").delete()


def test_kt_is_the_text_of_a_path(db: str) -> None:
    found = Dog.objects.annotate(breed=KT("data__breed"), owner=KT("data__owner__name"))
    assert found.get(breed__startswith="lab", owner__startswith="Bo").name == "a"
    assert found.get(name="b").breed == "collie"
    assert found.get(name="d").breed is None
    assert found.annotate(low=Lower("breed")).filter(low="collie").count() == 3
    pets = Dog.objects.annotate(pet=KT("data__owner__pets__0__name"))
    assert pets.get(pet__endswith="shy").name == "a"
    if db == "postgresql":
        assert pets.get(pet="Fishy").name == "a"


def test_kt_wants_a_path() -> None:
    with pytest.raises(ValueError):
        KT("data")


def test_values_and_f_read_keys() -> None:
    found = Dog.objects.filter(name="a")
    assert list(found.values_list("data__breed", "data__owner__pets__0__name")) == [
        ("labrador", "Fishy")
    ]
    assert found.annotate(owner=F("data__owner")).get().owner["name"] == "Bob"
    assert found.values("data__owner__name").get() == {"data__owner__name": "Bob"}
    assert Dog.objects.filter(data__breed=F("data__breed")).count() >= 4


def test_order_by_and_group_by_a_key() -> None:
    old = Dog.objects.filter(data__has_key="breed").order_by("data__breed", "name")
    assert "".join(dog.name for dog in old)[-1] == "a"
    rows = Dog.objects.filter(name__in=["a", "b", "c"]).order_by().values("data__breed")
    counted = rows.annotate(n=Count("pk"))
    assert sorted((row["data__breed"], row["n"]) for row in counted) == [
        ("collie", 2),
        ("labrador", 1),
    ]


def test_keys_in_subqueries() -> None:
    same = Dog.objects.filter(data__breed=OuterRef("data__breed")).exclude(pk=OuterRef("pk"))
    assert set(names(Exists(same))) == {"b", "c"}


def test_update_replaces_the_document() -> None:
    Dog.objects.filter(name="a").update(data={"new": [1, {"x": None}]})
    assert Dog.objects.get(data__new__1__has_key="x").name == "a"
    Dog.objects.filter(name="a").update(data=None)
    assert names(data__isnull=True) == "ai"
    Dog.objects.filter(name="a").update(data=JSONNull())
    assert names(data=JSONNull()) == "ak"


def test_what_json_cannot_hold_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=re.compile("serializable|JSON", re.IGNORECASE)):
        Dog.objects.create(name="z", data={1, 2})


def test_bulk_update_writes_none_as_sqls_null_and_jsonnull_as_jsons() -> None:
    a, b, c = Dog.objects.filter(name__in="abc")
    a.data, b.data, c.data = None, JSONNull(), "text"
    Dog.objects.bulk_update([a, b, c], ["data"])

    assert names(data__isnull=True) == "ai"
    assert names(data=JSONNull()) == "bk"
    assert names(data="text") == "cf"


def test_update_writes_none_as_sqls_null_and_jsonnull_as_jsons() -> None:
    Dog.objects.filter(name="a").update(data=None)
    Dog.objects.filter(name="b").update(data=Value(None, models.JSONField()))

    assert names(data__isnull=True) == "ai"
    assert names(data=JSONNull()) == "bk"


def test_paths_are_compared_with_each_other_by_size() -> None:
    """Numbers as numbers, not as their text, on every database."""
    for number in (2, 5, 10):
        Dog.objects.create(name=f"n{number}", data={"w": number, "dim": {"h": 2 * number}})
    numbered = Dog.objects.filter(name__startswith="n")

    assert numbered.filter(data__dim__h__gt=F("data__w")).count() == 3
    assert numbered.filter(data__w__lte=F("data__dim__h")).count() == 3
    assert numbered.filter(data__w__gt=F("data__dim__h")).count() == 0
    both = numbered.annotate(h=F("data__dim__h"), w=F("data__w"))
    assert both.filter(h__gte=F("w")).count() == both.filter(w__lt=F("h")).count() == 3
    Dog.objects.create(name="nt", data={"w": "b", "dim": {"h": "a"}})
    assert numbered.filter(data__w__gt=F("data__dim__h")).get().name == "nt"


def test_a_path_equals_what_is_computed_of_another(db: str) -> None:
    """Where the database computes with parts of documents, which PostgreSQL refuses."""
    Dog.objects.create(name="n5", data={"w": 5, "dim": {"h": 10}})
    found = Dog.objects.filter(data__dim__h=F("data__w") * 2)

    if db == "postgresql":
        with pytest.raises(ProgrammingError):
            found.count()
    else:
        assert found.get().name == "n5"
