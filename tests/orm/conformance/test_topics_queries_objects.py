"""Making, comparing, copying, updating and deleting objects, and their related objects.

https://docs.djangoproject.com/en/stable/topics/db/queries/
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import FieldError, models, transaction
from raystack_orm.models import F, Q
from raystack_orm.testing import assert_num_queries


class Blog(models.Model):
    name = models.CharField(max_length=50)
    tagline = models.TextField(default="")

    class Meta:
        app_label = "conf_objects"


class ThemeBlog(Blog):
    theme = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_objects"


class Author(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "conf_objects"


class Entry(models.Model):
    blog = models.ForeignKey(Blog, models.CASCADE, null=True)
    headline = models.CharField(max_length=50)
    pub_date = models.DateField(default=dt.date(2005, 5, 2))
    changed = models.DateTimeField(auto_now=True)
    comments = models.IntegerField(default=0)
    pingbacks = models.IntegerField(default=0)
    rating = models.IntegerField(default=5)
    authors = models.ManyToManyField(Author)

    class Meta:
        app_label = "conf_objects"
        ordering = ("headline",)


class Detail(models.Model):
    entry = models.OneToOneField(Entry, models.CASCADE)
    text = models.TextField(default="")

    class Meta:
        app_label = "conf_objects"


class Tag(models.Model):
    word = models.CharField(max_length=20, primary_key=True)

    class Meta:
        app_label = "conf_objects"


@pytest.fixture(autouse=True)
def entries(db: str) -> None:
    """A blog of two entries with an author, a blog of none."""
    beatles = Blog.objects.create(name="Beatles Blog", tagline="All the news.")
    Blog.objects.create(name="Cheddar Talk")
    john = Author.objects.create(name="John")
    for headline, comments, pingbacks in (("Hello", 3, 1), ("World", 1, 2)):
        entry = Entry.objects.create(
            blog=beatles, headline=headline, comments=comments, pingbacks=pingbacks
        )
        entry.authors.add(john)


def hello() -> Entry:
    return Entry.objects.get(headline="Hello")


def test_an_object_is_not_saved_until_save_is_called() -> None:
    with assert_num_queries(0):
        blog = Blog(name="new")
    assert blog.pk is None
    with assert_num_queries(1):
        assert blog.save() is None
    assert Blog.objects.get(pk=blog.pk).name == "new"


def test_saving_again_updates_in_one_query() -> None:
    blog = Blog.objects.get(name="Cheddar Talk")
    blog.name = "Gouda Talk"
    with assert_num_queries(1):
        blog.save()
    assert Blog.objects.filter(name="Gouda Talk").count() == 1
    assert Blog.objects.count() == 2


def test_a_foreign_key_is_assigned_an_object() -> None:
    entry, cheese = hello(), Blog.objects.get(name="Cheddar Talk")
    entry.blog = cheese
    entry.save()
    assert hello().blog == cheese
    entry.blog_id = None
    assert entry.blog is None


def test_an_object_of_the_wrong_model_cannot_be_assigned() -> None:
    with pytest.raises(ValueError):
        hello().blog = Author.objects.get()


def test_many_to_many_records_are_added_with_add() -> None:
    entry, (paul, george) = hello(), (Author.objects.create(name=n) for n in ("Paul", "George"))
    entry.authors.add(paul, george)
    assert entry.authors.count() == 3
    entry.authors.add(paul)
    assert entry.authors.count() == 3
    entry.authors.remove(paul)
    entry.authors.set([george])
    assert list(entry.authors.all()) == [george]


def test_a_manager_belongs_to_the_class_not_to_instances() -> None:
    with pytest.raises(AttributeError):
        _ = Blog(name="x").objects


def test_limits_are_slices_and_one_object_is_an_index() -> None:
    assert [entry.headline for entry in Entry.objects.all()[:1]] == ["Hello"]
    assert Entry.objects.order_by("-headline")[0].headline == "World"
    with pytest.raises(IndexError):
        Entry.objects.filter(headline="none")[0]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Q(comments__gt=F("pingbacks")), ["Hello"]),
        (Q(comments__gt=F("pingbacks") * 2), ["Hello"]),
        (Q(rating__lt=F("comments") + F("pingbacks")), []),
        (Q(headline__startswith="H") | Q(headline__startswith="W"), ["Hello", "World"]),
        (Q(headline__startswith="H") | ~Q(pub_date__year=2005), ["Hello"]),
        (Q(pub_date=dt.date(2005, 5, 2)) | Q(pub_date=dt.date(2005, 5, 6)), ["Hello", "World"]),
        (Q(pub_date__lte="2006-01-01"), ["Hello", "World"]),
        (Q(comments=F("comments").bitor(1)), ["Hello", "World"]),
    ],
)
def test_conditions_of_the_page(condition: Q, expected: list[str]) -> None:
    assert [entry.headline for entry in Entry.objects.filter(condition)] == expected


def test_caching_of_querysets() -> None:
    found = Entry.objects.all()
    with assert_num_queries(1):
        assert [entry.headline for entry in found] == ["Hello", "World"]
        assert [entry.pub_date.year for entry in found] == [2005, 2005]
    with assert_num_queries(2):
        assert [entry.headline for entry in Entry.objects.all()]
        assert [entry.pub_date for entry in Entry.objects.all()]
    partly = Entry.objects.all()
    with assert_num_queries(2):
        assert partly[0] == partly[0]


def test_objects_are_compared_by_model_and_key() -> None:
    one, other = Entry.objects.all()
    assert one == hello()
    assert one != other
    assert one != one.pk
    assert Blog(pk=one.pk) != one
    assert Blog(name="a") != Blog(name="a")
    unsaved = Blog(name="a")
    assert unsaved == unsaved
    assert hash(one) == hash(hello())
    with pytest.raises(TypeError):
        hash(unsaved)
    assert Tag(word="x") == Tag(word="x")


def test_delete_returns_counts() -> None:
    entry = hello()
    Detail.objects.create(entry=entry)
    counts = entry.delete()
    assert counts[0] == 3
    assert counts[1]["conf_objects.Entry"] == 1
    assert counts[1]["conf_objects.Detail"] == 1
    assert entry.pk is None


def test_deleting_a_blog_deletes_its_entries() -> None:
    Blog.objects.get(name="Beatles Blog").delete()
    assert Entry.objects.count() == 0


def test_copying_an_instance() -> None:
    blog = Blog.objects.get(name="Cheddar Talk")
    first = blog.pk
    blog.pk = None
    blog._state.adding = True
    blog.save()
    assert blog.pk != first
    assert Blog.objects.filter(name="Cheddar Talk").count() == 2


def test_copying_an_instance_of_a_child_model() -> None:
    blog = ThemeBlog.objects.create(name="Django", theme="python")
    first = blog.pk
    blog.pk = None
    blog.id = None
    blog._state.adding = True
    blog.save()
    assert blog.pk != first
    assert ThemeBlog.objects.filter(theme="python", name="Django").count() == 2


def test_copying_does_not_copy_many_to_many_relations() -> None:
    entry = hello()
    authors = list(entry.authors.all())
    entry.pk = None
    entry._state.adding = True
    entry.save()
    assert list(entry.authors.all()) == []
    entry.authors.set(authors)
    assert list(entry.authors.all()) == authors


def test_copying_with_deferred_fields_needs_values() -> None:
    author = Author.objects.defer("name").get(name="John")
    author.pk = None
    author._state.adding = True
    with pytest.raises(AttributeError), transaction.atomic():
        author.save()
    author.name = "Another"
    author.save()
    assert Author.objects.filter(name="Another").exists()


def test_update_of_many_objects() -> None:
    beatles, cheese = Blog.objects.order_by("name")
    assert Entry.objects.filter(pub_date__year=2005).update(headline="Same") == 2
    assert Entry.objects.update(blog=cheese) == 2
    assert Entry.objects.filter(blog=beatles).update(headline="x") == 0
    assert Entry.objects.update(pingbacks=F("pingbacks") + 1) == 2
    assert sorted(Entry.objects.values_list("pingbacks", flat=True)) == [2, 3]
    with pytest.raises(FieldError):
        Entry.objects.update(headline=F("blog__name"))


def test_update_honours_no_auto_now() -> None:
    before = hello().changed
    Entry.objects.update(rating=1)
    assert hello().changed == before


def test_forward_access_is_cached() -> None:
    entry = hello()
    with assert_num_queries(1):
        assert entry.blog.name == "Beatles Blog"
        assert entry.blog.name == "Beatles Blog"
    selected = Entry.objects.select_related("blog").get(headline="Hello")
    with assert_num_queries(0):
        assert selected.blog.name == "Beatles Blog"


def test_backward_access_is_a_manager() -> None:
    blog = Blog.objects.get(name="Beatles Blog")
    with assert_num_queries(2):
        assert len(blog.entry_set.all()) == 2
        assert blog.entry_set.filter(headline__contains="Hell").count() == 1


def test_a_related_manager_creates_adds_and_sets() -> None:
    blog = Blog.objects.get(name="Cheddar Talk")
    entry = blog.entry_set.create(headline="Gouda")
    assert entry.blog == blog
    blog.entry_set.add(hello())
    assert blog.entry_set.count() == 2
    blog.entry_set.remove(entry)
    assert Entry.objects.get(pk=entry.pk).blog is None
    blog.entry_set.set([entry])
    assert list(blog.entry_set.all()) == [entry]
    blog.entry_set.clear()
    assert blog.entry_set.count() == 0
    with pytest.raises(ValueError):
        blog.entry_set.add(Entry(headline="unsaved"), bulk=True)


def test_both_ends_of_many_to_many_have_a_manager() -> None:
    john = Author.objects.get()
    assert john.entry_set.count() == 2
    assert john.entry_set.filter(headline__contains="World").count() == 1
    john.entry_set.clear()
    assert hello().authors.count() == 0


def test_one_to_one_relations() -> None:
    entry = hello()
    with pytest.raises(Detail.DoesNotExist):
        _ = entry.detail
    detail = Detail.objects.create(entry=entry, text="x")
    assert Detail.objects.get().entry == entry
    assert hello().detail == detail
    assert Entry.objects.get(detail__text="x") == entry


def test_queries_over_related_objects_take_object_or_key() -> None:
    blog = Blog.objects.get(name="Beatles Blog")
    for value in (blog, blog.pk, str(blog.pk)):
        assert Entry.objects.filter(blog=value).count() == 2


def conditions() -> list[dict[str, Any]]:
    return [{"pk": "x"}, {"blog": "x"}, {"blog__in": ["x"]}]


def test_a_key_of_the_wrong_type_is_a_value_error() -> None:
    for condition in conditions():
        with pytest.raises(ValueError):
            list(Entry.objects.filter(**condition))
