"""Names that reach a query are resolved, never pasted: SQL in one is an error, and no query runs.

https://docs.djangoproject.com/en/stable/topics/security/#sql-injection-protection
"""

from typing import Any

import pytest

from raystack_orm import DatabaseError, FieldDoesNotExist, FieldError, models, transaction
from raystack_orm.models import (
    Count,
    F,
    FilteredRelation,
    JSONField,
    OuterRef,
    Prefetch,
    Q,
    Sum,
    Value,
    Window,
)
from raystack_orm.models.functions import (
    Collate,
    Extract,
    JSONObject,
    Lower,
    RowNumber,
    Trunc,
)
from raystack_orm.testing import assert_num_queries


class Owner(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_hostile"


class Item(models.Model):
    name = models.CharField(max_length=200)
    count = models.IntegerField(default=1)
    made = models.DateTimeField(null=True)
    data = JSONField(default=dict)
    owner = models.ForeignKey(Owner, models.CASCADE, null=True, related_name="items")

    class Meta:
        app_label = "conf_hostile"


HOSTILE = [
    "name; DROP TABLE conf_hostile_item",
    'name" OR "1"="1',
    "name' OR '1'='1",
    "name--",
    "name/**/",
    "count) OR (1=1",
    "name, (SELECT 1)",
    "name`",
    "name\x00",
    "(SELECT 1)",
    "na me",
    "name[0]",
]
ERRORS = (FieldError, FieldDoesNotExist, ValueError, TypeError, AttributeError)


@pytest.fixture(autouse=True)
def items(db: str) -> None:
    """One item of one owner."""
    Item.objects.create(name="a", owner=Owner.objects.create(name="ann"))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    "use",
    [
        lambda n: Item.objects.filter(**{n: 1}),
        lambda n: Item.objects.filter(**{f"owner__{n}": 1}),
        lambda n: Item.objects.filter(**{f"name__{n}": 1}),
        lambda n: Item.objects.exclude(**{n: 1}),
        lambda n: Item.objects.filter(Q(**{n: 1})),
        lambda n: Item.objects.get(**{n: 1}),
        lambda n: Item.objects.order_by(n),
        lambda n: Item.objects.order_by(f"-{n}"),
        lambda n: Item.objects.order_by(F(n)),
        lambda n: Item.objects.values(n),
        lambda n: Item.objects.values_list(n),
        lambda n: Item.objects.only(n),
        lambda n: Item.objects.defer(n),
        lambda n: Item.objects.select_related(n),
        lambda n: Item.objects.prefetch_related(n),
        lambda n: Item.objects.annotate(x=F(n)),
        lambda n: Item.objects.annotate(x=Lower(n)),
        lambda n: Item.objects.aggregate(x=Sum(n)),
        lambda n: Item.objects.annotate(x=Window(RowNumber(), order_by=n)),
        lambda n: Item.objects.annotate(x=Window(RowNumber(), partition_by=n)),
        lambda n: Item.objects.update(**{n: 1}),
        lambda n: Item.objects.latest(n),
        lambda n: Item.objects.dates(n, "year"),
        lambda n: Item.objects.datetimes("made", n),
        lambda n: Item.objects.in_bulk(["a"], field_name=n),
        lambda n: Item.objects.bulk_update([Item(pk=1)], [n]),
        lambda n: Item.objects.annotate(r=FilteredRelation(n)).filter(r__name=1),
    ],
)
def test_a_name_that_is_no_field_is_refused(use: Any, name: str) -> None:
    with pytest.raises(ERRORS), transaction.atomic():
        list(use(name))
    assert Item.objects.count() == 1


@pytest.mark.parametrize("alias", [name for name in HOSTILE if name != "name[0]"])
@pytest.mark.parametrize(
    "use",
    [
        lambda a: Item.objects.annotate(**{a: Value(1)}),
        lambda a: Item.objects.alias(**{a: Value(1)}),
        lambda a: Item.objects.values(**{a: Value(1)}),
        lambda a: Item.objects.aggregate(**{a: Count("pk")}),
        lambda a: Item.objects.annotate(**{a: FilteredRelation("owner")}),
        lambda a: Owner.objects.annotate(**{a: Count("items")}),
    ],
)
def test_an_alias_with_sql_is_refused_before_any_query(use: Any, alias: str) -> None:
    with assert_num_queries(0), pytest.raises((ValueError, FieldError)):
        use(alias)


@pytest.mark.parametrize("text", [*HOSTILE, "%", "_", "100%", "\\", "%s", "%(x)s", "{}", "?", ":x"])
def test_values_are_bound_and_found_as_they_are(text: str) -> None:
    if "\x00" in text:
        pytest.skip("PostgreSQL's texts hold no NUL")
    Item.objects.create(name=text)
    for lookup in ("exact", "iexact", "contains", "startswith", "endswith", "icontains"):
        assert Item.objects.filter(**{f"name__{lookup}": text}).get().name == text
    assert Item.objects.filter(name__in=[text]).count() == 1
    assert Item.objects.annotate(x=Value(text)).first().x == text
    assert Item.objects.filter(name=text).update(name=text) == 1


@pytest.mark.parametrize("key", [*HOSTILE, "$", "a.b", "%s", "?"])
def test_json_keys_are_data(key: str) -> None:
    if "\x00" in key or '"' in key:
        pytest.skip("Not a key that each database can hold")
    Item.objects.create(name="j", data={key: "yes"})
    assert Item.objects.filter(**{f"data__{key}": "yes"}).count() == 1
    assert Item.objects.filter(data__has_key=key).count() == 1
    assert Item.objects.filter(data={key: "yes"}).count() == 1
    assert Item.objects.annotate(x=JSONObject(**{key: Value(1)})).first().x == {key: 1}


@pytest.mark.parametrize("kind", ["year'", "year; DROP TABLE x", "year) --", "' || 'x"])
def test_kinds_and_options_are_names_from_a_list(kind: str) -> None:
    for use in (
        lambda: Item.objects.dates("made", kind),
        lambda: Item.objects.datetimes("made", kind),
        lambda: Item.objects.datetimes("made", "year", order=kind),
        lambda: Item.objects.explain(format=kind),
        lambda: Item.objects.explain(**{kind: True}),
        lambda: Item.objects.annotate(x=Collate("name", kind)),
        lambda: Q(name=1, _connector=kind),
    ):
        with assert_num_queries(0), pytest.raises(ValueError):
            use()


def test_parts_of_dates_are_names_from_a_list() -> None:
    for kind in ("year'", "year) FROM x; --"):
        for function in (Extract("made", kind), Trunc("made", kind)):
            try:
                with transaction.atomic():
                    found = list(Item.objects.annotate(x=function).values_list("x", flat=True))
            except (ValueError, TypeError, DatabaseError):
                continue
            assert found == [None]


def test_outer_references_and_prefetches_resolve_names_too() -> None:
    with pytest.raises(FieldError):
        list(Owner.objects.filter(items__in=Item.objects.filter(name=OuterRef("name; --"))))
    with pytest.raises((AttributeError, ValueError)):
        list(Owner.objects.prefetch_related(Prefetch("items; --")))
