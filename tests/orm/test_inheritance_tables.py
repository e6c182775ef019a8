"""Multi-table inheritance: a child's row stands on its parents' rows."""

from typing import Any

import pytest
from family import (
    Article,
    Book,
    BookReview,
    Event,
    ItalianRestaurant,
    ParkingLot,
    Place,
    Rated,
    Restaurant,
    Supplier,
)

from raystack_orm import (
    FieldError,
    IntegrityError,
    ObjectDoesNotExist,
    create_all,
    drop_all,
    models,
)
from raystack_orm.configuration import Configuration, configured
from raystack_orm.testing import assert_num_queries, isolate_apps

MODELS = (
    Place, Restaurant, ItalianRestaurant, Supplier, ParkingLot, Book, Article, BookReview, Event
)  # fmt: skip


@pytest.fixture(scope="module")
def tables(database: Configuration) -> Any:
    with configured(database):
        create_all(MODELS)
        yield
        drop_all(MODELS)


@pytest.fixture
def stored(tables: None, db: str) -> str:
    return db


def names(found: Any) -> list[str]:
    return [one.name for one in found]


def test_a_child_has_its_parents_fields_and_a_link_to_each() -> None:
    """The link is made where none is declared, and is the primary key."""
    meta = ItalianRestaurant._meta

    assert names(meta.fields) == [
        "id", "name", "address", "place_ptr", "rating", "serves_pizza", "chef", "restaurant_ptr",
        "serves_gnocchi",
    ]  # fmt: skip
    assert names(meta.local_fields) == ["restaurant_ptr", "serves_gnocchi"]
    assert names(meta.local_concrete_fields) == ["restaurant_ptr", "serves_gnocchi"]
    assert meta.pk is meta.get_field("restaurant_ptr")
    assert meta.pk.auto_created
    assert meta.pk.remote_field.parent_link
    assert meta.parents == {Restaurant: meta.pk}
    assert meta.get_parent_list() == [Restaurant, Place]
    assert meta.get_base_chain(Place) == [Restaurant, Place]
    assert meta.get_ancestor_link(Place) is meta.pk
    assert meta.get_path_to_parent(Place) == [meta.pk, Restaurant._meta.pk]
    assert meta.get_field("name").model is Place
    assert set(meta.table.c.keys()) == {"restaurant_ptr_id", "serves_gnocchi"}


def test_a_declared_link_is_taken() -> None:
    """OneToOneField(parent_link=True) names the link, and the way back."""
    assert ParkingLot._meta.pk.name == "place"
    assert ParkingLot._meta.parents == {Place: ParkingLot._meta.pk}
    assert "lot" in Place._meta.names
    assert "parkinglot" not in Place._meta.names
    with isolate_apps():

        class Base(models.Model):
            pass

        class Linked(models.Model):
            up = models.OneToOneField(Base, models.CASCADE, parent_link=True)

            class Meta:
                abstract = True

        class Child(Linked, Base):
            pass

    assert names(Child._meta.local_fields) == ["up"]
    assert Child._meta.parents == {Base: Child._meta.get_field("up")}


def test_a_child_inherits_ordering_and_get_latest_by_alone() -> None:
    """Other options of a parent with a table are that table's."""
    with isolate_apps():

        class Base(models.Model):
            day = models.DateField()

            class Meta:
                ordering = ("day",)
                get_latest_by = "day"
                verbose_name = "base"
                unique_together = (("day", "id"),)

        class Child(Base):
            pass

        class Unordered(Base):
            class Meta:
                ordering = ()

    assert (Child._meta.ordering, Child._meta.get_latest_by) == (("day",), "day")
    assert (Child._meta.verbose_name, Child._meta.unique_together) == ("child", ())
    assert not Unordered._meta.ordering
    assert Unordered._meta.get_latest_by == "day"


def test_relations_back_to_parents_lead_to_children_too() -> None:
    """But those that make a sibling a child do not."""
    assert {"provider", "italianrestaurant"} <= set(Restaurant._meta.names)
    assert "provider" in ItalianRestaurant._meta.names
    assert "supplier" in Place._meta.names
    assert "supplier" not in Restaurant._meta.names
    related = {rel.name for rel in Restaurant._meta.related_objects}
    assert related == {"provider", "italianrestaurant", "event"}
    fields = ItalianRestaurant._meta.get_fields(include_parents=False)
    assert names(fields) == ["restaurant_ptr", "serves_gnocchi"]


