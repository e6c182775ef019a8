"""Managers: what a model's queries start from.

https://docs.djangoproject.com/en/stable/topics/db/managers/
"""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models.functions import Coalesce
from raystack_orm.testing import assert_num_queries, isolate_apps


class PollManager(models.Manager):
    def with_counts(self) -> Any:
        return self.annotate(num_responses=Coalesce(models.Count("response"), 0))


class OpinionPoll(models.Model):
    question = models.CharField(max_length=200)
    objects = PollManager()

    class Meta:
        app_label = "c1_managers"


class Response(models.Model):
    poll = models.ForeignKey(OpinionPoll, on_delete=models.CASCADE)

    class Meta:
        app_label = "c1_managers"


class PersonQuerySet(models.QuerySet):
    def authors(self) -> Any:
        return self.filter(role="A")

    def editors(self) -> Any:
        return self.filter(role="E")

    def _private(self) -> str:
        return "private"

    def opted_out(self) -> str:
        return "out"

    opted_out.queryset_only = True  # type: ignore[attr-defined]

    def _opted_in(self) -> str:
        return "in"

    _opted_in.queryset_only = False  # type: ignore[attr-defined]


class AuthorManager(models.Manager):
    def get_queryset(self) -> Any:
        return super().get_queryset().filter(role="A")


class CustomManager(models.Manager):
    def manager_only(self) -> int:
        return self.count()


class Person(models.Model):
    first_name = models.CharField(max_length=50)
    role = models.CharField(max_length=1, choices={"A": "Author", "E": "Editor"})

    people = models.Manager()
    authors = AuthorManager()
    both = CustomManager.from_queryset(PersonQuerySet)()
    as_manager = PersonQuerySet.as_manager()

    class Meta:
        app_label = "c1_managers"


class Book(models.Model):
    author = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="books")
    title = models.CharField(max_length=50, default="")
    shown = models.BooleanField(default=True)

    class ShownManager(models.Manager):
        def get_queryset(self) -> Any:
            return super().get_queryset().filter(shown=True)

        def first_title(self) -> str:
            return self.order_by("title")[0].title

    objects = ShownManager()
    everything = models.Manager()

    class Meta:
        app_label = "c1_managers"


class Review(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE)

    class Meta:
        app_label = "c1_managers"


@pytest.fixture
def people(db: str) -> list[Person]:
    return [
        Person.people.create(first_name=name, role=role)
        for name, role in (("ann", "A"), ("ed", "E"))
    ]


def test_a_method_may_return_anything(db: str) -> None:
    poll = OpinionPoll.objects.create(question="?")
    Response.objects.create(poll=poll)
    assert OpinionPoll.objects.with_counts().get().num_responses == 1


def test_a_manager_knows_its_model() -> None:
    assert OpinionPoll.objects.model is OpinionPoll


def test_get_queryset_changes_where_all_queries_start(people: list[Person]) -> None:
    assert [p.first_name for p in Person.authors.all()] == ["ann"]
    assert Person.authors.count() == 1
    assert Person.authors.filter(first_name="ed").exists() is False
    assert Person.people.count() == 2


def test_a_manager_has_the_querysets_methods(people: list[Person]) -> None:
    assert Person.people.filter(role="E").get() == people[1]
    assert Person.people.order_by("-first_name").first() == people[1]
    assert Person.people.none().exists() is False


def test_from_queryset_has_both_kinds_of_methods(people: list[Person]) -> None:
    assert Person.both.manager_only() == 2
    assert Person.both.authors().get() == people[0]
    assert Person.both.filter(first_name="ed").editors().get() == people[1]


def test_as_manager_copies_the_methods(people: list[Person]) -> None:
    assert Person.as_manager.authors().get() == people[0]
    assert isinstance(Person.as_manager, models.Manager)
    assert isinstance(Person.as_manager.all(), PersonQuerySet)


def test_private_and_opted_out_methods_are_not_copied(people: list[Person]) -> None:
    assert Person.both._opted_in() == "in"
    assert Person.both.all()._private() == "private"
    assert Person.both.all().opted_out() == "out"
    for name in ("_private", "opted_out", "delete"):
        assert not hasattr(Person.both, name)


def test_from_queryset_names_the_class() -> None:
    made = CustomManager.from_queryset(PersonQuerySet)
    assert made.__name__ == "CustomManagerFromPersonQuerySet"
    assert CustomManager.from_queryset(PersonQuerySet, "Mine").__name__ == "Mine"


