"""Queries over a model whose primary key has two columns.

https://docs.djangoproject.com/en/stable/topics/composite-primary-key/
"""

from typing import Any

import pytest

from raystack_orm import IntegrityError, models, transaction
from raystack_orm.models import Count, Exists, F, Max, OuterRef, Q
from raystack_orm.testing import assert_num_queries


class Tenant(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_composite"


class Line(models.Model):
    pk = models.CompositePrimaryKey("tenant_id", "number")
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="lines")
    number = models.IntegerField()
    text = models.CharField(max_length=20, default="x")

    class Meta:
        app_label = "conf_composite"


@pytest.fixture(autouse=True)
def lines(db: str) -> None:
    """Two tenants, with two lines and one."""
    for name, numbers in (("one", (1, 2)), ("two", (1,))):
        tenant = Tenant.objects.create(name=name)
        for number in numbers:
            Line.objects.create(tenant=tenant, number=number, text=f"{name}{number}")


def tenant(name: str) -> Any:
    return Tenant.objects.get(name=name).pk


def texts(found: Any) -> list[str]:
    return sorted(line.text for line in found)


def test_the_key_is_a_tuple() -> None:
    line = Line.objects.get(text="one2")
    assert line.pk == (tenant("one"), 2)
    assert Line(pk=(5, 6)).number == 6
    assert Line(tenant_id=5, number=6).pk == (5, 6)
    assert Line().pk == (None, None)


def test_an_object_is_found_by_its_key() -> None:
    one = tenant("one")
    with assert_num_queries(1):
        assert Line.objects.get(pk=(one, 2)).text == "one2"
    assert texts(Line.objects.filter(pk__in=[(one, 1), (tenant("two"), 1)])) == ["one1", "two1"]
    assert texts(Line.objects.filter(pk__in=[])) == []
    assert texts(Line.objects.exclude(pk=(one, 2))) == ["one1", "two1"]
    assert Line.objects.filter(pk=(one, 99)).count() == 0
    assert Line.objects.filter(Q(pk=(one, 1)) | Q(text="two1")).count() == 2


def test_keys_compare_column_by_column() -> None:
    one, two = tenant("one"), tenant("two")
    assert texts(Line.objects.filter(pk__gt=(one, 1))) == ["one2", "two1"]
    assert texts(Line.objects.filter(pk__gte=(one, 2))) == ["one2", "two1"]
    assert texts(Line.objects.filter(pk__lt=(two, 1))) == ["one1", "one2"]
    assert texts(Line.objects.filter(pk__lte=(one, 1))) == ["one1"]


def test_a_key_orders_by_all_its_columns() -> None:
    assert [line.text for line in Line.objects.order_by("pk")] == ["one1", "one2", "two1"]
    assert [line.text for line in Line.objects.order_by("-pk")] == ["two1", "one2", "one1"]
    assert Line.objects.first().text == "one1"
    assert Line.objects.last().text == "two1"
    assert Line.objects.order_by("pk").totally_ordered


def test_values_give_the_tuple() -> None:
    one = tenant("one")
    found = Line.objects.filter(text="one1")
    assert list(found.values("pk")) == [{"pk": (one, 1)}]
    assert list(found.values_list("pk", flat=True)) == [(one, 1)]
    assert list(found.values_list("pk", "text")) == [((one, 1), "one1")]
    assert list(found.values("pk", "number")) == [{"pk": (one, 1), "number": 1}]


def test_in_bulk_and_contains() -> None:
    line = Line.objects.get(text="one1")
    assert Line.objects.in_bulk([line.pk]) == {line.pk: line}
    assert len(Line.objects.in_bulk()) == 3
    assert Line.objects.contains(line)
    assert not Line.objects.exclude(text="one1").contains(line)


def test_save_updates_and_inserts_by_the_key() -> None:
    line = Line.objects.get(text="one1")
    line.text = "new"
    with assert_num_queries(1):
        line.save()
    assert Line.objects.get(pk=line.pk).text == "new"
    line.number = 9
    line.save()
    assert Line.objects.count() == 4


def test_the_key_is_unique() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.create(tenant_id=tenant("one"), number=1)


def test_update_delete_and_bulk_operations() -> None:
    one = tenant("one")
    assert Line.objects.filter(pk=(one, 1)).update(text="u") == 1
    lines = list(Line.objects.order_by("pk"))
    for line in lines:
        line.text = f"b{line.number}"
    assert Line.objects.bulk_update(lines, ["text"]) == 3
    assert texts(Line.objects.all()) == ["b1", "b1", "b2"]
    made = Line.objects.bulk_create([Line(tenant_id=one, number=n) for n in (5, 6)])
    assert [line.pk for line in made] == [(one, 5), (one, 6)]
    assert Line.objects.filter(number__gt=4).delete() == (2, {"conf_composite.Line": 2})
    assert lines[0].delete() == (1, {"conf_composite.Line": 1})
    assert Line.objects.count() == 2