def test_managers_and_exceptions_are_inherited() -> None:
    """Each class has a copy of its own."""
    assert type(Restaurant.objects) is type(Place.objects)
    assert Restaurant.objects.model is Restaurant
    assert Place.objects.model is Place
    assert issubclass(ItalianRestaurant.DoesNotExist, Restaurant.DoesNotExist)
    assert issubclass(ItalianRestaurant.DoesNotExist, ObjectDoesNotExist)
    assert issubclass(BookReview.MultipleObjectsReturned, Book.MultipleObjectsReturned)
    assert issubclass(BookReview.MultipleObjectsReturned, Article.MultipleObjectsReturned)


def test_saving_a_child_saves_its_parents_first(stored: str) -> None:
    """One INSERT for each table, then one UPDATE for each."""
    restaurant = ItalianRestaurant(name="Rossi", serves_pizza=True, serves_gnocchi=True)

    with assert_num_queries(3):
        restaurant.save()

    assert restaurant.pk == restaurant.id == restaurant.place_ptr_id is not None
    assert Place.objects.get().name == "Rossi"
    restaurant.name = "Verdi"
    with assert_num_queries(3):
        restaurant.save()
    assert list(Place.objects.values_list("pk", "name")) == [(restaurant.pk, "Verdi")]


def test_update_fields_writes_only_the_tables_that_have_them(stored: str) -> None:
    """A table without one of the fields is not touched."""
    restaurant = ItalianRestaurant.objects.create(name="Rossi")
    restaurant.name, restaurant.chef = "Verdi", "Ann"

    with assert_num_queries(1):
        restaurant.save(update_fields=["name"])

    assert Place.objects.get().name == "Verdi"
    with pytest.raises(ValueError, match='no field to update named "place_ptr"'):
        restaurant.save(update_fields=["place_ptr"])


def test_a_parent_can_become_a_child(stored: str) -> None:
    """A child with a parent's key updates the parent's row and inserts its own."""
    place = Place.objects.create(name="Rossi", address="here")
    restaurant = Restaurant(place_ptr_id=place.pk, serves_pizza=True)
    restaurant.__dict__.update(place.__dict__)

    with assert_num_queries(3):  # the child's UPDATE finds no row, and it is inserted
        restaurant.save()

    assert Place.objects.count() == 1
    assert restaurant.pk == place.pk


def test_force_insert_names_the_classes_whose_rows_are_new(stored: str) -> None:
    """A tuple of parents inserts their rows without an UPDATE before."""
    with assert_num_queries(2):
        Restaurant(pk=7, name="Rossi").save(force_insert=(Place, Restaurant))
    with assert_num_queries(3):
        Restaurant(pk=8, name="Verdi").save()  # the parent's UPDATE finds nothing
    with pytest.raises(IntegrityError):
        Restaurant(pk=7, name="Rossi").save(force_insert=(Place,))


def test_force_insert_takes_bases_alone() -> None:
    """What is no base is refused, before anything is written."""
    restaurant = Restaurant(name="Rossi")
    with pytest.raises(TypeError, match="must be a bool or tuple"):
        restaurant.save(force_insert=[Place])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="'x' must be a model subclass"):
        restaurant.save(force_insert=("x",))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Book must be a base of Restaurant"):
        restaurant.save(force_insert=(Book,))


def test_a_child_of_two_parents_has_a_link_to_each(stored: str) -> None:
    """The first one is the primary key."""
    assert BookReview._meta.pk.name == "book_ptr"
    assert list(BookReview._meta.parents) == [Book, Article]

    review = BookReview(title="T", headline="H")
    with assert_num_queries(3):
        review.save()

    assert review.book_ptr_id == review.book_id
    assert review.article_ptr_id == review.article_id
    assert (Book.objects.get().title, Article.objects.get().headline) == ("T", "H")


def test_raw_saves_leave_the_parents_alone(stored: str) -> None:
    """Fixtures bring each table's row by themselves."""
    place = Place.objects.create(name="Rossi")
    restaurant = Restaurant(place_ptr_id=place.pk, id=place.pk, name="other", chef="Ann")

    restaurant.save_base(raw=True)

    assert Place.objects.get().name == "Rossi"
    assert Restaurant.objects.filter(pk=place.pk).count() == 1


def test_a_field_of_a_parent_with_a_table_cannot_be_replaced() -> None:
    """The parent's table has the column."""
    with isolate_apps():

        class Base(models.Model):
            name = models.CharField(max_length=10)

        with pytest.raises(FieldError, match="clashes with field of the same name"):

            class Wrong(Base):
                name = models.TextField()  # type: ignore[assignment]

        with pytest.raises(FieldError, match="the name of the field that links"):

            class Taken(Base):
                base_ptr = models.IntegerField()


def test_children_of_one_row_equal_only_their_like() -> None:
    """A parent and its child are rows of different tables."""
    assert Place(pk=1) != Restaurant(pk=1)
    assert Restaurant(pk=1) == Restaurant(pk=1)
    assert Rated._meta.abstract


