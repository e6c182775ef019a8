"""What fields say of themselves, and references to models by name.

https://docs.djangoproject.com/en/stable/ref/models/fields/#field-attribute-reference
"""

from typing import Any

import pytest

from raystack_orm import FieldDoesNotExist, models
from raystack_orm.models.lookups import Exact, Lookup
from raystack_orm.testing import isolate_apps


class Base(models.Model):
    name = models.CharField(max_length=10)

    class Meta:
        app_label = "c1_attributes"


class Child(Base):
    number = models.IntegerField(default=0)
    other = models.ForeignKey("self", models.CASCADE, null=True, related_name="others")
    hidden = models.ForeignKey("self", models.CASCADE, null=True, related_name="+")
    single = models.OneToOneField(Base, models.CASCADE, null=True, related_name="one")
    many = models.ManyToManyField(Base, related_name="children")

    class Meta:
        app_label = "c1_attributes"


def field(name: str, model: Any = Child) -> Any:
    return model._meta.get_field(name)


CARDINALITY = ("many_to_many", "many_to_one", "one_to_many", "one_to_one")


@pytest.mark.parametrize(
    ("name", "model", "expected"),
    [
        ("number", Child, (None, None, None, None)),
        ("other", Child, (False, True, False, False)),
        ("single", Child, (False, False, False, True)),
        ("many", Child, (True, False, False, False)),
        ("others", Child, (False, False, True, False)),
        ("one", Base, (False, False, False, True)),
        ("children", Base, (True, False, False, False)),
    ],
)
def test_cardinality(name: str, model: Any, expected: Any) -> None:
    found = field(name, model)
    assert tuple(getattr(found, attribute) for attribute in CARDINALITY) == expected
    assert found.is_relation is (expected[0] is not None)


@pytest.mark.parametrize(
    ("name", "concrete", "auto_created", "hidden"),
    [
        ("number", True, False, False),
        ("other", True, False, False),
        ("many", False, False, False),
        ("others", False, True, False),
        ("base_ptr", True, True, False),
    ],
)
def test_flags(name: str, concrete: bool, auto_created: bool, hidden: bool) -> None:
    found = field(name)
    assert (found.concrete, found.auto_created, found.hidden) == (concrete, auto_created, hidden)


def test_the_reverse_of_a_plus_is_hidden() -> None:
    assert field("hidden").remote_field.hidden is True
    assert field("other").remote_field.hidden is False


def test_model_is_where_the_field_was_defined() -> None:
    assert field("name").model is Base
    assert field("number").model is Child


def test_related_model() -> None:
    assert field("other").related_model is Child
    assert field("single").related_model is Base
    assert field("others").related_model is Child
    assert field("children", Base).related_model is Child
    assert field("number").related_model is None


def test_remote_fields_point_at_each_other() -> None:
    relation = field("others")
    assert relation.field is field("other")
    assert field("other").remote_field is relation
    assert relation.get_accessor_name() == "others"


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (models.CharField(max_length=5), "CharField"),
        (models.BigAutoField(primary_key=True), "BigAutoField"),
        (models.JSONField(), "JSONField"),
        (models.ForeignKey("x.Y", models.CASCADE), "ForeignKey"),
    ],
)
def test_get_internal_type(made: Any, name: str) -> None:
    assert made.get_internal_type() == name


@pytest.mark.parametrize(
    ("made", "args"),
    [
        (models.CharField(max_length=5), {"max_length": 5}),
        (models.IntegerField(null=True, default=3), {"null": True, "default": 3}),
        (models.DateField(auto_now=True), {"auto_now": True}),
        (
            models.DecimalField(max_digits=5, decimal_places=2),
            {"max_digits": 5, "decimal_places": 2},
        ),
        (models.TextField("a name", blank=True), {"blank": True, "verbose_name": "a name"}),
        (models.SlugField(), {}),
        (models.BooleanField(db_index=True), {"db_index": True}),
    ],
)
def test_deconstruct_has_what_is_not_the_default(made: Any, args: dict[str, Any]) -> None:
    name, path, positional, keywords = made.deconstruct()
    assert (name, list(positional), keywords) == (None, [], args)
    assert path.endswith(type(made).__name__)
    assert type(made)(*positional, **keywords).deconstruct() == made.deconstruct()


def test_deconstruct_of_a_relation() -> None:
    _, _, _, keywords = field("other").deconstruct()
    assert keywords["on_delete"] is models.CASCADE
    assert keywords["to"].lower() == "c1_attributes.child"
    assert keywords["related_name"] == "others"


def test_lookups_are_found_on_the_field() -> None:
    assert field("name").get_lookup("exact") is Exact
    assert field("name").get_lookup("nonsense") is None
    assert "icontains" in models.CharField.get_lookups()
    assert issubclass(field("number").get_lookup("gt"), Lookup)
    assert field("name").get_transform("nonsense") is None


def test_str_names_model_and_field() -> None:
    assert str(field("number")) == "c1_attributes.Child.number"
    assert repr(models.IntegerField()).startswith("<")
    assert "number" in repr(field("number"))


def test_references_by_name() -> None:
    with isolate_apps():

        class Car(models.Model):
            own = models.ForeignKey("self", models.CASCADE)
            near = models.ForeignKey("Maker", models.CASCADE, related_name="+")
            far = models.ForeignKey("c1_elsewhere.FarMaker", models.CASCADE, related_name="+")

            class Meta:
                app_label = "c1_attributes"

        class Maker(models.Model):
            class Meta:
                app_label = "c1_attributes"

        class FarMaker(models.Model):
            class Meta:
                app_label = "c1_elsewhere"

        assert field("own", Car).related_model is Car
        assert field("near", Car).related_model is Maker
        assert field("far", Car).related_model is FarMaker


def test_relative_references_of_abstract_models_follow_the_child() -> None:
    with isolate_apps():

        class AbstractCar(models.Model):
            maker = models.ForeignKey("Maker", models.CASCADE)

            class Meta:
                app_label = "c1_attributes"
                abstract = True

        class Maker(models.Model):
            class Meta:
                app_label = "c1_production"

        class Car(AbstractCar):
            class Meta:
                app_label = "c1_production"

        assert field("maker", Car).related_model is Maker


def test_a_missing_field_is_named() -> None:
    with pytest.raises(FieldDoesNotExist, match="numbr"):
        field("numbr")


def test_a_descriptor_of_ones_own() -> None:
    class Shout:
        def __init__(self, owner: Any) -> None:
            self.name = owner.attname

        def __get__(self, instance: Any, owner: Any = None) -> Any:
            return self if instance is None else str(instance.__dict__[self.name]).upper()

        def __set__(self, instance: Any, value: Any) -> None:
            instance.__dict__[self.name] = value

    class ShoutField(models.CharField):
        descriptor_class = Shout

    with isolate_apps():

        class Loud(models.Model):
            word = ShoutField(max_length=10)

            class Meta:
                app_label = "c1_attributes"

    assert Loud(word="hey").word == "HEY"
