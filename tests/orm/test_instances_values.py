"""Instances: their values, by position and by name, and the usual ways to extend them."""

import copy
import pickle
import warnings
from typing import Any

import pytest
from family import Event, Landmark, Place
from press import Article, Author

from raystack_orm import models
from raystack_orm.models import DEFERRED
from raystack_orm.testing import isolate_apps


def test_values_come_by_position_and_by_name() -> None:
    """In the order of the fields; a relation takes an object or its key."""
    author = Author(1, "Ann", email="a@example.com")
    assert (author.pk, author.name, author.email) == (1, "Ann", "a@example.com")
    assert Article(author=author).author_id == 1
    assert Article(author_id=1).author_id == 1
    assert Author(pk=3).id == 3
    with pytest.raises(IndexError, match="got 4 values, but has 3"):
        Author(1, 2, 3, 4)
    with pytest.raises(TypeError, match="positional and keyword arguments for field 'name'"):
        Author(1, "Ann", name="Bob")
    with pytest.raises(TypeError, match="unexpected keyword arguments: 'nam'"):
        Author(nam="Ann")


def test_properties_can_be_set_by_name() -> None:
    """A property with a setter is as good as a field."""
    with isolate_apps():

        class Person(models.Model):
            first = models.CharField(max_length=10)

            @property
            def loud(self) -> str:
                return self.first.upper()

            @loud.setter
            def loud(self, value: str) -> None:
                self.first = value.lower()

    assert Person(loud="ANN").first == "ann"
    assert Person(first="bob").loud == "BOB"


def test_a_deferred_value_is_not_set() -> None:
    """DEFERRED leaves the attribute to be loaded later."""
    author = Author(1, DEFERRED, email="x")
    assert author.get_deferred_fields() == {"name"}
    assert Author(id=1, name=DEFERRED).get_deferred_fields() == {"name"}
    made = Author.from_db("other", ["id", "email"], [5, "x"])
    assert made.get_deferred_fields() == {"name"}
    assert (made.pk, made._state.db, made._state.adding) == (5, "other", False)


def test_init_may_remember_the_original_values() -> None:
    """An overridden __init__ sees all values."""
    with isolate_apps():

        class Tracked(models.Model):
            name = models.CharField(max_length=10)

            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self.before = self.name

    tracked = Tracked(name="a")
    tracked.name = "b"
    assert (tracked.before, tracked.name) == ("a", "b")


def test_mixins_initialise_too() -> None:
    """Model.__init__ calls the next class's."""

    class Mixin:
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.mixed = True

    with isolate_apps():

        class Mixed(models.Model, Mixin):
            pass

    assert Mixed().mixed


def test_a_method_may_have_the_name_of_a_field_of_a_mixin() -> None:
    """A class attribute does not hide the value, wherever in the order of classes it is."""

    class Mixin:
        name = "class"

    with isolate_apps():

        class Person(Mixin, models.Model):
            name = models.CharField(max_length=10, default="field")  # type: ignore[assignment]

    assert Person().name == "field"
    assert Person(name="x").name == "x"


@pytest.mark.parametrize("columns", [5, 28, 31, 100])
def test_models_of_any_width(columns: int) -> None:
    """CPython stores the attributes of wide classes in another way."""
    body: dict[str, Any] = {f"c{i}": models.IntegerField(default=i) for i in range(columns - 1)}
    with isolate_apps():
        model: Any = type(models.Model)("Wide", (models.Model,), {"__module__": __name__, **body})
    made = model(c3=-1)
    assert len(model._meta.concrete_fields) == columns
    assert [getattr(made, f"c{i}") for i in range(4)] == [0, 1, 2, -1]
    assert model(*range(columns)).c0 == 1


def test_equality_is_that_of_the_row() -> None:
    """Of model and key; a proxy's row is its model's."""
    assert Place(pk=1) == Landmark(pk=1)
    assert Place(pk=1) != Event(pk=1)
    assert Place() != Place()
    assert Place(pk=1) != 1
    assert len({Place(pk=1), Landmark(pk=1), Place(pk=2)}) == 2
    with pytest.raises(TypeError, match="without primary key value are unhashable"):
        hash(Place())
    assert (repr(Place(name="x")), str(Event(pk=3))) == ("<Place: x>", "Event object (3)")


def test_the_key_may_be_asked_for() -> None:
    """_is_pk_set() says whether there is one."""
    assert not Place()._is_pk_set()
    assert Place(pk=0)._is_pk_set()
    place = Place()
    place.pk = 5
    assert place.id == 5


def test_values_can_be_serialized_by_name() -> None:
    """A relation's value is its key."""
    article = Article(title="x", author_id=7)
    assert article.serializable_value("author") == 7
    assert article.serializable_value("title") == "x"
    assert article.serializable_value("pk") is None
    with pytest.raises(AttributeError):
        article.serializable_value("nowhere")


def test_instances_are_pickled_with_their_state() -> None:
    """And equal what they were."""
    place = Place(pk=1, name="a")
    place._state.db = "other"
    place.extra = memoryview(b"xy")  # type: ignore[attr-defined]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = pickle.loads(pickle.dumps(place))
    assert made == place
    assert (made.name, made._state.db, bytes(made.extra)) == ("a", "other", b"xy")


def test_a_pickle_of_another_version_is_warned_about() -> None:
    """Its values may mean something else now."""
    place = Place(pk=1)
    function, args, state = place.__reduce__()
    with pytest.warns(RuntimeWarning, match="0.0.1 is not the current one"):
        function(*args).__setstate__({**state, "_raystack_orm_version": "0.0.1"})
    with pytest.warns(RuntimeWarning, match="is not specified"):
        function(*args).__setstate__({"id": 1})


def test_instances_copy() -> None:
    """A copy has values and a state of its own."""
    place = Place(pk=1, name="a")
    for made in (copy.copy(place), copy.deepcopy(place)):
        made.pk, made._state.adding = None, False
        made.name = "b"
        assert (place.pk, place.name, place._state.adding) == (1, "a", True)
    assert copy.deepcopy(Place) is Place


def test_a_models_exceptions_can_be_pickled() -> None:
    """They are found on the class."""
    error = pickle.loads(pickle.dumps(Place.DoesNotExist("gone")))
    assert type(error) is Place.DoesNotExist
    assert type(pickle.loads(pickle.dumps(Place.NotUpdated("x")))) is Place.NotUpdated


def test_signals_are_sent_when_instances_are_made() -> None:
    """pre_init gets the arguments, post_init the instance."""
    told: list[Any] = []

    def before(sender: Any, args: Any, kwargs: Any, **rest: Any) -> None:
        told.append((sender, args, dict(kwargs)))

    def after(sender: Any, instance: Any, **rest: Any) -> None:
        told.append((sender, instance.name))

    models.signals.pre_init.connect(before, sender=Place)
    models.signals.post_init.connect(after, sender="family.Place")
    try:
        Place(1, name="a")
        Author(name="b")
    finally:
        models.signals.pre_init.disconnect(before, sender=Place)
        models.signals.post_init.disconnect(after, sender=Place)

    assert told == [(Place, (1,), {"name": "a"}), (Place, "a")]
    Place(2)
    assert len(told) == 2
