"""delete(): what goes with a row, what holds it, and how many queries that takes."""

from typing import Any

import pytest
from press import Article, Author, Comment, Tag
from relations import (
    Branch,
    DatabaseFollower,
    Follower,
    Leaf,
    Locker,
    Passport,
    Person,
    Root,
)

from raystack_orm import RestrictedError, models
from raystack_orm.signals import post_delete, pre_delete
from raystack_orm.testing import assert_num_queries, isolate_apps, override_settings


def test_what_nothing_refers_to_is_deleted_by_its_condition(db: str) -> None:
    """Without fetching the rows."""
    author = Author.objects.create(name="Ann")
    article = Article.objects.create(title="One", author=author)
    for _ in range(3):
        article.comments.create(author="x")

    with assert_num_queries(1):
        assert article.tags.through.objects.all().delete() == (0, {})
    with assert_num_queries(1):
        locker = Locker.objects.create()
    with assert_num_queries(1):
        assert locker.delete() == (1, {"relations.Locker": 1})
    assert locker.pk is None


def test_a_deletion_is_counted_by_model(db: str) -> None:
    """The whole number first, then each model's label."""
    author = Author.objects.create(name="Ann")
    for title in "12":
        article = Article.objects.create(title=title, author=author)
        article.comments.create(author="x")
        article.tags.add(Tag.objects.get_or_create(name="a")[0])

    assert Author.objects.all().delete() == (
        7,
        {"press.Article_tags": 2, "press.Comment": 2, "press.Article": 2, "press.Author": 1},
    )
    assert Tag.objects.count() == 1


def test_a_one_to_one_goes_along(db: str) -> None:
    """CASCADE deletes it, SET_NULL lets it go."""
    ann = Person.objects.create(name="Ann")
    Passport.objects.create(owner=ann, number="1")
    locker = Locker.objects.create(holder=ann)

    assert ann.delete()[1]["relations.Passport"] == 1
    locker.refresh_from_db()
    assert locker.holder is None


def test_restrict_refuses_unless_the_object_goes_too(db: str) -> None:
    """Deleting the branch is refused; deleting the root takes branch and leaf."""
    root = Root.objects.create()
    branch = Branch.objects.create(root=root)
    leaf = Leaf.objects.create(root=root, branch=branch)

    with pytest.raises(RestrictedError, match="Leaf.branch has on_delete=RESTRICT") as caught:
        branch.delete()
    assert caught.value.restricted_objects == {leaf}
    assert root.delete() == (3, {"relations.Leaf": 1, "relations.Branch": 1, "relations.Root": 1})


def test_restrict_refuses_where_the_object_has_another_root(db: str) -> None:
    """Then it would stay."""
    root, other = Root.objects.create(), Root.objects.create()
    branch = Branch.objects.create(root=root)
    Leaf.objects.create(root=other, branch=branch)

    with pytest.raises(RestrictedError):
        root.delete()
    assert Branch.objects.count() == 1


def test_rules_that_set_a_value(db: str) -> None:
    """SET_NULL, SET(value), SET(callable), SET_DEFAULT."""
    first = Root.objects.create(name="first")
    gone = Root.objects.create(name="gone")
    follower = Follower.objects.create(null=gone, value=gone, called=gone, default=gone)

    assert gone.delete() == (1, {"relations.Root": 1})
    follower.refresh_from_db()

    assert (follower.null, follower.value) == (None, None)
    assert (follower.called, follower.default) == (first, first)


def test_the_databases_own_rules_are_left_to_it(db: str) -> None:
    """The rows go without a query, and are not counted."""
    root = Root.objects.create()
    gone = DatabaseFollower.objects.create(gone=root)
    kept = DatabaseFollower.objects.create(null=root)

    assert root.delete() == (1, {"relations.Root": 1})

    kept.refresh_from_db()
    assert kept.null is None
    assert not DatabaseFollower.objects.filter(pk=gone.pk).exists()


