"""prefetch_related(): related objects of many instances, one query for each relation."""

import pickle

import pytest
from press import Article, Author, Comment, Tag
from relations import City, Country, Group, Passport, Person

from raystack_orm import models
from raystack_orm.testing import assert_num_queries


@pytest.fixture
def articles(db: str) -> list[Article]:
    authors = [Author.objects.create(name=name) for name in ("Ann", "Bob")]
    tags = [Tag.objects.create(name=name) for name in ("a", "b", "c")]
    made = []
    for number in range(4):
        article = Article.objects.create(title=str(number), author=authors[number % 2])
        article.tags.add(*tags[: number % 3])
        Comment.objects.create(article=article, author="x")
        made.append(article)
    return made


def test_the_objects_of_a_foreign_key(articles: list[Article]) -> None:
    """Two queries for any number; equal keys share one object."""
    with assert_num_queries(2):
        found = list(Article.objects.order_by("title").prefetch_related("author"))
        assert [article.author.name for article in found] == ["Ann", "Bob", "Ann", "Bob"]

    assert found[0].author is found[2].author


def test_the_objects_that_refer(articles: list[Article]) -> None:
    """The manager answers from what was loaded, and the objects know the instance."""
    with assert_num_queries(2):
        for author in Author.objects.prefetch_related("articles"):
            assert len(author.articles.all()) == 2
            assert author.articles.count() == 2
            assert all(article.author is author for article in author.articles.all())

    with assert_num_queries(1):
        assert author.articles.filter(title="1").count() == 1


def test_both_sides_of_many_to_many(articles: list[Article]) -> None:
    """Each instance gets its own objects."""
    with assert_num_queries(2):
        found = Article.objects.order_by("title").prefetch_related("tags")
        assert [len(article.tags.all()) for article in found] == [0, 1, 2, 0]
    with assert_num_queries(2):
        tags = Tag.objects.order_by("name").prefetch_related("articles")
        assert [len(tag.articles.all()) for tag in tags] == [2, 1, 0]


def test_lookups_go_on(articles: list[Article]) -> None:
    """One query for each level."""
    with assert_num_queries(4):
        for author in Author.objects.prefetch_related("articles__comments", "articles__tags"):
            for article in author.articles.all():
                assert len(article.comments.all()) == 1
                list(article.tags.all())


def test_both_sides_of_one_to_one(db: str) -> None:
    """None refers to Bob, and that is remembered too."""
    ann, _ = (Person.objects.create(name=name) for name in ("Ann", "Bob"))
    Passport.objects.create(owner=ann, number="1")

    with assert_num_queries(2):
        found = list(Person.objects.prefetch_related("passport"))
        assert found[0].passport.owner is found[0]
        assert not hasattr(found[1], "passport")
    with assert_num_queries(2):
        passport = Passport.objects.prefetch_related("owner").get()
        assert passport.owner.passport is passport


def test_a_key_to_another_field(db: str) -> None:
    """to_field is followed both ways."""
    france = Country.objects.create(code="fr", name="France")
    france.cities.create(name="Paris")

    with assert_num_queries(4):
        assert [c.name for c in Country.objects.prefetch_related("cities").get().cities.all()]
        assert City.objects.prefetch_related("country").get().country == france


def test_a_table_between_of_ones_own(db: str) -> None:
    """through_fields say which of its keys count."""
    ann, bob = (Person.objects.create(name=name) for name in ("Ann", "Bob"))
    group = Group.objects.create(name="Walkers")
    group.members.add(ann, through_defaults={"inviter": bob})
    ann.friends.add(bob)

    found = Group.objects.prefetch_related("members__friends").get()

    assert [list(member.friends.all()) for member in found.members.all()] == [[bob]]
    assert list(Person.objects.prefetch_related("groups").get(name="Ann").groups.all()) == [group]


def test_a_prefetch_has_its_own_queryset(articles: list[Article]) -> None:
    """Narrowed, sorted, joined; the manager shows that."""
    narrowed = Tag.objects.filter(name__gte="b").order_by("-name")
    with assert_num_queries(2):
        found = Article.objects.order_by("title").prefetch_related(
            models.Prefetch("tags", queryset=narrowed)
        )
        assert [[tag.name for tag in article.tags.all()] for article in found] == [
            [], [], ["b"], [],
        ]  # fmt: skip


def test_a_prefetch_can_fill_an_attribute(articles: list[Article]) -> None:
    """to_attr is a list, and lookups can go on from it."""
    prefetch = models.Prefetch("articles", Article.objects.filter(title="1"), to_attr="first")
    with assert_num_queries(3):
        authors = list(Author.objects.prefetch_related(prefetch, "first__comments"))
    ann, bob = authors

    assert ann.first == []
    assert [article.title for article in bob.first] == ["1"]
    with assert_num_queries(0):
        assert len(bob.first[0].comments.all()) == 1
    with assert_num_queries(1):
        assert ann.articles.count() == 2
    with pytest.raises(ValueError, match="to_attr=name conflicts with a field on the Author"):
        list(Author.objects.prefetch_related(models.Prefetch("articles", to_attr="name")))


def test_what_is_loaded_is_not_loaded_again(articles: list[Article]) -> None:
    """By select_related(), or by a call before."""
    found = list(Article.objects.select_related("author"))
    with assert_num_queries(1):
        models.prefetch_related_objects(found, "author", "author__articles")
    with assert_num_queries(0):
        models.prefetch_related_objects(found, "author__articles")
        models.prefetch_related_objects([], "author")


def test_none_takes_lookups_back(articles: list[Article]) -> None:
    """prefetch_related(None)."""
    with assert_num_queries(1):
        list(Article.objects.prefetch_related("tags").prefetch_related(None))


def test_wrong_lookups_are_errors(articles: list[Article]) -> None:
    """They name the model, and the nearest relation."""
    with pytest.raises(AttributeError, match="Cannot find 'tag' on Article object"):
        list(Article.objects.prefetch_related("tag"))
    with pytest.raises(ValueError, match="'title' does not resolve to an item that supports"):
        list(Article.objects.prefetch_related("title"))
    with pytest.raises(ValueError, match="already seen with a different queryset"):
        list(
            Article.objects.prefetch_related(
                "tags", models.Prefetch("tags", Tag.objects.order_by("name"))
            )
        )
    with pytest.raises(ValueError, match="cannot use raw"):
        models.Prefetch("tags", Tag.objects.values("name"))


def test_a_prefetch_is_pickled_without_being_run(articles: list[Article]) -> None:
    """Its QuerySet comes back asked for nothing."""
    with assert_num_queries(0):
        prefetch = pickle.loads(pickle.dumps(models.Prefetch("tags", to_attr="found")))

    assert prefetch == models.Prefetch("tags", to_attr="found")
    assert prefetch.prefetch_through == "tags"


def test_a_reversed_slice_is_taken_from_the_other_end(articles: list[Article]) -> None:
    """reverse() turns the order that the slice is taken in."""
    first = Article.objects.order_by("title").reverse()[:1]

    authors = Author.objects.prefetch_related(models.Prefetch("articles", first, to_attr="last"))

    assert [[article.title for article in author.last] for author in authors] == [["2"], ["3"]]


def test_raw_keeps_what_was_to_be_prefetched(articles: list[Article]) -> None:
    """prefetch_related() may come before raw() as well as after."""
    with assert_num_queries(2):
        found = list(Article.objects.prefetch_related("tags").raw("SELECT * FROM press_article"))
        assert sorted(len(article.tags.all()) for article in found) == [0, 0, 1, 2]
