"""article.tags: the objects at the other side of a ManyToManyField, from both sides."""

from typing import Any

import pytest
from press import Article, Author, Tag
from relations import Group, Membership, Person

from raystack_orm.signals import m2m_changed
from raystack_orm.testing import assert_num_queries


@pytest.fixture
def article(db: str) -> Article:
    return Article.objects.create(title="One", author=Author.objects.create(name="Ann"))


@pytest.fixture
def tags(db: str) -> list[Tag]:
    return [Tag.objects.create(name=name) for name in ("a", "b", "c")]


def test_add_takes_one_query_and_ignores_what_is_there(article: Article, tags: list[Tag]) -> None:
    """Pairs of a table that was made for us can only collide with themselves."""
    article.tags.add(tags[0])

    with assert_num_queries(1):
        article.tags.add(*tags[:2])

    assert set(article.tags.all()) == set(tags[:2])
    with assert_num_queries(0):
        article.tags.add()


def test_objects_or_their_keys(article: Article, tags: list[Tag]) -> None:
    """add(), remove() and set() take both."""
    article.tags.add(tags[0].pk, tags[1])
    article.tags.remove(tags[0], tags[1].pk)
    article.tags.set([tags[2].pk, tags[1]])

    assert set(article.tags.all()) == {tags[1], tags[2]}
    with pytest.raises(TypeError, match="'Tag' instance expected, got <Article: One>"):
        article.tags.add(article)
    with pytest.raises(ValueError, match='the value for field "tag" is None'):
        article.tags.add(Tag(name="new"))


def test_set_changes_only_what_differs(article: Article, tags: list[Tag]) -> None:
    """A query for what is there, one for what goes, one for what comes."""
    article.tags.set(tags[:2])

    with assert_num_queries(3):
        article.tags.set(tags[1:])
    with assert_num_queries(1):
        article.tags.set(tags[1:])
    with assert_num_queries(2):
        article.tags.set(tags[:1], clear=True)

    assert list(article.tags.all()) == tags[:1]


def test_counting_needs_the_table_between_alone(article: Article, tags: list[Tag]) -> None:
    """Its keys lead to rows that exist."""
    article.tags.add(*tags)

    with assert_num_queries(2) as captured:
        assert article.tags.count() == 3
        assert article.tags.exists()

    assert not any("JOIN" in query.sql for query in captured.queries)


def test_create_and_get_or_create_relate(article: Article, tags: list[Tag]) -> None:
    """An object that is found among the related ones is not related again."""
    made, created = article.tags.get_or_create(name="new")
    again, created_again = article.tags.get_or_create(name="new")
    tag, _ = made.articles.update_or_create(title="One", defaults={"views": 3})

    assert (created, created_again) == (True, False)
    assert made == again
    assert article.tags.create(name="other") in article.tags.all()
    assert tag.views == 3


def test_being_friends_goes_both_ways(db: str) -> None:
    """A relation to the model itself is symmetrical, unless it says otherwise."""
    ann, bob, eve = (Person.objects.create(name=name) for name in ("Ann", "Bob", "Eve"))

    ann.friends.add(bob, eve)
    assert list(bob.friends.all()) == [ann]
    bob.friends.remove(ann)
    assert list(ann.friends.all()) == [eve]
    eve.friends.clear()
    assert not ann.friends.exists()
    assert not hasattr(Person, "person_set")

    ann.idols.add(bob)
    assert list(bob.fans.all()) == [ann]
    assert not bob.idols.exists()
    assert list(Person.objects.filter(idols__name="Bob")) == [ann]
    assert list(Person.objects.filter(fans__name="Ann")) == [bob]


def test_a_table_between_with_more_fields(db: str) -> None:
    """through_defaults fills them; callables are called once."""
    ann, bob = (Person.objects.create(name=name) for name in ("Ann", "Bob"))
    group = Group.objects.create(name="Walkers")

    group.members.add(ann, through_defaults={"role": lambda: "head", "inviter": bob})
    group.members.create(name="Eve", through_defaults={"role": "guest"})
    bob.groups.add(group)

    assert set(group.members.values_list("name", flat=True)) == {"Ann", "Bob", "Eve"}
    assert list(Person.objects.filter(groups=group, membership__role="head")) == [ann]
    assert Membership.objects.get(person=ann).inviter == bob
    group.members.set([bob, ann])
    assert Membership.objects.get(person=ann).role == "head"
    group.members.clear()
    assert not Membership.objects.exists()


def test_receivers_are_told_of_changes(article: Article, tags: list[Tag]) -> None:
    """m2m_changed has Django's arguments."""
    heard: list[tuple[Any, ...]] = []

    def receive(sender: Any, **kwargs: Any) -> None:
        assert sender is Article.tags.through
        assert kwargs["using"] == "default"
        heard.append(
            (kwargs["action"], kwargs["instance"], kwargs["reverse"], kwargs["model"],
             kwargs["pk_set"])
        )  # fmt: skip

    first, second = tags[0].pk, tags[1].pk
    m2m_changed.connect(receive, sender=Article.tags.through)
    try:
        article.tags.add(tags[0])
        article.tags.add(*tags[:2])
        tags[0].articles.remove(article)
        article.tags.clear()
    finally:
        m2m_changed.disconnect(receive, sender=Article.tags.through)

    assert heard == [
        ("pre_add", article, False, Tag, {first}),
        ("post_add", article, False, Tag, {first}),
        ("pre_add", article, False, Tag, {second}),
        ("post_add", article, False, Tag, {second}),
        ("pre_remove", tags[0], True, Article, {article.pk}),
        ("post_remove", tags[0], True, Article, {article.pk}),
        ("pre_clear", article, False, Tag, None),
        ("post_clear", article, False, Tag, None),
    ]


def test_writing_forgets_what_was_prefetched(article: Article, tags: list[Tag]) -> None:
    """Otherwise the manager would show what was there before."""
    article.tags.add(tags[0])
    loaded = Article.objects.prefetch_related("tags").get()

    loaded.tags.add(tags[1])
    assert set(loaded.tags.all()) == set(tags[:2])
    loaded = Article.objects.prefetch_related("tags").get()
    loaded.tags.clear()
    assert list(loaded.tags.all()) == []


def test_an_unsaved_instance_has_no_manager(db: str) -> None:
    """The table between could hold nothing of it."""
    with pytest.raises(ValueError, match="needs to have a primary key value before"):
        _ = Article(title="new").tags
