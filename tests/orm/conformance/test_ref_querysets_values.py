"""values() and values_list().

https://docs.djangoproject.com/en/stable/ref/models/querysets/#values
"""

from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import Count, F, Sum, Value
from raystack_orm.models.functions import Lower, Upper
from raystack_orm.testing import assert_num_queries


class City(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_values"


class Museum(models.Model):
    name = models.CharField(max_length=20)
    visitors = models.IntegerField()
    city = models.ForeignKey(City, models.CASCADE)
    styles = models.ManyToManyField("Style", related_name="museums")
    facts = models.JSONField(default=dict)

    class Meta:
        app_label = "conf_values"
        ordering = ("name",)


class Style(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_values"


@pytest.fixture(autouse=True)
def museums(db: str) -> None:
    """Two museums in oslo with styles, one in riga without; tartu has none."""
    oslo, riga, _ = (City.objects.create(name=name) for name in ("oslo", "riga", "tartu"))
    cubism, pop = (Style.objects.create(name=name) for name in ("cubism", "pop"))
    facts = {"open": True, "floor": 2, "none": None, "name": "x", "list": [1]}
    a = Museum.objects.create(name="Arts", visitors=10, city=oslo, facts=facts)
    b = Museum.objects.create(name="Boats", visitors=20, city=oslo)
    Museum.objects.create(name="Coins", visitors=30, city=riga)
    a.styles.set([cubism, pop])
    b.styles.set([pop])


def test_values_without_names_gives_every_column() -> None:
    museum = Museum.objects.get(name="Boats")
    assert Museum.objects.values().get(name="Boats") == {
        "id": museum.pk,
        "name": "Boats",
        "visitors": 20,
        "city_id": museum.city_id,
        "facts": {},
    }


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["name"], {"name": "Arts"}),
        (["visitors", "name"], {"visitors": 10, "name": "Arts"}),
        (["city__name"], {"city__name": "oslo"}),
        (["name", "city__name"], {"name": "Arts", "city__name": "oslo"}),
        (["name", "name"], {"name": "Arts"}),
    ],
)
def test_values_gives_the_named_fields(names: list[str], expected: dict[str, Any]) -> None:
    row = Museum.objects.values(*names)[0]
    assert row == expected
    assert list(row) == list(expected)


@pytest.mark.parametrize("name", ["city", "city_id", "city__id", "city__pk"])
def test_a_foreign_key_has_the_key_under_the_name_given(name: str) -> None:
    oslo = City.objects.get(name="oslo")
    assert Museum.objects.values(name)[0] == {name: oslo.pk}
    assert Museum.objects.values_list(name, flat=True)[0] == oslo.pk


def test_pk_is_the_primary_key() -> None:
    arts = Museum.objects.get(name="Arts")
    assert Museum.objects.values("pk").get(name="Arts") == {"pk": arts.pk}


def test_keywords_are_expressions() -> None:
    row = Museum.objects.values("name", low=Lower("name"), two=Value(2), more=F("visitors") + 1)[0]
    assert row == {"name": "Arts", "low": "arts", "two": 2, "more": 11}


def test_annotations_belong_to_the_values_unless_left_out() -> None:
    annotated = Museum.objects.annotate(low=Lower("name"))
    assert annotated.values()[0]["low"] == "arts"
    assert "low" not in annotated.values("name")[0]
    assert annotated.values("name", "low")[0] == {"name": "Arts", "low": "arts"}
    assert annotated.values("low")[0] == {"low": "arts"}


def test_an_annotation_after_values_is_added() -> None:
    found = Museum.objects.values("name").annotate(low=Lower("name"))
    assert found[0] == {"name": "Arts", "low": "arts"}


def test_a_registered_transform_can_be_named() -> None:
    models.CharField.register_lookup(Lower)
    try:
        assert Museum.objects.values("name__lower")[0] == {"name__lower": "arts"}
        assert Museum.objects.values_list("city__name__lower", flat=True)[0] == "oslo"
    finally:
        models.CharField._unregister_lookup(Lower)


def test_refining_before_or_after_values_is_the_same() -> None:
    assert list(Museum.objects.values("name").order_by("-id")) == list(
        Museum.objects.order_by("-id").values("name")
    )
    assert list(Museum.objects.values("name").filter(visitors=20)) == [{"name": "Boats"}]


def test_values_called_again_replaces_the_fields() -> None:
    assert Museum.objects.values("name").values("visitors")[0] == {"visitors": 10}
    assert Museum.objects.values_list("name").values("visitors")[0] == {"visitors": 10}
    assert Museum.objects.values("name").values_list("visitors")[0] == (10,)


def test_multi_valued_relations_multiply_the_rows() -> None:
    rows = Museum.objects.order_by("name", "styles__name").values("name", "styles__name")
    assert list(rows) == [
        {"name": "Arts", "styles__name": "cubism"},
        {"name": "Arts", "styles__name": "pop"},
        {"name": "Boats", "styles__name": "pop"},
        {"name": "Coins", "styles__name": None},
    ]


def test_a_reverse_foreign_key_gives_none_where_there_is_no_row() -> None:
    rows = City.objects.order_by("name", "museum__name").values_list("name", "museum__name")
    assert list(rows) == [
        ("oslo", "Arts"),
        ("oslo", "Boats"),
        ("riga", "Coins"),
        ("tartu", None),
    ]
    assert list(City.objects.filter(name="tartu").values_list("museum")) == [(None,)]