def test_the_first_manager_is_the_default() -> None:
    assert Person._default_manager.name == "people"
    assert Book._default_manager.name == "objects"


def test_related_managers_come_from_the_default_manager(people: list[Person]) -> None:
    ann = people[0]
    Book.everything.create(author=ann, title="b")
    Book.everything.create(author=ann, title="a")
    Book.everything.create(author=ann, shown=False)
    assert ann.books.count() == 2
    assert ann.books.first_title() == "a"


def test_another_manager_may_be_chosen(people: list[Person]) -> None:
    ann = people[0]
    Book.everything.create(author=ann, shown=False)
    assert ann.books(manager="everything").count() == 1
    assert isinstance(ann.books(manager="everything"), models.Manager)


def test_following_a_key_uses_the_base_manager(people: list[Person]) -> None:
    book = Book.everything.create(author=people[0], shown=False)
    review = Review.objects.create(book=book)
    assert Review.objects.get(pk=review.pk).book == book
    assert type(Book._base_manager) is models.Manager


def test_prefetching_uses_the_default_manager(people: list[Person]) -> None:
    Book.everything.create(author=people[0], shown=False)
    Book.everything.create(author=people[0])
    with assert_num_queries(2):
        ann = Person.authors.prefetch_related("books").get()
        assert len(ann.books.all()) == 1


def test_a_manager_can_be_copied(people: list[Person]) -> None:
    assert copy.copy(Person.both).manager_only() == 2


def test_managers_of_the_same_class_are_equal_by_their_arguments() -> None:
    assert Person.people == Person.people
    assert Person.people != Person.authors


def test_managers_are_inherited_from_abstract_models() -> None:
    with isolate_apps():

        class AbstractBase(models.Model):
            objects = CustomManager()

            class Meta:
                app_label = "c1_managers"
                abstract = True

        class Extra(models.Model):
            extra = models.Manager()

            class Meta:
                app_label = "c1_managers"
                abstract = True

        class ChildA(AbstractBase):
            class Meta:
                app_label = "c1_managers"

        class ChildB(AbstractBase):
            default = AuthorManager()

            class Meta:
                app_label = "c1_managers"

        class ChildC(AbstractBase, Extra):
            class Meta:
                app_label = "c1_managers"

    assert isinstance(ChildA._default_manager, CustomManager)
    assert ChildA.objects.model is ChildA
    assert isinstance(ChildB._default_manager, AuthorManager)
    assert isinstance(ChildB.objects, CustomManager)
    assert isinstance(ChildC._default_manager, CustomManager)
    assert isinstance(ChildC.extra, models.Manager)


def test_an_abstract_models_manager_cannot_be_used() -> None:
    with isolate_apps():

        class AbstractBase(models.Model):
            objects = CustomManager()

            class Meta:
                app_label = "c1_managers"
                abstract = True

    with pytest.raises(AttributeError):
        AbstractBase.objects.count()


def test_use_in_migrations_is_a_managers_flag() -> None:
    assert models.Manager.use_in_migrations is False


def test_custom_methods_from_async_code(people: list[Person], run: Callable[..., Any]) -> None:
    async def work() -> None:
        assert await Person.both.authors().aget() == people[0]
        assert [p async for p in Person.authors.all()] == [people[0]]
        assert await Person.authors.acount() == 1

    run(work())


def test_a_related_manager_applies_filters_of_the_queryset(people: list[Person]) -> None:
    Book.everything.create(author=people[0], title="x", shown=False)
    assert Person.people.filter(books__title="x").exists() is True


def test_two_managers_of_one_class_are_two() -> None:
    """Equal ones as well: each has its name."""
    with isolate_apps():

        class Town(models.Model):
            towns = models.Manager()
            all_towns = models.Manager()

            class Meta:
                app_label = "atlas"

    assert list(Town._meta.managers_map) == ["towns", "all_towns"]


@pytest.mark.parametrize("asked", [Review.objects, Review.objects.all()])
def test_a_method_that_is_left_out_says_what_to_use(asked: Any) -> None:
    """And another name says no more than Python does."""
    with pytest.raises(AttributeError, match=r"no attribute 'extra'. Use RawSQL\(\), Func\(\)"):
        asked.extra(where=["1 = 1"])
    with pytest.raises(AttributeError, match="no attribute 'extras'$"):
        _ = asked.extras
    assert not hasattr(asked, "extra")
