"""Proxy models, and mixins that are no models.

https://docs.djangoproject.com/en/stable/topics/db/models/#proxy-models
"""

import pytest

from raystack_orm import models
from raystack_orm.testing import isolate_apps


class SecondManager(models.Manager):
    def lees(self) -> "models.QuerySet":
        return self.filter(last_name="Lee")


class Loud:
    def shout(self) -> str:
        return self.first_name.upper()


class Person(models.Model):
    first_name = models.CharField(max_length=30)
    last_name = models.CharField(max_length=30, default="")

    class Meta:
        app_label = "c1_proxies"


class MyPerson(Loud, Person):
    class Meta:
        app_label = "c1_proxies"
        proxy = True
        ordering = ("last_name",)
        verbose_name = "my person"

    def full(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Managed(Person):
    objects = SecondManager()

    class Meta:
        app_label = "c1_proxies"
        proxy = True


class ProxyOfProxy(MyPerson):
    class Meta:
        app_label = "c1_proxies"
        proxy = True


class Extra(models.Model):
    secondary = SecondManager()

    class Meta:
        app_label = "c1_proxies"
        abstract = True


class WithExtra(Person, Extra):
    class Meta:
        app_label = "c1_proxies"
        proxy = True


class Letter(models.Model):
    to = models.ForeignKey(MyPerson, models.CASCADE, related_name="letters")

    class Meta:
        app_label = "c1_proxies"


def test_a_proxy_works_on_the_same_rows(db: str) -> None:
    person = Person.objects.create(first_name="foobar")
    assert MyPerson.objects.get(first_name="foobar").pk == person.pk
    MyPerson.objects.create(first_name="new")
    assert Person.objects.count() == 2


def test_a_proxy_has_no_table_of_its_own() -> None:
    assert MyPerson._meta.db_table == Person._meta.db_table
    assert MyPerson._meta.concrete_model is Person
    assert ProxyOfProxy._meta.concrete_model is Person
    assert MyPerson._meta.local_fields == []


def test_a_proxy_adds_methods_and_ordering(db: str) -> None:
    Person.objects.create(first_name="b", last_name="2")
    Person.objects.create(first_name="a", last_name="1")
    assert [person.full() for person in MyPerson.objects.all()] == ["a 1", "b 2"]
    assert MyPerson.objects.first().shout() == "A"
    assert tuple(Person._meta.ordering) == ()


def test_querysets_return_the_model_they_were_asked_for(db: str) -> None:
    Person.objects.create(first_name="a")
    assert type(Person.objects.get()) is Person
    assert type(MyPerson.objects.get()) is MyPerson


def test_a_proxy_has_exceptions_of_its_own(db: str) -> None:
    with pytest.raises(MyPerson.DoesNotExist):
        MyPerson.objects.get()
    assert issubclass(MyPerson.DoesNotExist, Person.DoesNotExist)


def test_managers_of_a_proxy(db: str) -> None:
    Person.objects.create(first_name="a", last_name="Lee")
    assert Managed.objects.lees().count() == 1
    assert WithExtra.secondary.lees().count() == 1
    assert WithExtra._default_manager.name == "objects"
    assert not hasattr(Person.objects, "lees")


def test_a_relation_to_a_proxy_is_seen_from_the_concrete_model(db: str) -> None:
    person = MyPerson.objects.create(first_name="a")
    letter = Letter.objects.create(to=person)
    assert type(Letter.objects.get().to) is MyPerson
    assert Person.objects.get().letters.get() == letter
    assert Person.objects.get(letters=letter) == person


def test_deleting_a_proxy_deletes_the_row(db: str) -> None:
    person = MyPerson.objects.create(first_name="a")
    Letter.objects.create(to=person)
    assert person.delete()[0] == 2
    assert Person.objects.count() == 0


def test_a_proxy_wants_one_concrete_parent() -> None:
    with isolate_apps():
        for parents in ((Person, Letter), (Extra,)):
            with pytest.raises(TypeError):
                type(models.Model)(
                    "Wrong",
                    parents,
                    {
                        "__module__": __name__,
                        "Meta": type("Meta", (), {"proxy": True, "app_label": "c1_proxies"}),
                    },
                )
