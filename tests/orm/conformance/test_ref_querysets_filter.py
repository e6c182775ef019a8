"""filter(), exclude(), and QuerySets combined with ``&``, ``|`` and ``^``.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#filter
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import Exists, F, OuterRef, Q, Value


class Shelf(models.Model):
    label = models.CharField(max_length=10)

    class Meta:
        app_label = "conf_filter"


class Book(models.Model):
    title = models.CharField(max_length=50)
    subtitle = models.CharField(max_length=50, null=True)
    pages = models.IntegerField()
    printed = models.DateField()
    shelf = models.ForeignKey(Shelf, models.SET_NULL, null=True, related_name="books")

    class Meta:
        app_label = "conf_filter"


class Film(models.Model):
    title = models.CharField(max_length=50)

    class Meta:
        app_label = "conf_filter"


@pytest.fixture(autouse=True)
def books(db: str) -> None:
    """Four books on two shelves, one of them nowhere."""
    north, south = (Shelf.objects.create(label=label) for label in ("north", "south"))
    for title, subtitle, pages, year, shelf in (
        ("ants", "a study", 100, 2001, north),
        ("bees", None, 200, 2002, north),
        ("cats", "", 300, 2003, south),
        ("dogs", None, 400, 2004, None),
    ):
        Book.objects.create(
            title=title, subtitle=subtitle, pages=pages, printed=dt.date(year, 1, 3), shelf=shelf
        )


def titles(found: Any) -> str:
    """The initials of the books found, in order: ``"abd"``."""
    return "".join(sorted(book.title[0] for book in found))


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, "abcd"),
        ({"title": "ants"}, "a"),
        ({"title": "ants", "pages": 100}, "a"),
        ({"title": "ants", "pages": 200}, ""),
        ({"pages__gt": 100, "pages__lt": 400}, "bc"),
        ({"subtitle": None}, "bd"),
        ({"subtitle__isnull": False}, "ac"),
        ({"subtitle": ""}, "c"),
        ({"shelf": None}, "d"),
        ({"shelf__isnull": True}, "d"),
        ({"shelf__label": "north"}, "ab"),
        ({"shelf__label": None}, "d"),
        ({"printed__year": 2003, "shelf__label__startswith": "s"}, "c"),
    ],
)
def test_parameters_of_filter_are_joined_by_and(conditions: dict[str, Any], expected: str) -> None:
    assert titles(Book.objects.filter(**conditions)) == expected


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, "abcd"),
        ({"title": "ants"}, "bcd"),
        ({"printed__gt": dt.date(2002, 1, 3), "title": "cats"}, "abd"),
        ({"subtitle": "a study"}, "bcd"),
        ({"subtitle": None}, "ac"),
        ({"subtitle__contains": "stud"}, "bcd"),
        ({"subtitle__in": ["a study", ""]}, "bd"),
        ({"shelf__label": "north"}, "cd"),
        ({"shelf__label": None}, "abc"),
        ({"shelf": None}, "abc"),
        ({"pages__in": []}, "abcd"),
    ],
)
def test_exclude_negates_the_whole_call(conditions: dict[str, Any], expected: str) -> None:
    """A row where a nullable column is NULL does not match, so it stays."""
    assert titles(Book.objects.exclude(**conditions)) == expected


def test_two_excludes_are_more_restrictive_than_one() -> None:
    late = {"printed__gt": dt.date(2002, 1, 3)}
    assert titles(Book.objects.exclude(**late, title="ants")) == "abcd"
    assert titles(Book.objects.exclude(**late).exclude(title="ants")) == "b"


def test_filters_and_excludes_chain_in_any_order() -> None:
    found = Book.objects.filter(pages__gte=200).exclude(title="cats").filter(subtitle=None)
    assert titles(found) == "bd"


def test_each_refinement_is_independent_of_the_others() -> None:
    base = Book.objects.filter(pages__gte=200)
    other, third = base.exclude(title="bees"), base.filter(title="bees")
    assert (titles(base), titles(other), titles(third)) == ("bcd", "cd", "b")


def test_a_foreign_key_is_compared_with_an_instance_or_a_key() -> None:
    north = Shelf.objects.get(label="north")
    for conditions in (
        {"shelf": north},
        {"shelf": north.pk},
        {"shelf_id": north.pk},
        {"shelf__id": north.pk},
        {"shelf__pk": north.pk},
        {"shelf__exact": north},
        {"shelf__in": [north]},
        {"shelf__in": [north.pk]},
        {"shelf__in": Shelf.objects.filter(label="north")},
    ):
        assert titles(Book.objects.filter(**conditions)) == "ab", conditions


def test_a_reverse_relation_is_compared_with_an_instance_or_a_key() -> None:
    ants = Book.objects.get(title="ants")
    for conditions in ({"books": ants}, {"books": ants.pk}, {"books__in": [ants]}):
        assert Shelf.objects.get(**conditions).label == "north"


def test_positional_arguments_are_q_objects_or_boolean_expressions() -> None:
    shelved = Exists(Shelf.objects.filter(pk=OuterRef("shelf"), label="south"))
    assert titles(Book.objects.filter(Q(pages=100) | Q(pages=300))) == "ac"
    assert titles(Book.objects.filter(shelved)) == "c"
    assert titles(Book.objects.exclude(shelved)) == "abd"
    assert titles(Book.objects.filter(~shelved, pages__lt=300)) == "ab"
    assert titles(Book.objects.filter(Q(pages=100) | shelved, title__gt="b")) == "c"


def test_empty_q_filters_nothing() -> None:
    assert titles(Book.objects.filter(Q())) == "abcd"
    assert titles(Book.objects.filter(Q(), Q(title="ants") | Q())) == "a"


def test_q_with_an_empty_list_is_never_true() -> None:
    assert titles(Book.objects.filter(pk__in=[])) == ""
    assert titles(Book.objects.filter(~Q(pk__in=[]))) == "abcd"
    assert titles(Book.objects.filter(Q(pk__in=[]) | Q(title="ants"))) == "a"


def test_conditions_may_be_expressions() -> None:
    assert titles(Book.objects.filter(pages=Value(50) * 4)) == "b"
    assert titles(Book.objects.filter(title__startswith=F("title"))) == "abcd"


@pytest.mark.parametrize(
    "conditions",
    [
        {"titel": "ants"},
        {"title__nope": "ants"},
        {"shelf__nope": 1},
        {"nope__title": 1},
        {"title__exact__exact": 1},
        {"pages__label": 1},
        {"shelf__label__label": 1},
    ],
)
def test_unknown_fields_and_lookups_are_field_errors(conditions: dict[str, Any]) -> None:
    with pytest.raises(FieldError):
        Book.objects.filter(**conditions)


@pytest.mark.parametrize("lookup", ["contains", "gt", "startswith", "year", "regex"])
def test_a_relation_takes_no_lookup_of_text_or_date(lookup: str) -> None:
    with pytest.raises(FieldError):
        Book.objects.filter(**{f"shelf__{lookup}__x": 1})


def test_an_instance_of_another_model_is_a_value_error() -> None:
    film = Film.objects.create(title="ants")
    with pytest.raises(ValueError):
        Book.objects.filter(shelf=film)
    with pytest.raises(ValueError):
        Book.objects.filter(shelf__in=Film.objects.all())


def test_an_unsaved_instance_is_a_value_error() -> None:
    with pytest.raises(ValueError):
        list(Book.objects.filter(shelf=Shelf(label="west")))


@pytest.mark.parametrize("value", ["many", object()])
def test_a_value_of_the_wrong_type_is_an_error(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        list(Book.objects.filter(pages=value))


@pytest.mark.parametrize("lookup", ["gt", "gte", "lt", "lte", "contains", "range", "in"])
def test_none_is_a_value_of_exact_alone(lookup: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        list(Book.objects.filter(**{f"pages__{lookup}": None}))


@pytest.mark.parametrize("value", ["yes", 1, None])
def test_isnull_takes_true_or_false(value: object) -> None:
    with pytest.raises(ValueError):
        list(Book.objects.filter(subtitle__isnull=value))


def test_a_positional_argument_must_be_a_condition() -> None:
    with pytest.raises(TypeError):
        Book.objects.filter(F("pages"))


@pytest.mark.parametrize(
    ("combine", "expected"),
    [
        (lambda one, other: one & other, "b"),
        (lambda one, other: one | other, "abc"),
        (lambda one, other: one ^ other, "ac"),
    ],
    ids=["and", "or", "xor"],
)
def test_querysets_combine_with_set_operators(combine: Any, expected: str) -> None:
    one = Book.objects.filter(pages__lte=200)
    other = Book.objects.filter(pages__range=(200, 300))
    assert titles(combine(one, other)) == expected


def test_operators_equal_filter_with_q() -> None:
    one, other = Book.objects.filter(title="ants"), Book.objects.filter(shelf__label="south")
    assert titles(one | other) == titles(
        Book.objects.filter(Q(title="ants") | Q(shelf__label="south"))
    )


def test_combined_conditions_over_relations_keep_rows_without_relation() -> None:
    found = Book.objects.filter(shelf__label="south") | Book.objects.filter(title="dogs")
    assert titles(found) == "cd"


def test_operators_with_an_empty_queryset() -> None:
    some, none = Book.objects.filter(pages=100), Book.objects.none()
    assert titles(some | none) == titles(none | some) == titles(some ^ none) == "a"
    assert titles(some & none) == titles(none & some) == ""


def test_operators_join_only_querysets_of_one_model() -> None:
    for combine in (lambda: Book.objects.all() & Film.objects.all(),):
        with pytest.raises(TypeError):
            combine()
    with pytest.raises(TypeError):
        Book.objects.all() | Film.objects.all()


def test_operators_refuse_slices_and_different_distinct() -> None:
    with pytest.raises(TypeError):
        Book.objects.all()[:2] & Book.objects.all()
    with pytest.raises(TypeError):
        Book.objects.all() & Book.objects.distinct()


@pytest.mark.parametrize("values", [[None], ["a study", None], {"a study", None}])
def test_exclude_in_values_with_none_leaves_out_null(values: Any) -> None:
    assert titles(Book.objects.exclude(subtitle__in=values)) == ("ac" if len(values) == 1 else "c")
    assert titles(Book.objects.filter(~Q(subtitle__in=values), pages__gt=100)) == "c"


def test_exclude_in_related_values_with_none_leaves_out_what_has_no_related_row() -> None:
    assert titles(Book.objects.exclude(shelf__label__in=["north", None])) == "c"
    assert titles(Book.objects.exclude(shelf__in=[None])) == "abc"


def test_filter_in_values_with_none_finds_no_null() -> None:
    assert titles(Book.objects.filter(subtitle__in=["a study", None])) == "a"


def test_nothing_is_known_to_equal_a_null_value() -> None:
    assert titles(Book.objects.filter(subtitle=Value(None))) == ""


def test_nothing_lies_between_a_value_and_none() -> None:
    assert titles(Book.objects.filter(pages__range=(None, 200))) == ""
    assert titles(Book.objects.exclude(pages__range=(None, 200))) == "cd"


def test_a_range_of_what_is_no_pair_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        Book.objects.filter(pages__range=1)
