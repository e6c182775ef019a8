"""Instances: saving, refreshing, and finding their neighbours."""

import datetime as dt
from typing import Any

import pytest
from family import (
    Answer,
    Event,
    ItalianRestaurant,
    ParkingLot,
    Place,
    Question,
    Restaurant,
    Square,
    Supplier,
)
from press import Article, Author

from raystack_orm import DatabaseError, IntegrityError, create_all, drop_all, models
from raystack_orm.configuration import Configuration, configured
from raystack_orm.models import signals
from raystack_orm.testing import assert_num_queries, isolate_apps, override_settings

MODELS = (
    Place, Restaurant, ItalianRestaurant, Supplier, ParkingLot, Event, Question, Answer, Square
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


def event(day: int, **values: Any) -> Event:
    return Event.objects.create(
        **{"name": f"e{day}", "room": day, **values, "day": dt.date(2024, 1, day)}
    )


def test_save_asks_as_often_as_it_has_to(stored: str) -> None:
    """UPDATE for a row, INSERT for a new one, both for a key of no known row."""
    with assert_num_queries(1):
        place = Place.objects.create(name="a")
    with assert_num_queries(1):
        place.save()
    with assert_num_queries(2):
        Place(pk=1000, name="b").save()
    with assert_num_queries(1):
        Place(pk=1001, name="b").save(force_insert=True)
    with assert_num_queries(1), pytest.raises(Place.NotUpdated):
        Place(pk=1002, name="b").save(force_update=True)


def test_a_key_with_a_default_is_inserted_at_once(stored: str) -> None:
    """A key that was just made up is no row's."""
    from press import Everything

    made = Everything()
    with assert_num_queries(1):
        made.save()
    with assert_num_queries(1):
        made.save()
    with assert_num_queries(1), pytest.raises(IntegrityError):
        Everything(key=made.key).save()


def test_what_contradicts_itself_is_refused(stored: str) -> None:
    """Nothing is written."""
    place = Place.objects.create(name="a")
    with assert_num_queries(0):
        with pytest.raises(ValueError, match="Cannot force both insert and updating"):
            place.save(force_insert=True, force_update=True)
        with pytest.raises(ValueError, match="Cannot force both insert and updating"):
            place.save(force_insert=True, update_fields=["name"])
        with pytest.raises(ValueError, match="no primary key"):
            Place(name="b").save(force_update=True)
        with pytest.raises(ValueError, match='named "nam". Did you mean "name"'):
            place.save(update_fields=["nam"])
        with pytest.raises(ValueError, match='named "id"'):
            place.save(update_fields=["id"])
        place.save(update_fields=[])


def test_missing_rows_are_an_error_of_two_kinds(stored: str) -> None:
    """NotUpdated is a DatabaseError as well, which it was before."""
    from raystack_orm.exceptions import ObjectNotUpdated

    with pytest.raises(ObjectNotUpdated):
        Place(pk=5).save(update_fields=["name"])
    with pytest.raises(DatabaseError):
        Place(pk=5).save(force_update=True)


def test_deferred_fields_are_not_written(stored: str) -> None:
    """What was not loaded was not changed."""
    Place.objects.create(name="a", address="x")
    place = Place.objects.only("name").get()
    Place.objects.update(address="y")
    place.name = "b"

    with assert_num_queries(1):
        place.save()

    assert place.get_deferred_fields() == {"address"}
    place.refresh_from_db()
    assert (place.name, place.address) == ("b", "y")


def test_refreshing_loads_what_changed(stored: str) -> None:
    """All fields, or those that are named; related objects are forgotten."""
    one, other = Place.objects.create(name="a"), Place.objects.create(name="b")
    found = event(1, place=one)
    assert found.place == one
    Event.objects.update(name="new", place=other, room=9)

    with assert_num_queries(1):
        found.refresh_from_db(fields=["name"])
    assert (found.name, found.place_id, found.room) == ("new", one.pk, 1)
    found.refresh_from_db()
    assert (found.place, found.room) == (other, 9)
    with pytest.raises(ValueError, match='Found "__" in fields argument'):
        found.refresh_from_db(fields=["place__name"])


def test_refreshing_looks_where_it_is_told(stored: str) -> None:
    """from_queryset may leave the row out."""
    place = Place.objects.create(name="a")
    place.refresh_from_db(from_queryset=Place.objects.named("a"))
    with pytest.raises(Place.DoesNotExist):
        place.refresh_from_db(from_queryset=Place.objects.named("b"))


def test_a_related_object_may_be_saved_after_it_was_assigned(stored: str) -> None:
    """Its key is taken when the other is saved; an unsaved one is refused."""
    place = Place(name="a")
    made = Event(name="e", day=dt.date(2024, 1, 1), place=place)
    with pytest.raises(ValueError, match="unsaved related object 'place'"):
        made.save()
    place.save()
    made.save()
    assert made.place_id == place.pk


def test_signals_tell_of_saving(stored: str) -> None:
    """Before and after, with what is known then."""
    told: list[Any] = []

    def note(signal: Any, sender: Any, instance: Any, **named: Any) -> None:
        name = "pre" if signal is signals.pre_save else "post"
        told.append((name, sender, named["raw"], named["using"], named["update_fields"],
                     named.get("created")))  # fmt: skip

    for signal in (signals.pre_save, signals.post_save):
        signal.connect(note, sender=Place)
    try:
        place = Place.objects.create(name="a")
        place.save(update_fields=["name"])
        place.save_base(raw=True)
    finally:
        for signal in (signals.pre_save, signals.post_save):
            signal.disconnect(note, sender=Place)

    assert told == [
        ("pre", Place, False, "default", None, None),
        ("post", Place, False, "default", None, True),
        ("pre", Place, False, "default", frozenset({"name"}), None),
        ("post", Place, False, "default", frozenset({"name"}), False),
        ("pre", Place, True, "default", None, None),
        ("post", Place, True, "default", None, False),
    ]


def test_select_on_save_asks_first(stored: str) -> None:
    """For databases whose UPDATE does not tell how many rows there were."""
    with isolate_apps():

        class Careful(models.Model):
            name = models.CharField(max_length=50)
            address = models.CharField(max_length=80, default="")

            class Meta:
                db_table = Place._meta.db_table
                select_on_save = True

    made = Careful.objects.create(name="a")
    with assert_num_queries(2):
        made.save()
    with assert_num_queries(1):
        made.save(force_update=True)
    with assert_num_queries(2):
        Careful(pk=5000, name="b").save()


def test_neighbours_by_date(stored: str) -> None:
    """Of one date the keys decide; conditions narrow."""
    first, second, third = event(1), event(2), event(3)
    same = Event.objects.create(name="same", room=8, day=second.day)

    assert first.get_next_by_day() == second  # type: ignore[attr-defined]
    assert second.get_next_by_day() == same  # type: ignore[attr-defined]
    assert third.get_previous_by_day() == same  # type: ignore[attr-defined]
    assert first.get_next_by_day(name="e3") == third  # type: ignore[attr-defined]
    with pytest.raises(Event.DoesNotExist):
        third.get_next_by_day()  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="unsaved objects"):
        Event(day=first.day).get_next_by_day()  # type: ignore[attr-defined]
    assert not hasattr(Article, "get_next_by_published_at")  # it may be null