def test_values_before_an_aggregate_groups() -> None:
    rows = Museum.objects.order_by("city__name").values("city__name").annotate(n=Count("pk"))
    assert list(rows) == [{"city__name": "oslo", "n": 2}, {"city__name": "riga", "n": 1}]


def test_an_aggregate_within_values_groups_by_what_came_before() -> None:
    """By the primary key here: one row for each museum."""
    rows = Museum.objects.values("city__name", n=Count("styles")).order_by("name")
    assert [row["n"] for row in rows] == [2, 1, 0]


def test_a_transform_and_an_aggregate_need_two_steps() -> None:
    rows = Museum.objects.values(city_up=Upper("city__name")).annotate(total=Sum("visitors"))
    assert list(rows.order_by("city_up")) == [
        {"city_up": "OSLO", "total": 30},
        {"city_up": "RIGA", "total": 30},
    ]


def test_json_keys_have_python_values() -> None:
    keys = ["facts__open", "facts__floor", "facts__none", "facts__name", "facts__list"]
    row = Museum.objects.values_list(*keys).get(name="Arts")
    assert row == (True, 2, None, "x", [1])


@pytest.mark.parametrize("method", ["only", "defer"])
def test_only_and_defer_make_no_sense_after_values(method: str) -> None:
    for found in (Museum.objects.values("name"), Museum.objects.values_list("name")):
        with pytest.raises(TypeError):
            getattr(found, method)("name")


def test_select_related_after_values_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        Museum.objects.values("name").select_related("city")


@pytest.mark.parametrize("name", ["nope", "city__nope", "name__nope", "name AS x"])
def test_an_unknown_name_is_a_field_error(name: str) -> None:
    with pytest.raises((FieldError, ValueError)):
        list(Museum.objects.values(name))


def test_values_list_gives_tuples_in_the_order_named() -> None:
    assert Museum.objects.values_list("visitors", "name")[0] == (10, "Arts")
    assert Museum.objects.values_list("name").first() == ("Arts",)


def test_values_list_without_names_gives_the_fields_as_declared() -> None:
    museum = Museum.objects.get(name="Boats")
    row = Museum.objects.values_list().get(name="Boats")
    assert row == (museum.pk, "Boats", 20, museum.city_id, {})


def test_values_list_takes_expressions() -> None:
    rows = Museum.objects.values_list("name", Lower("name"), F("visitors") + 1)
    assert rows[0] == ("Arts", "arts", 11)
    assert Museum.objects.values_list(Upper("name"), flat=True)[0] == "ARTS"


def test_values_list_takes_the_same_name_twice() -> None:
    assert Museum.objects.values_list("name", "name")[0] == ("Arts", "Arts")


def test_flat_gives_bare_values() -> None:
    assert list(Museum.objects.values_list("name", flat=True)) == ["Arts", "Boats", "Coins"]
    assert Museum.objects.values_list("name", flat=True).get(visitors=20) == "Boats"


def test_flat_wants_one_field() -> None:
    with pytest.raises(TypeError):
        Museum.objects.values_list("name", "visitors", flat=True)


def test_named_gives_namedtuples() -> None:
    row = Museum.objects.values_list("name", "city__name", named=True)[0]
    assert (row.name, row.city__name) == ("Arts", "oslo")
    assert row == ("Arts", "oslo")
    assert type(row).__name__ == "Row"
    assert row._fields == ("name", "city__name")


def test_named_rows_carry_annotations_and_expressions() -> None:
    annotated = Museum.objects.annotate(low=Lower("name"))
    assert annotated.values_list("visitors", "low", named=True)[0]._asdict() == {
        "visitors": 10,
        "low": "arts",
    }
    assert Museum.objects.values_list(Lower("name"), named=True)[0][0] == "arts"


def test_flat_and_named_exclude_each_other() -> None:
    with pytest.raises(TypeError):
        Museum.objects.values_list("name", flat=True, named=True)


def test_values_list_refuses_unknown_arguments() -> None:
    with pytest.raises(TypeError):
        Museum.objects.values_list("name", flatt=True)  # type: ignore[call-arg]


def test_values_can_be_sliced_counted_and_looped_in_one_query() -> None:
    with assert_num_queries(1):
        assert list(Museum.objects.values("name")[1:2]) == [{"name": "Boats"}]
    assert Museum.objects.values("name").count() == 3
    assert Museum.objects.values("name").exists()
    assert list(Museum.objects.values_list("name", flat=True).iterator()) == [
        "Arts",
        "Boats",
        "Coins",
    ]


def test_values_can_be_the_right_side_of_in() -> None:
    visited = Museum.objects.filter(visitors__gt=15).values("city")
    assert [city.name for city in City.objects.filter(pk__in=visited).order_by("name")] == [
        "oslo",
        "riga",
    ]


def test_a_subquery_of_in_must_have_one_column() -> None:
    with pytest.raises(ValueError):
        list(City.objects.filter(pk__in=Museum.objects.values("city", "name")))


@pytest.mark.parametrize("name", ["facts__a b", "facts__a'b", 'facts__x" FROM "y', "facts__a--"])
def test_a_key_of_a_document_that_holds_sql_names_no_column(name: str) -> None:
    with pytest.raises(ValueError):
        Museum.objects.values(name)
    with pytest.raises(ValueError):
        Museum.objects.values_list(name)
