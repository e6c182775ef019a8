"""The manager on the far side of a ForeignKey.

https://docs.djangoproject.com/en/stable/ref/models/relations/
"""

from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import IntegrityError, models
from raystack_orm.testing import assert_num_queries


class Blog(models.Model):
    name = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "c1_rel_fk"


class Entry(models.Model):
    blog = models.ForeignKey(Blog, models.CASCADE)
    headline = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "c1_rel_fk"
        ordering = ("pk",)


saved: list[Any] = []


class Draft(models.Model):
    blog = models.ForeignKey(Blog, models.CASCADE, null=True, related_name="drafts")
    headline = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "c1_rel_fk"
        ordering = ("pk",)

    def save(self, **options: Any) -> None:
        saved.append(self.pk)
        super().save(**options)


@pytest.fixture
def blog(db: str) -> Blog:
    saved.clear()
    return Blog.objects.create(name="a")


@pytest.fixture
def other(db: str) -> Blog:
    return Blog.objects.create(name="b")


def drafts(number: int = 3) -> list[Draft]:
    return [Draft.objects.create(headline=str(n)) for n in range(number)]


def test_it_is_a_manager_of_the_related_objects(blog: Blog, other: Blog) -> None:
    entry = Entry.objects.create(blog=blog, headline="x")
    Entry.objects.create(blog=other)
    assert list(blog.entry_set.all()) == [entry]
    assert blog.entry_set.filter(headline="x").count() == 1
    assert blog.entry_set.exclude(headline="x").exists() is False


def test_objects_found_by_it_know_their_owner(blog: Blog) -> None:
    Entry.objects.create(blog=blog)
    with assert_num_queries(1):
        assert [entry.blog for entry in blog.entry_set.all()] == [blog]
        assert blog.name == "a"


def test_add_takes_saved_objects(blog: Blog, other: Blog) -> None:
    first, second = (Entry.objects.create(blog=other) for _ in "ab")
    with assert_num_queries(1):
        blog.entry_set.add(first, second)
    assert blog.entry_set.count() == 2
    assert first.blog == blog


def test_add_refuses_unsaved_objects(blog: Blog) -> None:
    with pytest.raises(ValueError, match=r"."):
        blog.entry_set.add(Entry(headline="x"))


def test_add_without_bulk_saves_each(blog: Blog) -> None:
    entry = Entry(headline="x")
    blog.entry_set.add(entry, bulk=False)
    assert entry.pk is not None
    assert blog.entry_set.get() == entry


def test_add_refuses_other_models(blog: Blog, other: Blog) -> None:
    with pytest.raises(TypeError):
        blog.entry_set.add(other)


def test_add_does_not_call_save(blog: Blog) -> None:
    made = drafts(2)
    saved.clear()
    blog.drafts.add(*made)
    assert saved == []
    blog.drafts.add(*made, bulk=False)
    assert len(saved) == 2


def test_adding_nothing_changes_nothing(blog: Blog) -> None:
    blog.drafts.add()
    assert blog.drafts.count() == 0


def test_create_sets_the_relation(blog: Blog) -> None:
    with assert_num_queries(1):
        entry = blog.entry_set.create(headline="Hello")
    assert entry.blog_id == blog.pk
    assert Entry.objects.get() == entry


def test_create_forces_the_insert(blog: Blog) -> None:
    entry = blog.entry_set.create()
    with pytest.raises(IntegrityError):
        blog.entry_set.create(pk=entry.pk)


def test_get_or_create_and_update_or_create(blog: Blog) -> None:
    entry, created = blog.entry_set.get_or_create(headline="x")
    assert created is True
    assert blog.entry_set.get_or_create(headline="x") == (entry, False)
    again, created = blog.entry_set.update_or_create(pk=entry.pk, defaults={"headline": "y"})
    assert (again, created, again.headline) == (entry, False, "y")


def test_remove_exists_only_where_null_is_allowed(blog: Blog) -> None:
    assert not hasattr(blog.entry_set, "remove")
    assert not hasattr(blog.entry_set, "clear")
    assert hasattr(blog.drafts, "remove")
    assert hasattr(blog.drafts, "clear")


