"""Lookups of JSON: documents, keys, paths and nulls."""

from typing import Any

import pytest
from press import Everything

from raystack_orm import NotSupportedError, connection
from raystack_orm.models import Count, F, JSONNull, Q
from raystack_orm.models.fields.json import KT
from raystack_orm.models.functions import Upper

DOCUMENTS = {
    "dog": {"breed": "collie", "age": 3, "owner": {"name": "Bob", "pets": ["Bo", "Fishy"]}},
    "old": {"breed": "Collie", "age": 10, "owner": None, "good": True},
    "text": {"age": "3", "breed": 'a"b\\c%_', "good": False},
    "list": [1, {"k": "v"}],
}


@pytest.fixture(autouse=True)
def documents(db: str) -> None:
    """Four documents, a document that is null, and no document."""
    for slug, data in DOCUMENTS.items():
        Everything.objects.create(slug=slug, data=data)
    Everything.objects.create(slug="null", data=JSONNull())
    Everything.objects.create(slug="none", data=None)


def slugs(*conditions: Any, **keywords: Any) -> set[str]:
    return set(Everything.objects.filter(*conditions, **keywords).values_list("slug", flat=True))


@pytest.mark.parametrize(
    ("keyword", "given", "found"),
    [
        ("data", {"age": "3", "breed": 'a"b\\c%_', "good": False}, {"text"}),
        ("data", [1, {"k": "v"}], {"list"}),
        ("data__in", [[1, {"k": "v"}], {}], {"list"}),
        ("data__isnull", True, {"none"}),
        ("data__breed", "collie", {"dog"}),
        ("data__breed", 'a"b\\c%_', {"text"}),
        ("data__breed__iexact", "COLLIE", {"dog", "old"}),
        ("data__breed__icontains", "OLL", {"dog", "old"}),
        ("data__breed__startswith", "a", {"text"}),
        ("data__breed__regex", "^[cC]ol", {"dog", "old"}),
        ("data__age", 3, {"dog"}),
        ("data__age", "3", {"text"}),
        ("data__age__in", [3, "3"], {"dog", "text"}),
        ("data__age__in", [None], set()),
        ("data__good", True, {"old"}),
        ("data__good__isnull", True, {"dog", "list", "null", "none"}),
        ("data__owner", None, {"old"}),
        ("data__owner", JSONNull(), {"old"}),
        ("data__owner__name", "Bob", {"dog"}),
        ("data__owner__pets__1", "Fishy", {"dog"}),
        ("data__owner__pets", ["Bo", "Fishy"], {"dog"}),
        ("data__1__k", "v", {"list"}),
        ("data__has_key", "owner", {"dog", "old"}),
        ("data__has_keys", ["owner", "good"], {"old"}),
        ("data__has_any_keys", ["owner", "good", "none"], {"dog", "old", "text"}),
        ("data__owner__has_key", "name", {"dog"}),
    ],
)
def test_a_path_leads_into_the_documents(keyword: str, given: Any, found: set[str]) -> None:
    assert slugs(**{keyword: given}) == found
    assert slugs(Q(**{keyword: given})) == found


def test_numbers_compare_by_size() -> None:
    assert slugs(data__age__gt=3, data__breed="Collie") == {"old"}
    assert slugs(data__age__lte=3, data__breed="collie") == {"dog"}


def test_null_of_json_is_a_value() -> None:
    assert slugs(data=JSONNull()) == {"null"}
    with pytest.warns(DeprecationWarning, match="JSONNull"):
        assert slugs(data=None) == {"null"}
    assert Everything.objects.get(slug="null").data is None


HOSTILE = ["a'b", 'a"]', "$[*]", "a->>b", "a\\b", "%s", "?", ":x", "a'); DROP TABLE x; --", "é", ""]


@pytest.mark.parametrize("key", HOSTILE)
def test_a_key_is_data(key: str) -> None:
    """Whatever is in it, it compares as a key and is never SQL."""
    Everything.objects.create(slug="hostile", data={key: {"inner": 1}, "other": key})
    assert slugs(**{f"data__{key}": {"inner": 1}}) == {"hostile"}
    assert slugs(**{f"data__{key}__inner": 1}) == {"hostile"}
    assert slugs(**{f"data__{key}__isnull": False}) == {"hostile"}
    assert slugs(data__has_key=key) == {"hostile"}
    assert slugs(data__other=key) == {"hostile"}


def test_a_list_of_keys_may_be_longer_the_next_time() -> None:
    """The plan of a query with fewer keys must not answer one with more."""
    for keys in (["breed"], ["breed", "age"], ["breed", "age", "owner", "good"], ["breed"]):
        expected = {s for s, d in DOCUMENTS.items() if set(keys) <= set(map(str, d))}
        assert slugs(data__has_keys=keys) == slugs(Q(data__has_keys=keys)) == expected


def test_keys_are_expressions_too() -> None:
    rows = Everything.objects.filter(slug="dog")
    assert rows.values_list("data__age", KT("data__owner__name"))[0] == (3, "Bob")
    assert rows.annotate(owner=F("data__owner")).get().owner["pets"] == ["Bo", "Fishy"]
    assert rows.annotate(loud=Upper(KT("data__breed"))).get().loud == "COLLIE"
    assert slugs(data__breed=F("data__breed")) == {"dog", "old", "text"}
    assert rows.annotate(name=KT("data__owner__name")).filter(name="Bob").count() == 1
    counted = Everything.objects.order_by().values("data__good").annotate(n=Count("pk"))
    assert {(row["data__good"], row["n"]) for row in counted} >= {(True, 1), (False, 1)}


def test_contents_are_compared_where_the_database_can() -> None:
    for keywords, expected in (
        ({"data__contains": {"age": 10}}, {"old"}),
        ({"data__owner__contains": {"name": "Bob"}}, {"dog"}),
        ({"data__contained_by": [1, {"k": "v"}, 2]}, {"list"}),
    ):
        if not connection.driver.supports_json_field_contains:
            with pytest.raises(NotSupportedError):
                slugs(**keywords)
            continue
        assert slugs(**keywords) == expected


def test_a_document_is_replaced_by_update() -> None:
    Everything.objects.filter(slug="dog").update(data={"new": 1})
    assert slugs(data__new=1) == {"dog"}
    Everything.objects.filter(slug="dog").update(data=JSONNull())
    assert slugs(data=JSONNull()) == {"dog", "null"}
