"""Custom fields: a type of one's own, in a column of a known kind.

https://docs.djangoproject.com/en/stable/howto/custom-model-fields/
"""

import copy
from typing import Any, NamedTuple

import pytest

from raystack_orm import ValidationError, models
from raystack_orm.models import F
from raystack_orm.testing import assert_num_queries


class Point(NamedTuple):
    x: int
    y: int


def parse(text: str) -> Point:
    x, sep, y = text.partition(",")
    if not sep:
        raise ValidationError("Not a point.", code="point")
    return Point(int(x), int(y))


class PointField(models.Field):
    description = "A point on a grid of %(scale)s"

    def __init__(self, *args: Any, scale: int = 1, **kwargs: Any) -> None:
        self.scale = scale
        kwargs["max_length"] = 50
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        if self.scale != 1:
            kwargs["scale"] = self.scale
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "CharField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else parse(value)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, Point):
            return value
        return parse(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return f"{value[0]},{value[1]}" if isinstance(value, tuple) else value

    def value_to_string(self, obj: Any) -> str:
        return str(self.get_prep_value(self.value_from_object(obj)))


class UpperField(models.CharField):
    """Text that is stored in upper case: ``pre_save`` changes the instance too."""

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = getattr(model_instance, self.attname).upper()
        setattr(model_instance, self.attname, value)
        return value


class TypedField(models.Field):
    """A column of a type that no built-in field has."""

    def db_type(self, connection: Any) -> str:
        return "char(25)" if connection.vendor == "mysql" else "varchar(25)"


class CentsField(models.IntegerField):
    """Euros, stored as cents."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None or hasattr(value, "as_sql") else round(float(value) * 100)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else value / 100


class Shape(models.Model):
    center = PointField(scale=2)
    corner = PointField(null=True, blank=True)
    name = UpperField(max_length=10, default="x")
    code = TypedField(null=True, blank=True)
    price = CentsField(default=0)

    class Meta:
        app_label = "c1_custom_fields"


def test_values_are_converted_both_ways(db: str) -> None:
    Shape.objects.create(center=Point(1, 2))
    assert Shape.objects.get().center == Point(1, 2)
    assert isinstance(Shape.objects.get().center, Point)
    assert Shape.objects.get().corner is None


def test_values_and_values_list_convert_too(db: str) -> None:
    Shape.objects.create(center=Point(1, 2))
    assert Shape.objects.values("center").get() == {"center": Point(1, 2)}
    assert Shape.objects.values_list("center", flat=True).get() == Point(1, 2)


def test_lookups_prepare_their_value(db: str) -> None:
    made = Shape.objects.create(center=Point(1, 2))
    Shape.objects.create(center=Point(3, 4))
    assert Shape.objects.get(center=Point(1, 2)) == made
    assert Shape.objects.filter(center__in=[Point(1, 2), Point(5, 6)]).get() == made
    assert Shape.objects.exclude(center=Point(1, 2)).get().center == Point(3, 4)


def test_updates_prepare_their_value(db: str) -> None:
    Shape.objects.create(center=Point(1, 2))
    Shape.objects.update(center=Point(7, 8))
    assert Shape.objects.get().center == Point(7, 8)


def test_expressions_of_the_field_convert(db: str) -> None:
    Shape.objects.create(center=Point(1, 2))
    assert Shape.objects.annotate(again=F("center")).get().again == Point(1, 2)


def test_to_python_is_used_by_cleaning() -> None:
    shape = Shape(center="1,2")
    shape.clean_fields()
    assert shape.center == Point(1, 2)
    with pytest.raises(ValidationError) as caught:
        Shape(center="nothing").clean_fields()
    assert caught.value.error_dict["center"][0].code == "point"


def test_pre_save_changes_the_instance(db: str) -> None:
    shape = Shape.objects.create(center=Point(1, 2), name="abc")
    assert shape.name == "ABC"
    assert Shape.objects.get().name == "ABC"


def test_pre_save_is_called_for_the_fields_that_are_saved(db: str) -> None:
    shape = Shape.objects.create(center=Point(1, 2))
    shape.name = "lower"
    shape.save(update_fields=["center"])
    assert shape.name == "lower"


def test_pre_save_is_used_by_bulk_create(db: str) -> None:
    Shape.objects.bulk_create([Shape(center=Point(1, 2), name="abc")])
    assert Shape.objects.get().name == "ABC"


def test_a_field_may_name_its_columns_type(db: str) -> None:
    Shape.objects.create(center=Point(1, 2), code="x")
    assert Shape.objects.get(code="x").code == "x"


def test_conversions_apply_to_comparisons(db: str) -> None:
    Shape.objects.create(center=Point(1, 2), price=12.34)
    assert Shape.objects.get().price == 12.34
    assert Shape.objects.filter(price__gt=12, price__lt=13).count() == 1


def test_deconstruct_gives_what_makes_the_field_again() -> None:
    field = Shape._meta.get_field("center")
    name, path, args, kwargs = field.deconstruct()
    assert (name, list(args), kwargs) == ("center", [], {"scale": 2})
    assert path.rpartition(".")[2] == "PointField"
    again = PointField(*args, **kwargs)
    assert (again.scale, again.max_length) == (2, 50)


def test_clone_and_copies_are_unbound_and_bound() -> None:
    field = Shape._meta.get_field("center")
    clone = field.clone()
    assert (clone.scale, hasattr(clone, "model")) == (2, False)
    assert copy.copy(field).name == "center"
    assert copy.deepcopy(field).scale == 2


def test_description_is_a_template() -> None:
    field = Shape._meta.get_field("center")
    assert field.description % vars(field) == "A point on a grid of 2"


def test_value_from_object_and_to_string() -> None:
    shape = Shape(center=Point(1, 2))
    field = Shape._meta.get_field("center")
    assert field.value_from_object(shape) == Point(1, 2)
    assert field.value_to_string(shape) == "1,2"


def test_fields_compare_by_the_order_of_their_creation() -> None:
    one, two = models.IntegerField(), models.IntegerField()
    assert one < two
    assert one == one
    assert one != two


def test_a_custom_field_costs_no_further_query(db: str) -> None:
    Shape.objects.create(center=Point(1, 2))
    with assert_num_queries(1):
        assert [shape.center.x for shape in Shape.objects.all()] == [1]


def test_contribute_to_class_names_the_field() -> None:
    field = Shape._meta.get_field("corner")
    assert (field.name, field.attname, field.column) == ("corner", "corner", "corner")
    assert field.model is Shape
    assert field.get_attname_column() == ("corner", "corner")