def test_get_or_create_by_the_key() -> None:
    one = tenant("one")
    line, created = Line.objects.get_or_create(pk=(one, 1), defaults={"text": "no"})
    assert (created, line.text) == (False, "one1")
    line, created = Line.objects.get_or_create(pk=(one, 7), defaults={"text": "yes"})
    assert (created, line.pk, line.text) == (True, (one, 7), "yes")


def test_count_takes_the_key_and_other_functions_do_not() -> None:
    assert Line.objects.aggregate(n=Count("pk")) == {"n": 3}
    counted = Tenant.objects.annotate(n=Count("lines")).order_by("name")
    assert [row.n for row in counted] == [2, 1]
    with pytest.raises(ValueError):
        Line.objects.aggregate(Max("pk"))
    with pytest.raises(ValueError, match="COUNT"):
        Line.objects.aggregate(Count("pk", distinct=True))
    assert Line.objects.aggregate(m=Max("number")) == {"m": 2}


def test_filters_over_relations() -> None:
    one = tenant("one")
    assert Tenant.objects.get(lines=(one, 2)).name == "one"
    assert Tenant.objects.filter(lines__pk__in=[(one, 1), (one, 2)]).distinct().count() == 1
    assert texts(Line.objects.filter(tenant__name="two")) == ["two1"]


def test_an_object_stands_for_its_key_where_a_relation_is_compared() -> None:
    line = Line.objects.get(text="one2")
    tenants = Tenant.objects.order_by("name")
    assert tenants.get(lines=line).name == "one"
    assert tenants.get(lines__in=[line]).name == "one"
    assert [tenant.name for tenant in tenants.exclude(lines=line)] == ["two"]
    assert [tenant.name for tenant in tenants.exclude(lines__in=[line])] == ["two"]
    assert tenants.filter(lines__in=Line.objects.filter(number=1)).count() == 2


def test_an_object_without_a_key_or_of_another_model_is_an_error() -> None:
    with pytest.raises(ValueError, match="must be saved"):
        Tenant.objects.filter(lines=Line(number=1)).count()
    with pytest.raises(ValueError, match="Must be"):
        Tenant.objects.filter(lines=Tenant.objects.get(name="one")).count()


def test_an_object_is_no_key() -> None:
    line = Line.objects.get(text="one2")
    for condition in (Q(pk=line), Q(pk__in=[line])):
        with pytest.raises(ValueError, match="lookup of 'pk' must be a"):
            Line.objects.filter(condition).count()


def test_keys_may_come_from_an_iterator() -> None:
    one = tenant("one")
    found = Line.objects.filter(pk__in=((one, number) for number in (1, 2)))
    assert texts(found) == texts(found.all()) == ["one1", "one2"]


def test_a_query_gives_keys_as_one_or_as_their_parts() -> None:
    first = Line.objects.filter(number=1)
    for keys in (first, first.values("pk"), first.values_list("tenant_id", "number")):
        assert texts(Line.objects.filter(pk__in=keys)) == ["one1", "two1"]
    assert texts(Line.objects.filter(pk=Line.objects.filter(text="two1")[:1])) == ["two1"]
    with pytest.raises(ValueError, match="must have 2 selected fields"):
        Line.objects.filter(pk__in=first.values("number")).count()


def test_the_key_in_subqueries() -> None:
    later = Line.objects.filter(tenant=OuterRef("tenant"), number__gt=OuterRef("number"))
    assert texts(Line.objects.filter(Exists(later))) == ["one1"]
    assert texts(Line.objects.filter(pk__in=Line.objects.filter(number=1).values("pk"))) == [
        "one1",
        "two1",
    ]
    same = Line.objects.filter(pk=OuterRef("pk"))
    assert Line.objects.filter(Exists(same)).count() == 3


def test_wrong_values_are_errors() -> None:
    for value in (1, (1,), (1, 2, 3), "x"):
        with pytest.raises((ValueError, TypeError)):
            list(Line.objects.filter(pk=value))
    with pytest.raises((ValueError, TypeError)):
        list(Line.objects.filter(pk__in=[1]))


def test_refresh_defer_and_compare() -> None:
    line = Line.objects.defer("text").get(text="one1")
    assert line.get_deferred_fields() == {"text"}
    with assert_num_queries(1):
        assert line.text == "one1"
    Line.objects.filter(pk=line.pk).update(text=F("text"))
    line.refresh_from_db()
    assert line == Line.objects.get(pk=line.pk)
    assert hash(line) == hash(Line.objects.get(pk=line.pk))


def test_a_composite_key_is_not_compared_with_none(db: str) -> None:
    for ask in (Line.objects.filter, Line.objects.exclude, Line.objects.get):
        with pytest.raises(ValueError, match="tuple or a list"):
            list(ask(pk=None))