def test_children_have_an_order(stored: str) -> None:
    """order_with_respect_to numbers them as they come."""
    question = Question.objects.create(text="?")
    other = Question.objects.create(text="!")
    answers = [Answer.objects.create(question=question, text=text) for text in "abc"]
    lone = Answer.objects.create(question=other, text="z")

    assert [answer._order for answer in answers] == [0, 1, 2]  # type: ignore[attr-defined]
    assert lone._order == 0  # type: ignore[attr-defined]
    assert list(question.get_answer_order()) == [a.pk for a in answers]  # type: ignore[attr-defined]
    assert [answer.text for answer in Answer.objects.filter(question=question)] == ["a", "b", "c"]
    assert answers[0].get_next_in_order() == answers[1]  # type: ignore[attr-defined]
    assert answers[2].get_previous_in_order() == answers[1]  # type: ignore[attr-defined]
    with pytest.raises(Answer.DoesNotExist):
        answers[2].get_next_in_order()  # type: ignore[attr-defined]
    question.set_answer_order([a.pk for a in reversed(answers)])  # type: ignore[attr-defined]
    assert [answer.text for answer in question.answer_set.all()] == ["c", "b", "a"]  # type: ignore[attr-defined]


def test_full_clean_asks_for_rows_with_the_same_values(stored: str) -> None:
    """Unique fields, sets of them, dates, and constraints."""
    from raystack_orm import ValidationError

    event(5, name="party", slug="party", room=3)
    again = Event(name="party", slug="party", room=3, day=dt.date(2024, 1, 5))

    with pytest.raises(ValidationError) as caught:
        again.full_clean(exclude=["place"])

    assert caught.value.message_dict == {
        "slug": ["Event with this Slug already exists."],
        "name": ["Name must be unique for Day date.", "Name must be unique for Day month."],
        "__all__": ["Event with this Day and Room already exists."],
    }
    with pytest.raises(ValidationError) as caught:
        again.validate_constraints()
    assert caught.value.messages == ["Event with this Name and Room already exists."]
    again.validate_constraints(exclude={"name"})
    again.full_clean(exclude=["place", "slug", "name", "room"])
    own = Event.objects.get()
    with assert_num_queries(5):
        own.full_clean(exclude=["place"])
    other = Event(name="other", slug=None, room=3, day=dt.date(2024, 2, 5))
    other.full_clean(exclude=["place", "slug"])


