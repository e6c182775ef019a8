"""Queries over models that inherit tables.

https://docs.djangoproject.com/en/stable/topics/db/models/#multi-table-inheritance
"""

from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import Count, F, Q
from raystack_orm.testing import assert_num_queries


class City(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_mti"


class Place(models.Model):
    name = models.CharField(max_length=20)
    seats = models.IntegerField(default=0)
    city = models.ForeignKey(City, models.CASCADE, null=True, related_name="places")
    tags = models.ManyToManyField("Tag")

    class Meta:
        app_label = "c1_mti"
        ordering = ("name",)


class Tag(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_mti"


class Restaurant(Place):
    stars = models.IntegerField(default=0)
    partner = models.ForeignKey("self", models.SET_NULL, null=True)

    class Meta:
        app_label = "c1_mti"


class Pizzeria(Restaurant):
    oven = models.CharField(max_length=20, default="stone")

    class Meta:
        app_label = "c1_mti"


class FancyPizzeria(Pizzeria):
    class Meta:
        app_label = "c1_mti"
        proxy = True


class Review(models.Model):
    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="reviews")

    class Meta:
        app_label = "c1_mti"


@pytest.fixture
def city(db: str) -> City:
    return City.objects.create(name="Rome")


@pytest.fixture
def pizzeria(city: City) -> Pizzeria:
    return Pizzeria.objects.create(name="Bella", seats=10, stars=2, city=city)


def test_a_row_is_in_each_table(pizzeria: Pizzeria) -> None:
    assert Place.objects.count() == Restaurant.objects.count() == Pizzeria.objects.count() == 1


@pytest.mark.parametrize(
    "lookups",
    [
        {"name": "Bella"},
        {"seats__gt": 5},
        {"stars": 2},
        {"oven": "stone"},
        {"city__name": "Rome"},
        {"name": "Bella", "stars": 2, "oven": "stone"},
        {"restaurant_ptr__stars": 2},
        {"restaurant_ptr__place_ptr__name": "Bella"},
    ],
)
def test_columns_of_all_levels_filter(pizzeria: Pizzeria, lookups: dict[str, Any]) -> None:
    Pizzeria.objects.create(name="Other", oven="gas")
    assert Pizzeria.objects.get(**lookups) == pizzeria


@pytest.mark.parametrize(
    ("model", "lookups"),
    [
        (Place, {"restaurant__stars": 2}),
        (Place, {"restaurant__pizzeria__oven": "stone"}),
        (Restaurant, {"pizzeria__oven": "stone"}),
        (City, {"places__name": "Bella"}),
        (City, {"places__restaurant__pizzeria__oven": "stone"}),
    ],
)
def test_parents_filter_by_their_children(
    pizzeria: Pizzeria, model: Any, lookups: dict[str, Any]
) -> None:
    Place.objects.create(name="Elsewhere")
    assert model.objects.filter(**lookups).count() == 1


def test_places_that_are_no_restaurants(pizzeria: Pizzeria) -> None:
    park = Place.objects.create(name="Park")
    assert Place.objects.get(restaurant__isnull=True) == park
    assert Place.objects.exclude(restaurant__stars=2).get() == park


def test_values_and_order_over_levels(pizzeria: Pizzeria) -> None:
    Pizzeria.objects.create(name="Alba", stars=1)
    found = Pizzeria.objects.order_by("stars").values_list("name", "stars", "oven")
    assert list(found) == [("Alba", 1, "stone"), ("Bella", 2, "stone")]
    assert [p.name for p in Pizzeria.objects.all()] == ["Alba", "Bella"]


def test_expressions_over_levels(pizzeria: Pizzeria) -> None:
    assert Pizzeria.objects.filter(seats__gt=F("stars") * 4).count() == 1
    assert Pizzeria.objects.annotate(total=F("seats") + F("stars")).get().total == 12
    assert Pizzeria.objects.filter(Q(name="Bella") | Q(oven="gas")).count() == 1


def test_update_writes_each_table(pizzeria: Pizzeria) -> None:
    assert Pizzeria.objects.update(name="New", stars=5, oven="gas") == 1
    pizzeria.refresh_from_db()
    assert (pizzeria.name, pizzeria.stars, pizzeria.oven) == ("New", 5, "gas")


def test_saving_writes_each_table(pizzeria: Pizzeria) -> None:
    pizzeria.name, pizzeria.stars, pizzeria.oven = "New", 5, "gas"
    with assert_num_queries(3):
        pizzeria.save()
    again = Pizzeria.objects.get()
    assert (again.name, again.stars, again.oven) == ("New", 5, "gas")


def test_update_fields_writes_the_tables_concerned(pizzeria: Pizzeria) -> None:
    pizzeria.oven = "gas"
    with assert_num_queries(1):
        pizzeria.save(update_fields=["oven"])
    assert Pizzeria.objects.get().oven == "gas"


def test_creating_inserts_into_each_table(db: str) -> None:
    with assert_num_queries(3):
        Pizzeria.objects.create(name="x")


def test_a_child_may_be_added_to_a_row_that_is_there(db: str) -> None:
    place = Place.objects.create(name="Park", seats=3)
    restaurant = Restaurant(place_ptr=place, stars=1)
    restaurant.save_base(raw=True)
    found = Restaurant.objects.get()
    assert (found.pk, found.name, found.seats, found.stars) == (place.pk, "Park", 3, 1)


def test_bulk_create_of_children_is_refused(db: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Restaurant.objects.bulk_create([Restaurant(name="x")])


def test_bulk_update_writes_parents_columns(pizzeria: Pizzeria) -> None:
    pizzeria.name, pizzeria.oven = "New", "gas"
    Pizzeria.objects.bulk_update([pizzeria], ["name", "oven"])
    assert Pizzeria.objects.filter(name="New", oven="gas").count() == 1


def test_select_related_goes_down_and_up(pizzeria: Pizzeria) -> None:
    with assert_num_queries(1):
        place = Place.objects.select_related("restaurant__pizzeria").get()
        assert place.restaurant.pizzeria.oven == "stone"
    with assert_num_queries(1):
        found = Pizzeria.objects.select_related("city", "restaurant_ptr").get()
        assert found.city.name == "Rome"
        assert found.restaurant_ptr.stars == 2


def test_prefetching_inherited_relations(pizzeria: Pizzeria) -> None:
    pizzeria.tags.add(Tag.objects.create(name="t"))
    Review.objects.create(restaurant=pizzeria)
    with assert_num_queries(3):
        (found,) = Pizzeria.objects.prefetch_related("tags", "reviews")
        assert [tag.name for tag in found.tags.all()] == ["t"]
        assert len(found.reviews.all()) == 1


def test_many_to_many_belongs_to_the_parent(pizzeria: Pizzeria) -> None:
    tag = Tag.objects.create(name="t")
    pizzeria.tags.add(tag)
    assert list(tag.place_set.all()) == [Place.objects.get(pk=pizzeria.pk)]
    assert Pizzeria.objects.get(tags=tag) == pizzeria
    assert Pizzeria.tags.through is Place.tags.through


def test_relations_to_a_parent_take_a_child(pizzeria: Pizzeria) -> None:
    review = Review.objects.create(restaurant=pizzeria)
    assert type(review.restaurant) is Pizzeria
    assert type(Review.objects.get().restaurant) is Restaurant
    assert Review.objects.get(restaurant=pizzeria) == review
    assert pizzeria.reviews.get() == review


def test_a_relation_to_the_child_itself(pizzeria: Pizzeria) -> None:
    other = Restaurant.objects.create(name="x", partner=pizzeria.restaurant_ptr)
    assert other.partner == pizzeria.restaurant_ptr
    assert Restaurant.objects.filter(partner__name="Bella").get() == other
    pizzeria.delete()
    other.refresh_from_db()
    assert other.partner is None


def test_aggregates_over_levels(pizzeria: Pizzeria) -> None:
    Review.objects.create(restaurant=pizzeria)
    Review.objects.create(restaurant=pizzeria)
    assert Pizzeria.objects.annotate(n=Count("reviews")).get().n == 2
    assert Pizzeria.objects.aggregate(models.Sum("seats"), models.Max("stars")) == {
        "seats__sum": 10,
        "stars__max": 2,
    }
    assert City.objects.annotate(n=Count("places")).get().n == 1


def test_deferring_over_levels(pizzeria: Pizzeria) -> None:
    found = Pizzeria.objects.only("name", "oven").get()
    assert {"seats", "stars"} <= found.get_deferred_fields()
    with assert_num_queries(1):
        assert found.seats == 10
    assert Pizzeria.objects.defer("seats", "stars").get().get_deferred_fields() == {
        "seats",
        "stars",
    }


def test_deleting_through_the_middle(pizzeria: Pizzeria) -> None:
    Restaurant.objects.get().delete()
    assert (Place.objects.count(), Pizzeria.objects.count()) == (0, 0)


def test_deleting_by_queryset(pizzeria: Pizzeria) -> None:
    Review.objects.create(restaurant=pizzeria)
    deleted, per_model = Place.objects.filter(name="Bella").delete()
    assert per_model["c1_mti.Review"] == 1
    assert deleted == 4
    assert City.objects.count() == 1


def test_a_proxy_of_a_child(pizzeria: Pizzeria) -> None:
    fancy = FancyPizzeria.objects.get(name="Bella", oven="stone")
    assert fancy == pizzeria
    fancy.stars = 5
    fancy.save()
    assert Restaurant.objects.get().stars == 5


def test_get_or_create_and_in_bulk(pizzeria: Pizzeria) -> None:
    found, created = Pizzeria.objects.get_or_create(name="Bella", defaults={"oven": "x"})
    assert (found, created) == (pizzeria, False)
    assert Pizzeria.objects.in_bulk([pizzeria.pk]) == {pizzeria.pk: pizzeria}


def test_subqueries_of_children(pizzeria: Pizzeria) -> None:
    Review.objects.create(restaurant=pizzeria)
    assert Review.objects.filter(restaurant__in=Pizzeria.objects.all()).count() == 1
    assert Place.objects.filter(pk__in=Pizzeria.objects.values("pk")).count() == 1


def joins(queryset: Any) -> int:
    return str(queryset.query).upper().count(" JOIN ")


def test_a_child_that_is_selected_shares_its_parents_row(pizzeria: Pizzeria) -> None:
    """The parent's columns come from the table that the query starts at, or is joined once."""
    places = Place.objects.select_related("restaurant__pizzeria")
    assert joins(places) == 2
    with assert_num_queries(1):
        found = places.get().restaurant.pizzeria
        assert (found, found.name, found.stars, found.oven) == (pizzeria, "Bella", 2, "stone")
    reviewed = Review.objects.create(restaurant_id=pizzeria.pk)
    reviews = Review.objects.select_related("restaurant__place_ptr")
    assert joins(reviews) == joins(Review.objects.select_related("restaurant")) == 2
    with assert_num_queries(1):
        review = reviews.get()
        assert (review, review.restaurant.name) == (reviewed, "Bella")


def test_a_child_that_is_selected_and_is_not_there_is_known_to_be_missing(city: City) -> None:
    Place.objects.create(name="Empty", city=city)
    with assert_num_queries(1):
        place = Place.objects.select_related("restaurant").get()
        assert not hasattr(place, "restaurant")
