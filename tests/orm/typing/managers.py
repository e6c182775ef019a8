"""Checked by test_typing.py: managers, as a user's code sees them."""
# pyright: strict

from typing import Any, ClassVar, Self, TypeVar, assert_type

from raystack_orm import models

M = TypeVar("M", bound=models.Model)


class Plain(models.Model):
    """It has ``objects``, which nobody wrote."""


class PopularManager(models.Manager["Popular"]):
    def get_queryset(self) -> models.QuerySet["Popular"]:
        return super().get_queryset().filter(views__gt=100)

    def top(self, count: int) -> models.QuerySet["Popular"]:
        return self.order_by("-views")[:count]


class Popular(models.Model):
    views = models.IntegerField()

    objects = PopularManager()


class PersonQuerySet(models.QuerySet["Person"]):
    def authors(self) -> Self:
        return self.filter(role="A")


class PersonManager(models.Manager["Person", PersonQuerySet]):
    """A manager with methods of its own, whose QuerySets are of a class of its own."""

    def get_queryset(self) -> PersonQuerySet:
        return PersonQuerySet(self.model, using=self._db)

    def named(self, name: str) -> "Person":
        return self.get(name=name)


class Person(models.Model):
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=1)
    friends: models.RelatedManager["Person", PersonQuerySet]

    objects = PersonManager()
    people = models.Manager["Person"]()
    by_class = PersonQuerySet.as_manager()
    by_manager = models.Manager.from_queryset(PersonQuerySet)()
    annotated: ClassVar[PersonManager] = PersonManager()


class Undeclared(models.Model):
    """As Django's documentation writes it: it works, and says nothing of the type."""

    objects = models.Manager()
    people = models.Manager()


class AliveManager(models.Manager[M]):
    """A manager for any model."""

    def alive(self) -> models.QuerySet[M]:
        return self.filter(died=None)


class Base(models.Model):
    died = models.DateField(null=True)

    class Meta:
        abstract = True


class Bird(Base):
    objects = AliveManager["Bird"]()


def by_default() -> None:
    assert_type(Plain.objects, models.Manager[Plain])
    assert_type(Plain.objects.get(), Plain)
    assert_type(Plain.objects.get_queryset(), models.QuerySet[Plain])
    assert_type(Plain.objects.db_manager("default").create(), Plain)
    Plain.objects.popular()  # error: attr-defined reportAttributeAccessIssue


def with_methods() -> None:
    assert_type(Popular.objects, PopularManager)
    assert_type(Popular.objects.top(3), models.QuerySet[Popular])
    assert_type(Popular.objects.top(3)[0].views, int)
    assert_type(Popular.objects.create(views=3), Popular)
    Popular.objects.top("3")  # error: arg-type reportArgumentType
    Popular.objects.bottom(3)  # error: attr-defined reportAttributeAccessIssue


def with_querysets(person: Person) -> None:
    assert_type(Person.objects.all().authors().get(), Person)
    assert_type(Person.objects.filter(name="x").authors(), PersonQuerySet)
    assert_type(Person.objects.named("x"), Person)
    assert_type(Person.annotated.exclude(name="x").authors().first(), Person | None)
    assert_type(person.friends.order_by("name").authors(), PersonQuerySet)
    Person.people.all().authors()  # error: attr-defined reportAttributeAccessIssue


def made_of_querysets() -> None:
    """The manager is typed as the QuerySet whose methods it has."""
    assert_type(Person.by_class.authors().filter(name="x").get(), Person)
    assert_type(Person.by_class.create(name="x"), Person)
    assert_type(Person.by_manager.authors().filter(name="x").get(), Person)
    assert_type(Person.by_manager.filter(name="x").authors(), PersonQuerySet)
    Person.by_class.editors()  # error: attr-defined reportAttributeAccessIssue
    Person.by_manager.editors()  # error: attr-defined reportAttributeAccessIssue


def of_any_model() -> None:
    assert_type(Bird.objects.alive().get(), Bird)
    assert_type(Bird.objects.alive().get().died is None, bool)


def without_a_model() -> None:
    found: Any = Undeclared.objects.get()
    print(found, Undeclared.people.first())