def test_validation_leaves_out_what_it_is_told(stored: str) -> None:
    """Each part of full_clean() can be left out."""
    event(5, name="party", slug="party", room=3)
    again = Event(name="party", slug="party", room=3, day=dt.date(2024, 1, 5))
    with assert_num_queries(0):
        again.full_clean(validate_unique=False, validate_constraints=False, exclude=["place"])


def test_from_db_is_told_the_database(stored: str) -> None:
    """And the names of the loaded fields."""
    Author.objects.create(name="Ann")
    with isolate_apps():

        class Loud(models.Model):
            name = models.CharField(max_length=100)

            class Meta:
                db_table = "press_author"

            @classmethod
            def from_db(cls, db: Any, field_names: Any, values: Any, **kwargs: Any) -> Any:
                made = super().from_db(db, field_names, values, **kwargs)
                made.told = (db, list(field_names))
                return made

    assert Loud.objects.get().told == ("default", ["id", "name"])  # type: ignore[attr-defined]


def test_receivers_of_init_are_told_of_loaded_objects(stored: str) -> None:
    """Instances are made the long way while somebody listens, whether the query ran before."""
    Place.objects.create(name="a")
    told: list[Any] = []

    def note(instance: Any, **named: Any) -> None:
        told.append((instance.name, instance.get_deferred_fields()))

    Place.objects.get(name="a")
    signals.post_init.connect(note, sender=Place)
    try:
        assert Place.objects.get(name="a")._state.adding is False
        list(Place.objects.only("name"))
    finally:
        signals.post_init.disconnect(note, sender=Place)
    Place.objects.get(name="a")

    assert told == [("a", set()), ("a", {"address"})]


def test_instances_can_be_awaited(stored: str) -> None:
    """Each method that asks the database has an async twin, which runs overridden save() too."""
    import asyncio

    async def use() -> tuple[Any, ...]:
        place = Place(name="a")
        await place.asave()
        await Place.objects.filter(pk=place.pk).aupdate(name="b")
        await place.arefresh_from_db()
        return place.name, await place.adelete()

    name, deleted = asyncio.run(use())

    assert (name, deleted[1]) == ("b", {"family.Place": 1})


def test_generated_values_come_back(stored: str) -> None:
    """What the database computes is known after save(), or loaded when it is asked for."""
    square = Square.objects.create(side=3)
    assert square.area == 9
    square.side = models.F("side") + 1
    square.save()
    assert (square.side, square.area) == (4, 16)


def test_a_key_of_text_becomes_the_number_that_it_is(db: str) -> None:
    """The instance has what the row has."""
    assert Author.objects.create(pk="123456", name="Ann").pk == 123456
    with pytest.raises(ValueError, match="Field 'id' expected a number but got 'abc'"):
        Author.objects.create(pk="abc", name="Ann")


def test_the_router_is_told_which_instance_is_refreshed(db: str) -> None:
    """As it is for everything that is read on behalf of an instance."""
    author = Author.objects.create(name="Ann")
    hints: list[Any] = []

    class Router:
        def db_for_read(self, model: Any, **given: Any) -> str:
            hints.append(given)
            return "default"

    with override_settings(DATABASE_ROUTERS=[Router()]):
        author.refresh_from_db()

    assert hints == [{"instance": author}]
