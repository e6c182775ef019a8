"""author.articles and place.restaurant: what refers to an object, from that object's side."""

import pytest
from press import Article, Author, Comment
from relations import City, Country, Locker, Passport, Person

from raystack_orm import models
from raystack_orm.testing import assert_num_queries


@pytest.fixture
def ann(db: str) -> Author:
    return Author.objects.create(name="Ann")


@pytest.fixture
def bob(db: str) -> Author:
    return Author.objects.create(name="Bob")


def test_add_updates_saved_objects_with_one_query(ann: Author, bob: Author) -> None:
    """Without calling save(); the objects know their new author."""
    one, two = (Article.objects.create(title=title, author=bob) for title in "12")

    with assert_num_queries(1):
        ann.articles.add(one, two)

    assert one.author is ann
    assert ann.articles.count() == 2


def test_add_wants_saved_objects_unless_it_saves_them(ann: Author) -> None:
    """bulk=False calls save() on each."""
    with pytest.raises(ValueError, match="instance isn't saved. Use bulk=False"):
        ann.articles.add(Article(title="new"))
    with pytest.raises(TypeError, match="'Article' instance expected, got <Author: Ann>"):
        ann.articles.add(ann)

    ann.articles.add(Article(title="new"), bulk=False)

    assert ann.articles.get().title == "new"


def test_create_and_get_or_create_refer_to_the_instance(ann: Author, bob: Author) -> None:
    """An object of somebody else does not fit."""
    Article.objects.create(title="One", author=bob)

    made, created = ann.articles.get_or_create(title="One")
    again, created_again = ann.articles.get_or_create(title="One")
    changed, _ = ann.articles.update_or_create(title="One", defaults={"views": 5})

    assert (created, created_again) == (True, False)
    assert made == again == changed
    assert changed.views == 5
    assert ann.articles.create(title="Two").author is ann


def test_set_changes_only_what_differs(ann: Author, bob: Author) -> None:
    """One query for what is there, one for what goes, one for what comes."""
    one, two, three = (
        Article.objects.create(title=title, author=ann, editor=bob if title != "3" else None)
        for title in "123"
    )

    with assert_num_queries(3):
        bob.edited.set([two, three])

    assert set(bob.edited.all()) == {two, three}
    one.refresh_from_db()
    assert one.editor is None
    bob.edited.set([one], clear=True)
    assert list(bob.edited.all()) == [one]
    bob.edited.set([two], bulk=False)
    assert list(bob.edited.all()) == [two]


def test_remove_wants_objects_that_refer(ann: Author, bob: Author) -> None:
    """The error is the DoesNotExist of the model that is referred to."""
    mine = Article.objects.create(title="One", author=ann, editor=bob)
    other = Article.objects.create(title="Two", author=ann, editor=ann)

    with pytest.raises(Author.DoesNotExist, match="is not related to"):
        bob.edited.remove(mine, other)
    bob.edited.remove(mine, bulk=False)

    assert not bob.edited.exists()


def test_a_key_that_is_never_null_has_no_remove_and_no_clear(ann: Author) -> None:
    """hasattr() says so, too."""
    assert not hasattr(ann.articles, "remove")
    assert not hasattr(ann.articles, "clear")
    assert hasattr(ann.edited, "remove")


def test_objects_know_the_instance_without_a_query(ann: Author) -> None:
    """Also when they are narrowed, sorted and sliced."""
    Article.objects.create(title="One", author=ann)

    with assert_num_queries(2):
        assert ann.articles.filter(title="One").order_by("title")[0].author is ann
        assert next(iter(ann.articles.all())).author is ann


def test_an_unsaved_instance_has_no_related_objects(db: str) -> None:
    """It has no key that others could refer to."""
    with pytest.raises(ValueError, match="needs to have a primary key value"):
        Author(name="new").articles.all()
    with pytest.raises(ValueError, match='needs to have a value for field "id"'):
        Author(name="new").articles.create(title="x")


def test_managers_are_of_the_models_own_class(ann: Author) -> None:
    """Made once for each relation, so that asking for one is cheap."""
    assert type(ann.articles) is type(Author(id=2).articles)
    assert isinstance(ann.articles, type(Article.objects))
    assert isinstance(ann.articles, models.RelatedManager)
    assert list(ann.articles.popular()) == []


def test_another_manager_of_the_model_can_be_asked_for(db: str) -> None:
    """person.fans(manager="everybody")."""
    ann, bob = (Person.objects.create(name=name) for name in ("Ann", "Bob"))
    ann.fans.add(bob)

    assert list(ann.fans(manager="everybody").all()) == [bob]
    assert not hasattr(ann.fans(manager="everybody"), "adults")


def test_assigning_a_set_is_refused(ann: Author) -> None:
    """The error names the method to use."""
    with pytest.raises(TypeError, match=r"Use articles.set\(\) instead"):
        ann.articles = []


def test_a_key_may_refer_to_another_unique_field(db: str) -> None:
    """to_field: the column holds that field's value."""
    france = Country.objects.create(code="fr", name="France")
    paris = france.cities.create(name="Paris")

    assert paris.country_id == "fr"
    assert City.objects.get(country=france) == paris
    assert City.objects.get(country__name="France") == paris
    assert City.objects.get().country == france
    assert list(Country.objects.filter(cities__name="Paris")) == [france]


def test_the_other_end_of_one_to_one(db: str) -> None:
    """One object, loaded once; both ends know each other."""
    ann = Person.objects.create(name="Ann")
    passport = Passport.objects.create(owner=ann, number="1")
    ann = Person.objects.get()

    with assert_num_queries(1):
        assert ann.passport == passport
        assert ann.passport.owner is ann
    with assert_num_queries(1):
        loaded = Passport.objects.select_related("owner").get()
        assert loaded.owner.passport is loaded


def test_where_nothing_refers_the_error_is_of_two_kinds(db: str) -> None:
    """DoesNotExist for those who ask, AttributeError for hasattr()."""
    ann = Person.objects.create(name="Ann")

    with pytest.raises(Passport.DoesNotExist, match="Person has no passport"):
        _ = ann.passport
    assert not hasattr(ann, "passport")
    assert issubclass(Person.passport.RelatedObjectDoesNotExist, AttributeError)
    with assert_num_queries(0):
        assert not hasattr(ann, "passport")
        assert not hasattr(Person(name="new"), "passport")


def test_the_other_end_of_one_to_one_can_be_assigned(db: str) -> None:
    """The key is set on the object; None takes it away."""
    ann = Person.objects.create(name="Ann")
    locker = Locker.objects.create()

    ann.locker = locker
    locker.save()
    assert Locker.objects.get().holder == ann
    ann.locker = None

    assert locker.holder is None
    assert not hasattr(ann, "locker")
    with pytest.raises(ValueError, match='"Person.locker" must be a "Locker" instance'):
        ann.locker = ann


def test_the_error_of_a_missing_key_names_both(db: str) -> None:
    """A comment without an article is not saved yet."""
    with pytest.raises(Article.DoesNotExist, match="Comment has no article"):
        _ = Comment().article
    assert issubclass(Comment.article.RelatedObjectDoesNotExist, AttributeError)
