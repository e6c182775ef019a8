"""Abstract models lend their fields, options and managers to those that inherit from them."""

from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.testing import isolate_apps


def names(model: Any) -> list[str]:
    return [field.name for field in model._meta.fields]


def test_each_child_has_fields_of_its_own() -> None:
    """The fields come in the order in which they were written."""
    with isolate_apps():

        class Dated(models.Model):
            created = models.DateTimeField(auto_now_add=True)

            class Meta:
                abstract = True
                ordering = ("-created",)

        class Note(Dated):
            text = models.TextField()

        class Memo(Dated):
            text = models.TextField()

    assert names(Note) == ["id", "created", "text"]
    assert Note._meta.get_field("created") is not Memo._meta.get_field("created")
    assert Note._meta.get_field("created").model is Note
    assert Note._meta.parents == {}


def test_a_child_inherits_meta_but_for_being_abstract() -> None:
    """Meta is an ordinary class: extended by inheriting from the parent's, or from several."""
    with isolate_apps():

        class Base(models.Model):
            class Meta:
                abstract = True
                ordering = ("name",)
                verbose_name = "thing"

        class Other(models.Model):
            name = models.CharField(max_length=10)

            class Meta:
                abstract = True
                get_latest_by = "name"

        class Plain(Base, Other):
            pass

        class Extended(Base, Other):
            class Meta(Base.Meta, Other.Meta):
                db_table = "x"

        class Own(Base, Other):
            class Meta:
                pass

    assert (Plain._meta.abstract, Plain._meta.ordering) == (False, ("name",))
    assert Plain._meta.get_latest_by is None
    assert Extended._meta.ordering == ("name",)
    assert Extended._meta.get_latest_by == "name"
    assert Extended._meta.verbose_name == "thing"
    assert not Own._meta.ordering


def test_a_field_is_hidden_by_an_attribute_of_its_name() -> None:
    """A child replaces a field by another one, or removes it with None."""
    with isolate_apps():

        class Base(models.Model):
            name = models.CharField(max_length=10)
            size = models.IntegerField()
            place = models.CharField(max_length=10)

            class Meta:
                abstract = True

        class Child(Base):
            name = models.TextField()  # type: ignore[assignment]
            size = None  # type: ignore[assignment]

            @property
            def place(self) -> str:  # type: ignore[override]
                return "somewhere"

        class Grandchild(Child):
            pass

    assert names(Child) == ["id", "name"]
    assert Child._meta.get_field("name").get_internal_type() == "TextField"
    assert Child(name="x").place == "somewhere"
    assert Child(name="x").size is None
    assert names(Grandchild) == ["id", "name", "child_ptr"]


def test_a_mixin_before_the_model_hides_its_field() -> None:
    """The order of classes decides, as for every attribute."""

    class Mixin:
        age = 30

    with isolate_apps():

        class Person(models.Model):
            age = models.IntegerField(default=51)

            class Meta:
                abstract = True

        class First(Mixin, Person):
            pass

        class Second(Person, Mixin):
            pass

    assert names(First) == ["id"]
    assert First().age == 30
    assert names(Second) == ["id", "age"]
    assert Second().age == 51


def test_a_diamond_of_abstract_models_has_each_field_once() -> None:
    """The nearest class's field is taken."""
    with isolate_apps():

        class Top(models.Model):
            name = models.CharField(max_length=30)

            class Meta:
                abstract = True

        class Left(Top):
            class Meta:
                abstract = True

        class Right(Top):
            name = models.CharField(max_length=100)

            class Meta:
                abstract = True

        class Bottom(Left, Right):
            pass

    assert names(Bottom) == ["id", "name"]
    assert Bottom._meta.get_field("name").max_length == 30


def test_names_of_relations_back_are_filled_in() -> None:
    """%(class)s and %(app_label)s tell the children's relations apart."""
    with isolate_apps():

        class Other(models.Model):
            class Meta:
                app_label = "rare"

        class Base(models.Model):
            other = models.ForeignKey(
                Other,
                models.CASCADE,
                related_name="%(app_label)s_%(class)s_related",
                related_query_name="%(app_label)s_%(class)ss",
            )

            class Meta:
                abstract = True

        class ChildA(Base):
            class Meta:
                app_label = "common"

        class ChildB(Base):
            class Meta:
                app_label = "rare"

    assert hasattr(Other, "common_childa_related")
    assert hasattr(Other, "rare_childb_related")
    assert {"common_childas", "rare_childbs"} <= set(Other._meta.names)
    assert ChildA._meta.get_field("other").remote_field.related_name == "common_childa_related"
    assert ChildB._meta.get_field("other").remote_field.related_name == "rare_childb_related"


def test_constraints_and_indexes_get_the_names_of_the_child() -> None:
    """So that two tables do not have constraints of one name."""
    with isolate_apps():

        class Base(models.Model):
            name = models.CharField(max_length=30)

            class Meta:
                abstract = True
                app_label = "names"
                constraints = (
                    models.UniqueConstraint(fields=["name"], name="%(app_label)s_%(class)s_u"),
                )
                indexes = (models.Index(fields=["name"]),)

        class One(Base):
            pass

        class Two(Base):
            pass

    assert One._meta.constraints[0].name == "names_one_u"
    assert Two._meta.constraints[0].name == "names_two_u"
    assert One._meta.indexes[0].name != Two._meta.indexes[0].name


def test_managers_are_inherited_the_nearest_class_first() -> None:
    """The default manager is the first of the class, or else of its first parent."""
    with isolate_apps():

        class First(models.Manager[Any]):
            pass

        class Second(models.Manager[Any]):
            pass

        class Base(models.Model):
            first = First()

            class Meta:
                abstract = True

        class Plain(Base):
            pass

        class Own(Base):
            second = Second()

        class Named(Base):
            second = Second()

            class Meta:
                default_manager_name = "first"

    assert isinstance(Plain._default_manager, First)
    assert Plain.first.model is Plain
    assert isinstance(Own._default_manager, Second)
    assert [manager.name for manager in Own._meta.managers] == ["second", "first"]
    assert isinstance(Named._default_manager, First)
    assert not hasattr(Plain, "objects")
    with pytest.raises(AttributeError, match="Base is abstract"):
        _ = Base.first


def test_an_abstract_model_has_no_instances() -> None:
    """There is no table that they could be rows of."""
    with isolate_apps():

        class Base(models.Model):
            class Meta:
                abstract = True

    with pytest.raises(TypeError, match="Abstract models cannot be instantiated"):
        Base()


def test_a_field_and_its_key_must_not_share_a_name() -> None:
    """Author and author_id would store over each other."""
    with isolate_apps(), pytest.raises(FieldError, match="two fields for the attribute"):

        class Wrong(models.Model):
            author = models.ForeignKey("self", models.CASCADE)
            author_id = models.IntegerField()
