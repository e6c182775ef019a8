"""update(), delete() and as_manager().

https://docs.djangoproject.com/en/stable/ref/models/querysets/#update
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import (
    FieldDoesNotExist,
    FieldError,
    IntegrityError,
    ProtectedError,
    models,
    transaction,
)
from raystack_orm.models import Case, Count, F, OuterRef, Subquery, Sum, Value, When
from raystack_orm.models.functions import Concat, Upper
from raystack_orm.testing import assert_num_queries


class PostQuerySet(models.QuerySet["Post"]):
    """A QuerySet with methods of its own."""

    def loud(self) -> "PostQuerySet":
        return self.filter(title__startswith="L")

    def _private(self) -> str:
        return "private"

    def shared(self) -> str:
        return "shared"

    shared.queryset_only = False  # type: ignore[attr-defined]

    def hidden(self) -> str:
        return "hidden"

    hidden.queryset_only = True  # type: ignore[attr-defined]


class Writer(models.Model):
    name = models.CharField(max_length=20)
    posts_written = models.IntegerField(default=0)

    class Meta:
        app_label = "conf_write"


class Post(models.Model):
    title = models.CharField(max_length=40)
    likes = models.IntegerField(default=0)
    day = models.DateField(null=True)
    pinned = models.BooleanField(default=False)
    writer = models.ForeignKey(Writer, models.CASCADE, null=True, related_name="posts")
    data = models.JSONField(default=dict)

    objects = PostQuerySet.as_manager()

    class Meta:
        app_label = "conf_write"


class Reply(models.Model):
    post = models.ForeignKey(Post, models.CASCADE)

    class Meta:
        app_label = "conf_write"


class Award(models.Model):
    post = models.ForeignKey(Post, models.PROTECT)

    class Meta:
        app_label = "conf_write"


@pytest.fixture(autouse=True)
def posts(db: str) -> None:
    """Two posts of ann, one of nobody."""
    ann = Writer.objects.create(name="ann")
    Post.objects.create(title="Loud", likes=1, writer=ann)
    Post.objects.create(title="Quiet", likes=2, writer=ann)
    Post.objects.create(title="Lost", likes=3)


@pytest.mark.parametrize(
    ("values", "field", "expected"),
    [
        ({"likes": 9}, "likes", [9, 9]),
        ({"title": "x", "likes": 0}, "title", ["x", "x"]),
        ({"day": dt.date(2026, 1, 1)}, "day", [dt.date(2026, 1, 1)] * 2),
        ({"day": None}, "day", [None, None]),
        ({"pinned": True}, "pinned", [True, True]),
        ({"writer": None}, "writer_id", [None, None]),
        ({"data": {"a": 1}}, "data", [{"a": 1}] * 2),
        ({"likes": F("likes") + 10}, "likes", [11, 13]),
        ({"likes": F("likes") * F("likes")}, "likes", [1, 9]),
        ({"title": Upper("title")}, "title", ["LOUD", "LOST"]),
        ({"title": Concat("title", Value("!"))}, "title", ["Loud!", "Lost!"]),
        ({"title": Value("y")}, "title", ["y", "y"]),
        ({"likes": Case(When(likes__gt=1, then=Value(5)), default=F("likes"))}, "likes", [1, 5]),
    ],
)
def test_update_writes_in_one_query_and_counts(
    values: dict[str, Any], field: str, expected: list[Any]
) -> None:
    with assert_num_queries(1):
        assert Post.objects.filter(title__startswith="L").update(**values) == 2
    changed = Post.objects.exclude(title="Quiet").order_by("pk")
    assert list(changed.values_list(field, flat=True)) == expected
    assert Post.objects.filter(title="Quiet", likes=2, data={}).exists()


def test_update_counts_matched_rows_even_if_they_had_the_value() -> None:
    assert Post.objects.update(pinned=False) == 3
    assert Post.objects.filter(title="none").update(pinned=True) == 0


def test_update_assigns_a_related_object_or_key() -> None:
    bob = Writer.objects.create(name="bob")
    assert Post.objects.update(writer=bob) == 3
    assert Post.objects.update(writer=bob.pk) == 3
    assert Post.objects.update(writer_id=bob.pk) == 3
    assert bob.posts.count() == 3


def test_update_can_filter_over_relations() -> None:
    assert Post.objects.filter(writer__name="ann").update(likes=7) == 2
    assert Post.objects.exclude(writer__name="ann").update(likes=8) == 1
    assert Writer.objects.filter(posts__likes=7).distinct().update(name="eve") == 1


def test_update_sets_fields_of_the_own_table_only() -> None:
    for values in ({"writer__name": "x"}, {"nope": 1}):
        with pytest.raises((FieldError, FieldDoesNotExist)):
            Post.objects.update(**values)


def test_update_refuses_joined_references() -> None:
    with pytest.raises(FieldError):
        Post.objects.update(title=F("writer__name"))


def test_update_from_a_subquery() -> None:
    total = Post.objects.filter(writer=OuterRef("pk")).values("writer").annotate(n=Count("pk"))
    Writer.objects.update(posts_written=Subquery(total.values("n")))
    assert Writer.objects.get().posts_written == 2


def test_update_does_not_touch_loaded_objects() -> None:
    post = Post.objects.get(title="Loud")
    Post.objects.update(likes=50)
    assert post.likes == 1


def test_update_accepts_annotations_but_no_aggregates() -> None:
    doubled = Post.objects.annotate(double=F("likes") * 2)
    assert doubled.filter(double=6).update(likes=F("double")) == 1
    assert Post.objects.get(title="Lost").likes == 6
    with pytest.raises(FieldError):
        Post.objects.update(likes=Sum("likes"))


def test_update_can_swap_columns() -> None:
    Writer.objects.update(posts_written=5)
    Writer.objects.update(posts_written=F("pk"))
    writer = Writer.objects.get()
    assert writer.posts_written == writer.pk


def test_update_of_none_and_without_values() -> None:
    with assert_num_queries(0):
        assert Post.objects.none().update(likes=1) == 0


def test_update_after_order_by() -> None:
    assert Post.objects.order_by("-likes").update(likes=1) == 3


def test_update_refuses_slices_and_combinations() -> None:
    with pytest.raises(TypeError):
        Post.objects.all()[:1].update(likes=1)


def test_update_breaking_a_constraint() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.update(title=None)


def test_delete_counts_what_it_deletes_by_model() -> None:
    Reply.objects.create(post=Post.objects.get(title="Loud"))
    assert Post.objects.filter(title__startswith="L").delete() == (
        3,
        {"conf_write.Reply": 1, "conf_write.Post": 2},
    )
    assert [post.title for post in Post.objects.all()] == ["Quiet"]


def test_delete_of_nothing() -> None:
    assert Post.objects.filter(title="none").delete()[0] == 0


def test_delete_cascades_over_several_models() -> None:
    Reply.objects.create(post=Post.objects.get(title="Loud"))
    assert Writer.objects.all().delete() == (
        4,
        {"conf_write.Reply": 1, "conf_write.Post": 2, "conf_write.Writer": 1},
    )
    assert Post.objects.count() == 1


def test_delete_without_dependants_takes_one_query() -> None:
    with assert_num_queries(1):
        Reply.objects.all().delete()


def test_delete_obeys_protect() -> None:
    Award.objects.create(post=Post.objects.get(title="Loud"))
    with pytest.raises(ProtectedError) as caught:
        Post.objects.all().delete()
    assert caught.value.protected_objects == {Award.objects.get()}
    assert Post.objects.count() == 3


@pytest.mark.parametrize(
    "refine",
    [
        lambda found: found[:1],
        lambda found: found.distinct("title"),
        lambda found: found.values("title"),
        lambda found: found.values_list("title"),
    ],
    ids=["slice", "distinct on fields", "values", "values_list"],
)
def test_delete_refuses_slices_and_values(refine: Any) -> None:
    with pytest.raises(TypeError):
        refine(Post.objects.all()).delete()
    assert Post.objects.count() == 3


def test_delete_over_relations_and_subqueries() -> None:
    Reply.objects.create(post=Post.objects.get(title="Loud"))
    assert Reply.objects.filter(post__writer__name="ann").delete()[0] == 1
    liked = Post.objects.filter(likes__gt=1)
    assert Post.objects.filter(pk__in=list(liked.values_list("pk", flat=True))).delete()[0] == 2


def test_delete_is_not_a_method_of_managers() -> None:
    assert not hasattr(Post.objects, "delete")


def test_as_manager_copies_the_methods_of_the_queryset() -> None:
    assert isinstance(Post.objects, models.Manager)
    assert {post.title for post in Post.objects.loud()} == {"Loud", "Lost"}
    assert [post.title for post in Post.objects.filter(likes__gt=1).loud()] == ["Lost"]


def test_as_manager_copies_public_methods_unless_told() -> None:
    assert not hasattr(Post.objects, "_private")
    assert not hasattr(Post.objects, "hidden")
    assert Post.objects.shared() == "shared"
    assert Post.objects.all().hidden() == "hidden"


def test_related_managers_have_the_methods_too() -> None:
    assert [post.title for post in Writer.objects.get().posts.loud()] == ["Loud"]


@pytest.mark.parametrize("name", ["nope", "writer__name"])
def test_update_of_what_is_no_field_is_field_does_not_exist(name: str) -> None:
    with pytest.raises(FieldDoesNotExist):
        Post.objects.update(**{name: 1})


def test_update_in_the_order_of_an_aggregate_is_refused() -> None:
    found = Post.objects.annotate(replies=Count("reply")).order_by("-replies")
    with pytest.raises(FieldError):
        found.update(likes=0)
