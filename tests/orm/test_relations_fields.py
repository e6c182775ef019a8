"""Declaring relations: their options, their other ends, what validation asks."""

import copy

import pytest
from press import Article, Author
from relations import City, Country, Group, Membership, Passport, Person

from raystack_orm import FieldError, ImproperlyConfigured, ValidationError, models
from raystack_orm.testing import isolate_apps


def test_the_other_end_describes_the_field() -> None:
    """Django's attributes of ManyToOneRel."""
    rel = Author._meta.get_field("articles")

    assert isinstance(rel, models.ManyToOneRel)
    assert rel is Article._meta.get_field("author").remote_field
    assert (rel.one_to_many, rel.many_to_one, rel.multiple) == (True, False, True)
    assert (rel.model, rel.related_model, rel.field.name) == (Author, Article, "author")
    assert (rel.name, rel.related_name, rel.get_accessor_name()) == ("articles",) * 3
    assert rel.on_delete is models.CASCADE
    assert (rel.auto_created, rel.concrete, rel.is_relation, rel.hidden) == (
        True,
        False,
        True,
        False,
    )
    assert rel.get_related_field() is Author._meta.pk
    assert Country._meta.get_field("cities").get_related_field().name == "code"


def test_the_other_ends_of_the_other_kinds() -> None:
    """One object at the end of a OneToOneField, a manager at that of a ManyToManyField."""
    one = Person._meta.get_field("passport")
    many = Person._meta.get_field("groups")

    assert (one.one_to_one, one.multiple, one.get_accessor_name()) == (True, False, "passport")
    assert (many.many_to_many, many.through) == (True, Membership)
    assert many.through_fields == ("group", "person")
    members = Group._meta.get_field("members")
    assert members.m2m_field_name() == "group"
    assert members.m2m_reverse_name() == "person_id"
    assert Passport._meta.get_field("owner").unique


def test_names_can_hold_the_class() -> None:
    """%(class)s and %(app_label)s let an abstract model's relations be told apart."""
    with isolate_apps():

        class Owned(models.Model):
            owner = models.ForeignKey(
                "Owner", models.CASCADE, "%(app_label)s_%(class)s_related", "%(class)ss"
            )

            class Meta:
                abstract = True
                app_label = "shop"

        class Owner(models.Model):
            class Meta:
                app_label = "shop"

        class Car(Owned):
            class Meta(Owned.Meta):
                abstract = False

        class Bike(Owned):
            class Meta(Owned.Meta):
                abstract = False

    assert hasattr(Owner, "shop_car_related")
    assert Owner._meta.get_field("bikes").related_model is Bike


def test_a_field_that_is_copied_relates_anew() -> None:
    """As an abstract model's is for each of its children."""
    field = City._meta.get_field("country")
    copied = copy.deepcopy(field)

    assert copied.remote_field is not field.remote_field
    assert copied.remote_field.field is copied
    assert copied.related_model is Country


def test_validation_asks_whether_the_object_exists(db: str) -> None:
    """The message says which value it does not find."""
    article = Article(title="One", author_id=77)

    with pytest.raises(ValidationError) as caught:
        article.full_clean()

    assert "author" in caught.value.message_dict
    assert "77" in caught.value.message_dict["author"][0]


@pytest.mark.parametrize("limit", [{"name": "Ann"}, models.Q(name="Ann"), lambda: {"name": "Ann"}])
def test_validation_accepts_what_it_is_limited_to(
    db: str, monkeypatch: pytest.MonkeyPatch, limit: object
) -> None:
    """limit_choices_to: a dictionary, a Q, or a callable that returns one."""
    ann, bob = (Author.objects.create(name=name) for name in ("Ann", "Bob"))
    field = Article._meta.get_field("author")
    monkeypatch.setattr(field.remote_field, "limit_choices_to", limit)

    field.validate(ann.pk, Article())
    with pytest.raises(ValidationError):
        field.validate(bob.pk, Article())


def test_wrong_declarations_say_so() -> None:
    """Where they stand, or where they are used first."""
    with pytest.raises(ValueError, match="leave db_table out"):
        models.ManyToManyField("Tag", through="Tagging", db_table="taggings")
    with pytest.raises(ImproperlyConfigured, match="needs null=True"):
        models.OneToOneField("Tag", models.DB_SET_NULL)
    with isolate_apps():

        class Town(models.Model):
            country = models.ForeignKey(Country, models.CASCADE, "+", to_field="kode")

            class Meta:
                app_label = "shop"

    with pytest.raises(FieldError, match='to_field="kode".*Did you mean "code"'):
        _ = Town._meta.get_field("country").target_field


def test_a_key_keeps_its_object_until_it_changes(db: str) -> None:
    """Null forgets it, too; an object that is saved in the meantime stays."""
    ann = Author.objects.create(name="Ann")
    article = Article(title="One", author=ann, editor=ann)

    article.editor_id = None
    assert article.editor is None
    new = Author(name="New")
    article.editor = new
    new.save()
    assert article.editor is new
    article.save()
    assert article.editor_id == new.pk
    assert article.editor is new


def test_a_relation_offers_its_objects(db: str) -> None:
    """get_choices() has keys and names, in the order and within the limit that are asked for."""
    france = Country.objects.create(code="fr", name="France")
    spain = Country.objects.create(code="es", name="Spain")
    paris = City.objects.create(name="Paris", country=france)
    field = City._meta.get_field("country")

    assert field.get_choices(include_blank=False, ordering=("-name",)) == [
        ("es", "Spain"), ("fr", "France")
    ]  # fmt: skip
    assert field.get_choices(limit_choices_to={"code": "fr"}) == [
        ("", "---------"), ("fr", "France")
    ]  # fmt: skip
    assert field.remote_field.get_choices(include_blank=False) == [(paris.pk, "Paris")]
    assert spain.cities.count() == 0


def test_a_key_refers_to_a_field_of_the_models_own_table() -> None:
    """One that the model inherits is in another table, so no constraint could be made of it."""
    with isolate_apps():

        class Parent(models.Model):
            key = models.IntegerField(unique=True)

            class Meta:
                app_label = "keys"

        class Child(Parent):
            class Meta:
                app_label = "keys"

        class Related(models.Model):
            child = models.ForeignKey(Child, models.CASCADE, to_field="key")

            class Meta:
                app_label = "keys"

        with pytest.raises(FieldError, match="'key' which is not local to model 'keys.Child'"):
            _ = Related._meta.get_field("child").target_field