def test_remove_disassociates(blog: Blog) -> None:
    made = drafts()
    blog.drafts.add(*made)
    with assert_num_queries(1):
        blog.drafts.remove(made[0], made[1])
    assert list(blog.drafts.all()) == [made[2]]
    assert Draft.objects.count() == 3


def test_remove_without_bulk_saves_each(blog: Blog) -> None:
    made = drafts(2)
    blog.drafts.add(*made)
    saved.clear()
    blog.drafts.remove(*made, bulk=False)
    assert len(saved) == 2
    assert blog.drafts.count() == 0


def test_remove_refuses_what_is_not_related(blog: Blog, other: Blog) -> None:
    (draft,) = drafts(1)
    other.drafts.add(draft)
    with pytest.raises(Blog.DoesNotExist):
        blog.drafts.remove(draft)


def test_clear_disassociates_all(blog: Blog) -> None:
    blog.drafts.add(*drafts())
    with assert_num_queries(1):
        blog.drafts.clear()
    assert Draft.objects.filter(blog=None).count() == 3


def test_clear_without_bulk_saves_each(blog: Blog) -> None:
    blog.drafts.add(*drafts())
    saved.clear()
    blog.drafts.clear(bulk=False)
    assert len(saved) == 3


def test_set_replaces(blog: Blog) -> None:
    one, two, three = drafts()
    blog.drafts.add(one, two)
    blog.drafts.set([two, three])
    assert list(blog.drafts.all()) == [two, three]
    one.refresh_from_db()
    assert one.blog is None


def test_set_without_null_only_adds(blog: Blog, other: Blog) -> None:
    first, second = blog.entry_set.create(), other.entry_set.create()
    blog.entry_set.set([second])
    assert list(blog.entry_set.all()) == [first, second]


def test_set_with_clear(blog: Blog) -> None:
    one, two, _ = drafts()
    blog.drafts.add(one)
    blog.drafts.set([two], clear=True)
    assert list(blog.drafts.all()) == [two]


def test_assigning_is_refused(blog: Blog) -> None:
    with pytest.raises(TypeError):
        blog.drafts = []


def test_an_unsaved_owner_has_no_related_objects(db: str) -> None:
    with pytest.raises(ValueError, match="Blog"):
        Blog().entry_set.all()


def test_changes_clear_the_prefetched_objects(blog: Blog) -> None:
    made = drafts(2)
    loaded = Blog.objects.prefetch_related("drafts").get()
    assert list(loaded.drafts.all()) == []
    loaded.drafts.add(made[0])
    assert list(loaded.drafts.all()) == [made[0]]
    loaded.drafts.remove(made[0])
    assert list(loaded.drafts.all()) == []


def test_update_and_delete_are_the_querysets(blog: Blog, other: Blog) -> None:
    blog.entry_set.create()
    other.entry_set.create()
    assert blog.entry_set.update(headline="z") == 1
    assert blog.entry_set.all().delete()[0] == 1
    assert Entry.objects.count() == 1


def test_the_async_twins(blog: Blog, run: Callable[..., Any]) -> None:
    async def work() -> None:
        one, two, three = [d async for d in Draft.objects.all()]
        await blog.drafts.aadd(one, two)
        await blog.drafts.aremove(one)
        assert [d async for d in blog.drafts.all()] == [two]
        await blog.drafts.aset([two, three])
        assert await blog.drafts.acount() == 2
        await blog.drafts.aclear()
        assert await blog.drafts.aexists() is False

    drafts()
    run(work())


def test_the_async_twins_that_create(blog: Blog, run: Callable[..., Any]) -> None:
    async def work() -> None:
        entry = await blog.entry_set.acreate(headline="x")
        assert await blog.entry_set.aget_or_create(headline="x") == (entry, False)
        again, created = await blog.entry_set.aupdate_or_create(
            headline="x", defaults={"headline": "y"}
        )
        assert (again, created) == (entry, False)

    run(work())
