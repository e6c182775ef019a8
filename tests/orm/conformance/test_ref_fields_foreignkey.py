"""ForeignKey: its arguments, and access in both directions.

https://docs.djangoproject.com/en/stable/ref/models/fields/#foreignkey
"""

from typing import Any

import pytest

from raystack_orm import FieldError, IntegrityError, ValidationError, models, transaction
from raystack_orm.testing import assert_num_queries, isolate_apps


def of_staff() -> dict[str, Any]:
    return {"staff": True}


class Maker(models.Model):
    name = models.CharField(max_length=20)
    code = models.CharField(max_length=5, unique=True, null=True)
    staff = models.BooleanField(default=False)

    class Meta:
        app_label = "c1_fk"


class Car(models.Model):
    name = models.CharField(max_length=20, default="")
    maker = models.ForeignKey("Maker", on_delete=models.CASCADE)
    seller = models.ForeignKey("c1_fk.Maker", models.CASCADE, null=True, related_name="sold")
    tester = models.ForeignKey(
        Maker,
        models.CASCADE,
        null=True,
        related_name="tested",
        related_query_name="testing",
        limit_choices_to=of_staff,
    )
    hidden = models.ForeignKey(Maker, models.CASCADE, null=True, related_name="+")
    by_code = models.ForeignKey(
        Maker, models.CASCADE, null=True, to_field="code", related_name="coded"
    )
    loose = models.ForeignKey(
        Maker, models.DO_NOTHING, null=True, db_constraint=False, related_name="loose"
    )
    odd = models.ForeignKey(
        Maker, models.CASCADE, null=True, db_column="odd one", related_name="odds"
    )

    class Meta:
        app_label = "c1_fk"


class Node(models.Model):
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")

    class Meta:
        app_label = "c1_fk"


class Base(models.Model):
    maker = models.ForeignKey(
        Maker, models.CASCADE, related_name="%(class)s_of", related_query_name="%(class)s_q"
    )

    class Meta:
        app_label = "c1_fk"
        abstract = True


class Truck(Base):
    class Meta:
        app_label = "c1_fk"


@pytest.fixture
def maker(db: str) -> Maker:
    return Maker.objects.create(name="ann", code="A1")


def test_on_delete_is_required() -> None:
    with pytest.raises(TypeError):
        models.ForeignKey(Maker)


def test_the_column_is_the_name_and_id() -> None:
    field = Car._meta.get_field("maker")
    assert (field.attname, field.column) == ("maker_id", "maker_id")
    assert Car._meta.get_field("odd").column == "odd one"
    assert Car._meta.get_field("odd").attname == "odd_id"


def test_a_foreign_key_is_indexed() -> None:
    assert Car._meta.get_field("maker").db_index is True


def test_the_object_is_loaded_once(maker: Maker) -> None:
    Car.objects.create(maker=maker)
    car = Car.objects.get()
    with assert_num_queries(1):
        assert car.maker == maker
        assert car.maker is car.maker


def test_the_id_costs_no_query(maker: Maker) -> None:
    Car.objects.create(maker=maker)
    car = Car.objects.get()
    with assert_num_queries(0):
        assert car.maker_id == maker.pk


def test_null_is_none_without_a_query(maker: Maker) -> None:
    Car.objects.create(maker=maker)
    car = Car.objects.get()
    with assert_num_queries(0):
        assert car.seller is None


def test_a_key_that_is_missing_raises(db: str) -> None:
    with pytest.raises(Maker.DoesNotExist):
        Car().maker  # noqa: B018 - reading it is what raises
    assert isinstance(Car.maker.RelatedObjectDoesNotExist("x"), Maker.DoesNotExist)
    assert issubclass(Car.maker.RelatedObjectDoesNotExist, AttributeError)


def test_assigning_sets_the_id(maker: Maker) -> None:
    car = Car()
    car.maker = maker
    assert car.maker_id == maker.pk
    car.seller = None
    assert car.seller_id is None