def test_children_are_loaded_with_their_parents_values(stored: str) -> None:
    """One query joins the tables; what a child inherits can be filtered and ordered by."""
    for name, gnocchi in (("Rossi", True), ("Verdi", False)):
        ItalianRestaurant.objects.create(name=name, chef=name[0], serves_gnocchi=gnocchi)
    Restaurant.objects.create(name="Diner")

    with assert_num_queries(1):
        found = list(ItalianRestaurant.objects.filter(name__startswith="R", chef="R"))
    assert [(one.name, one.serves_gnocchi, one.pk == one.id) for one in found] == [
        ("Rossi", True, True)
    ]
    assert names(Restaurant.objects.order_by("name")) == ["Diner", "Rossi", "Verdi"]
    assert names(Place.objects.all()) == ["Diner", "Rossi", "Verdi"]
    assert ItalianRestaurant.objects.values_list("name", "place_ptr__name").first() == (
        "Rossi", "Rossi",
    )  # fmt: skip
    assert Place.objects.filter(restaurant__italianrestaurant__serves_gnocchi=True).count() == 1
    assert ItalianRestaurant.objects.filter(pk=found[0].pk).update(name="Bianchi", chef="B") == 1
    assert ItalianRestaurant.objects.get(chef="B").name == "Bianchi"


def test_a_parent_knows_its_child(stored: str) -> None:
    """The way back is the child's name; it raises where the row is of no child."""
    restaurant = Restaurant.objects.create(name="Rossi", serves_pizza=True)
    place = Place.objects.get(pk=restaurant.pk)
    plain = Place.objects.create(name="Park")

    assert place.restaurant == restaurant  # type: ignore[attr-defined]
    assert place.restaurant.serves_pizza  # type: ignore[attr-defined]
    with pytest.raises(Restaurant.DoesNotExist):
        _ = plain.restaurant  # type: ignore[attr-defined]
    assert not hasattr(plain, "restaurant")
    assert restaurant.place_ptr == place
    with assert_num_queries(1):
        found = Place.objects.select_related("restaurant").get(pk=restaurant.pk)
        assert found.restaurant.serves_pizza  # type: ignore[attr-defined]


def test_relations_of_a_parent_are_the_childs_too(stored: str) -> None:
    """Their managers stand on both."""
    restaurant = Restaurant.objects.create(name="Rossi")
    italian = ItalianRestaurant.objects.create(name="Verdi")
    supplier = Supplier.objects.create(name="Farm")
    supplier.customers.add(restaurant, italian)

    assert names(italian.provider.all()) == ["Farm"]  # type: ignore[attr-defined]
    assert names(supplier.customers.order_by("name")) == ["Rossi", "Verdi"]
    assert Restaurant.objects.filter(provider__name="Farm").count() == 2
    assert ItalianRestaurant.objects.filter(provider=supplier).get() == italian


def test_deleting_a_child_deletes_its_parents_rows(stored: str) -> None:
    """Unless they are to be kept."""
    first = Restaurant.objects.create(name="Rossi")
    second = Restaurant.objects.create(name="Verdi")

    assert first.delete() == (2, {"family.Restaurant": 1, "family.Place": 1})
    assert second.delete(keep_parents=True) == (1, {"family.Restaurant": 1})
    assert names(Place.objects.all()) == ["Verdi"]


def test_deleting_a_parent_deletes_its_children(stored: str) -> None:
    """All rows of one object go together."""
    restaurant = ItalianRestaurant.objects.create(name="Rossi")
    Place.objects.get(pk=restaurant.pk).delete()
    assert not Restaurant.objects.exists()
    assert not ItalianRestaurant.objects.exists()


def test_fields_of_parents_can_be_deferred(stored: str) -> None:
    """A deferred one is loaded from the parent's table."""
    Restaurant.objects.create(name="Rossi", chef="Ann")
    found = Restaurant.objects.only("chef").get()

    assert "name" in found.get_deferred_fields()
    with assert_num_queries(1):
        assert found.name == "Rossi"
    with assert_num_queries(0):
        assert found.pk == found.place_ptr_id
    found.refresh_from_db()
    assert found.chef == "Ann"


def test_a_child_of_two_parents_is_found_by_either(stored: str) -> None:
    """Each parent's fields can be asked about."""
    review = BookReview.objects.create(title="T", headline="H")
    assert BookReview.objects.get(title="T", headline="H") == review
    assert Article.objects.get(bookreview__title="T").headline == "H"


def test_latest_and_ordering_are_the_parents(stored: str) -> None:
    """The parent's ordering orders the children."""
    for name in "ba":
        ParkingLot.objects.create(name=name, spaces=1)
    assert names(ParkingLot.objects.all()) == ["a", "b"]
    assert names(ParkingLot.objects.reverse()) == ["b", "a"]