def test_receivers_are_told_of_each_object(db: str) -> None:
    """Whose deletion it is, is the origin."""
    author = Author.objects.create(name="Ann")
    article = Article.objects.create(title="One", author=author)
    comment = Comment.objects.create(article=article, author="x")
    heard: list[tuple[Any, ...]] = []

    def before(sender: Any, **kwargs: Any) -> None:
        heard.append(("pre", sender, kwargs["instance"].pk, kwargs["origin"]))

    def after(sender: Any, **kwargs: Any) -> None:
        heard.append(("post", sender, kwargs["instance"].pk, kwargs["using"]))

    pre_delete.connect(before, sender=Comment)
    post_delete.connect(after, sender=Comment)
    try:
        author.delete()
    finally:
        pre_delete.disconnect(before, sender=Comment)
        post_delete.disconnect(after, sender=Comment)

    assert heard == [
        ("pre", Comment, comment.pk, author),
        ("post", Comment, comment.pk, "default"),
    ]


def test_many_objects_are_deleted_in_batches(db: str) -> None:
    """A hundred keys at once, as in Django."""
    author = Author.objects.create(name="Ann")
    Article.objects.bulk_create(Article(title=str(n), author=author) for n in range(150))

    with assert_num_queries(6):  # articles, comments and awards; pairs of tags; two batches
        Article.objects.all().delete()


def test_a_slice_cannot_be_deleted(db: str) -> None:
    """Nor can values."""
    with pytest.raises(TypeError, match="Cannot use 'limit' or 'offset' with delete"):
        Author.objects.all()[:2].delete()
    with pytest.raises(TypeError, match=r"Cannot call delete\(\) after .values\(\)"):
        Author.objects.values("name").delete()


def test_rules_are_pickled_and_deconstructed() -> None:
    """So migrations can write them."""
    import pickle

    for rule in (models.CASCADE, models.PROTECT, models.DB_SET_NULL):
        assert pickle.loads(pickle.dumps(rule)) is rule
    assert models.SET_NULL.deconstruct() == ("raystack_orm.models.SET_NULL", (), {})
    assert models.SET(3).deconstruct() == ("raystack_orm.models.SET", (3,), {})


def test_fields_are_deconstructed() -> None:
    """Everything that was given, and no more."""
    key = models.ForeignKey("shop.Item", models.CASCADE, related_name="+", db_constraint=False)
    assert key.deconstruct()[1:] == (
        "raystack_orm.models.ForeignKey",
        [],
        {
            "to": "shop.item",
            "on_delete": models.CASCADE,
            "related_name": "+",
            "db_constraint": False,
        },
    )
    with isolate_apps():

        class Item(models.Model):
            like = models.ManyToManyField("self", symmetrical=False)
            one = models.OneToOneField("self", models.SET_NULL, null=True)

    assert Item._meta.get_field("like").deconstruct()[3]["symmetrical"] is False
    assert "unique" not in Item._meta.get_field("one").deconstruct()[3]
    assert Item._meta.get_field("one").clone().null


def test_what_refers_is_deleted_before_what_it_refers_to(db: str) -> None:
    """Receivers hear of the models in the order of deletion: each after all that refer to it."""
    root = Root.objects.create()
    branch = Branch.objects.create(root=root)
    Leaf.objects.create(root=root, branch=branch)
    deleted: list[Any] = []

    def note(sender: Any, **kwargs: Any) -> None:
        deleted.append(sender)

    post_delete.connect(note)
    try:
        root.delete()
    finally:
        post_delete.disconnect(note)

    assert deleted == [Leaf, Branch, Root]


def test_delete_asks_the_router_where_to_write(db: str) -> None:
    """Though the QuerySet reads what it finds."""
    asked: list[str] = []

    class Router:
        def db_for_read(self, model: Any, **hints: Any) -> str:
            asked.append("read")
            return "default"

        def db_for_write(self, model: Any, **hints: Any) -> str:
            asked.append("write")
            return "default"

    with override_settings(DATABASE_ROUTERS=[Router()]):
        Locker.objects.all().delete()

    assert set(asked) == {"write"}