def test_assigning_the_id_forgets_the_object(maker: Maker) -> None:
    other = Maker.objects.create(name="bob")
    car = Car.objects.create(maker=maker)
    car.maker_id = other.pk
    assert car.maker == other


@pytest.mark.parametrize("wrong", ["ann", 1, Node(), object()])
def test_assigning_anything_else_is_an_error(maker: Maker, wrong: Any) -> None:
    with pytest.raises(ValueError, match="maker"):
        Car().maker = wrong


def test_the_default_reverse_name_is_the_model_and_set(maker: Maker) -> None:
    car = Car.objects.create(maker=maker)
    assert list(maker.car_set.all()) == [car]
    assert Maker.objects.get(car=car) == maker
    assert Maker.objects.get(car__name="") == maker


def test_related_name_is_the_accessor_and_query_name(maker: Maker) -> None:
    car = Car.objects.create(maker=maker, seller=maker)
    assert maker.sold.get() == car
    assert Maker.objects.get(sold=car) == maker


def test_related_query_name_is_the_query_name_alone(maker: Maker) -> None:
    car = Car.objects.create(maker=maker, tester=maker)
    assert maker.tested.get() == car
    assert Maker.objects.get(testing=car) == maker
    with pytest.raises(FieldError):
        Maker.objects.filter(tested=car)


def test_a_plus_makes_no_reverse_name(maker: Maker) -> None:
    Car.objects.create(maker=maker, hidden=maker)
    assert not any("hidden" in name for name in dir(Maker))
    assert Car.objects.filter(hidden__name="ann").exists()


def test_related_names_of_abstract_models_hold_the_class(maker: Maker) -> None:
    truck = Truck.objects.create(maker=maker)
    assert maker.truck_of.get() == truck
    assert Maker.objects.get(truck_q=truck) == maker


def test_to_field_refers_to_another_unique_field(maker: Maker) -> None:
    car = Car.objects.create(maker=maker, by_code=maker)
    assert car.by_code_id == "A1"
    found = Car.objects.get(by_code="A1")
    assert found.by_code == maker
    assert maker.coded.get() == car
    assert Car.objects.get(by_code=maker) == car


def test_without_a_constraint_the_row_may_be_missing(maker: Maker) -> None:
    car = Car.objects.create(maker=maker, loose_id=999999)
    with pytest.raises(Maker.DoesNotExist):
        Car.objects.get(pk=car.pk).loose  # noqa: B018 - reading it is what raises


def test_the_database_keeps_the_constraint(committed_db: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Car.objects.create(maker_id=999999)


def test_limit_choices_to_is_validated(maker: Maker) -> None:
    with pytest.raises(ValidationError) as caught:
        Car(name="x", maker=maker, tester=maker).clean_fields(
            exclude={"seller", "hidden", "by_code", "loose", "odd"}
        )
    assert list(caught.value.message_dict) == ["tester"]
    maker.staff = True
    maker.save()
    Car(name="x", maker=maker, tester=maker).clean_fields(
        exclude={"seller", "hidden", "by_code", "loose", "odd"}
    )


def test_a_key_without_a_row_is_invalid(db: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Car(name="x", maker_id=999999).clean_fields()
    assert [error.code for error in caught.value.error_dict["maker"]] == ["invalid"]


def test_a_model_may_refer_to_itself(db: str) -> None:
    root = Node.objects.create()
    child = Node.objects.create(parent=root)
    assert root.children.get() == child
    assert Node.objects.get(children=child) == root
    assert Node._meta.get_field("parent").related_model is Node


def test_a_string_may_refer_to_a_model_that_comes_later() -> None:
    with isolate_apps():

        class Early(models.Model):
            later = models.ForeignKey("Later", models.CASCADE)

            class Meta:
                app_label = "c1_fk"

        class Later(models.Model):
            class Meta:
                app_label = "c1_fk"

        assert Early._meta.get_field("later").related_model is Later
