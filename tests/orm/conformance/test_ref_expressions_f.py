"""F(), Value(), ExpressionWrapper() and arithmetic.

https://docs.djangoproject.com/en/stable/ref/models/expressions/#f-expressions
"""

import datetime as dt
import pickle
from decimal import Decimal
from typing import Any

import pytest

from raystack_orm import FieldError, NotSupportedError, models
from raystack_orm.models import Case, ExpressionWrapper, F, Func, Q, Value, When
from raystack_orm.models.functions import Coalesce, Length, Upper
from raystack_orm.testing import assert_num_queries


class Maker(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_f"


class Car(models.Model):
    name = models.CharField(max_length=20)
    seats = models.IntegerField(default=4)
    doors = models.IntegerField(default=2)
    price = models.DecimalField(max_digits=10, decimal_places=2, default=Decimal("10.50"))
    speed = models.FloatField(default=1.5)
    built = models.DateField(default=dt.date(2020, 1, 31))
    sold = models.DateTimeField(default=dt.datetime(2021, 1, 1, 12, tzinfo=dt.UTC))
    warranty = models.DurationField(default=dt.timedelta(days=30))
    electric = models.BooleanField(default=False)
    maker = models.ForeignKey(Maker, models.CASCADE, null=True)
    data = models.JSONField(default=dict)

    class Meta:
        app_label = "conf_f"


@pytest.fixture(autouse=True)
def car(db: str) -> None:
    """One car of one maker."""
    Car.objects.create(name="Priyansh", maker=Maker.objects.create(name="volt"))


def value(expression: Any) -> Any:
    return Car.objects.annotate(value=expression).get().value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (F("seats") + 1, 5),
        (F("seats") - F("doors"), 2),
        (F("seats") * 3, 12),
        (F("seats") / 2, 2),
        (F("seats") % 3, 1),
        (F("seats") ** 2, 16),
        (1 + F("seats"), 5),
        (10 - F("seats"), 6),
        (3 * F("seats"), 12),
        (8 / F("seats"), 2),
        (9 % F("seats"), 1),
        (2 ** F("seats"), 16),
        (-F("seats"), -4),
        (F("seats").bitand(6), 4),
        (F("seats").bitor(1), 5),
        (F("seats").bitxor(5), 1),
        (F("seats").bitleftshift(2), 16),
        (F("seats").bitrightshift(1), 2),
        ((F("seats") + F("doors")) * 2 - 1, 11),
        (F("seats") + F("doors") * 2, 8),
        ((F("seats") + 2) * (F("doors") - 1), 6),
        (F("price") + 1, Decimal("11.50")),
        (F("price") * F("seats"), Decimal("42.00")),
        (F("price") - Decimal("0.25"), Decimal("10.25")),
        (F("speed") * 2, 3.0),
        (F("speed") + F("seats"), 5.5),
        (F("maker__name"), "volt"),
        (F("electric"), False),
        (~F("electric"), True),
        (F("name")[1:5], "riya"),
        (F("name")[:3], "Pri"),
        (F("name")[4:], "ansh"),
        (F("name")[0], "P"),
        (F("name")[2], "i"),
        (F("built__year"), 2020),
        (F("sold__hour"), 12),
        (Value(5), 5),
        (Value("text"), "text"),
        (Value(2.5), 2.5),
        (Value(True), True),
        (Value(None, output_field=models.IntegerField()), None),
        (Value(Decimal("1.5")), Decimal("1.5")),
        (Value(3) + Value(4), 7),
        (Value("it's %s"), "it's %s"),
    ],
)
def test_expressions_are_computed_in_the_database(expression: Any, expected: Any) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "field", "expected"),
    [
        (F("sold") + F("warranty"), models.DateTimeField(), (2021, 1, 31, 12)),
        (F("sold") - F("warranty"), models.DateTimeField(), (2020, 12, 2, 12)),
        (F("sold") + dt.timedelta(hours=2), models.DateTimeField(), (2021, 1, 1, 14)),
        (F("sold") - dt.timedelta(days=1), models.DateTimeField(), (2020, 12, 31, 12)),
    ],
)
def test_datetimes_and_durations(expression: Any, field: Any, expected: Any) -> None:
    moment = dt.datetime(*expected, tzinfo=dt.UTC)
    assert value(ExpressionWrapper(expression, output_field=field)) == moment


def test_subtracting_moments_gives_a_duration() -> None:
    later = Value(dt.datetime(2021, 1, 2, tzinfo=dt.UTC), output_field=models.DateTimeField())
    gap = ExpressionWrapper(later - F("sold"), output_field=models.DurationField())
    assert value(gap) == dt.timedelta(hours=12)
    assert value(F("warranty") + F("warranty")) == dt.timedelta(days=60)


def test_filters_compare_columns_with_each_other() -> None:
    for condition in (
        Q(seats__gt=F("doors")),
        Q(seats=F("doors") * 2),
        Q(seats__gte=F("doors") + F("doors")),
        Q(seats__in=[F("doors"), F("doors") + 2]),
        Q(seats__range=(F("doors"), F("doors") * 2)),
        Q(name__startswith=F("name")),
        Q(sold__gt=F("built")),
        Q(maker__name__lt=F("name"), pk__lt=0) | Q(seats=F("seats")),
        Q(sold__lt=F("sold") + F("warranty")),
        Q(sold__gte=F("sold") - dt.timedelta(days=3)),
        Q(maker=F("maker")),
        Q(maker__pk=F("maker_id")),
    ):
        assert Car.objects.filter(condition).count() == 1, condition
    assert Car.objects.filter(seats__lt=F("doors")).count() == 0


def test_update_with_f() -> None:
    assert Car.objects.update(seats=F("seats") + 1, electric=~F("electric")) == 1
    assert Car.objects.update(name=F("name")[1:5]) == 1
    car = Car.objects.get()
    assert (car.seats, car.electric, car.name) == (5, True, "riya")


def test_saving_f_reads_the_new_value_back(db: str) -> None:
    """In the same query where the database returns it, at the next access otherwise."""
    car = Car.objects.get()
    car.seats = F("seats") + 1
    with assert_num_queries(1):
        car.save()
    with assert_num_queries(1 if db == "mysql" else 0):
        assert car.seats == 5
    car.save()
    assert Car.objects.get().seats == 5


def test_creating_with_expressions() -> None:
    car = Car.objects.create(name=Upper(Value("goog")), seats=Value(2) + 1)
    assert car.name == "GOOG"
    assert (car.seats, Car.objects.get(pk=car.pk).seats) == (3, 3)


def test_f_cannot_be_used_when_creating() -> None:
    """There is no row to refer to."""
    with pytest.raises(ValueError):
        Car.objects.create(name="x", seats=F("doors"))


def test_f_of_a_relation_is_its_key() -> None:
    assert value(F("maker")) == Car.objects.get().maker_id
    assert value(F("maker__pk")) == Car.objects.get().maker_id


def test_f_of_a_json_key() -> None:
    Car.objects.update(data={"a": {"b": [10, 20]}, "name": "x"})
    assert value(F("data__a__b__1")) == 20
    assert value(F("data__name")) == "x"


def test_f_refers_to_annotations() -> None:
    assert Car.objects.annotate(a=F("seats") + 1).annotate(b=F("a") * 2).get().b == 10
    assert Car.objects.annotate(a=Length("name")).filter(a=F("seats") * 2).count() == 1


def test_unknown_names_are_field_errors() -> None:
    for expression in (F("nope"), F("maker__nope"), F("seats") + F("nope")):
        with pytest.raises(FieldError):
            Car.objects.annotate(value=expression)
        with pytest.raises(FieldError):
            Car.objects.filter(seats=expression)


@pytest.mark.parametrize(
    "expression",
    [F("seats") + F("name"), F("built") + F("seats"), F("warranty") * F("price")],
)
def test_types_that_do_not_go_together_need_an_output_field(expression: Any) -> None:
    with pytest.raises(FieldError):
        value(expression)


def test_expression_wrapper_names_the_type() -> None:
    wrapped = ExpressionWrapper(F("seats") * F("speed"), output_field=models.FloatField())
    assert value(wrapped) == 6.0
    condition = ExpressionWrapper(Q(seats__gt=3), output_field=models.BooleanField())
    assert value(condition) is True
    assert Car.objects.filter(condition).exists()


@pytest.mark.parametrize("cut", [slice(-1, None), slice(0, -1), slice(0, 4, 2), -1])
def test_slices_of_f_know_neither_steps_nor_negative_indexes(cut: Any) -> None:
    with pytest.raises(ValueError):
        F("name")[cut]


def test_slices_of_numbers_are_refused() -> None:
    with pytest.raises(NotSupportedError):
        value(F("seats")[0:1])


def test_nothing_is_in_f() -> None:
    with pytest.raises(TypeError):
        _ = "x" in F("name")


def test_expressions_are_compared_hashed_and_pickled_by_content() -> None:
    assert F("seats") == F("seats")
    assert F("seats") != F("doors")
    assert F("seats") + 1 == F("seats") + 1
    assert Value(1) != Value("1")
    assert Value(1) == Value(1)
    assert hash(F("seats")) == hash(F("seats"))
    assert Func(F("a"), function="X") == Func(F("a"), function="X")
    assert pickle.loads(pickle.dumps(F("seats") + 1)) == F("seats") + 1


def test_one_expression_object_serves_many_queries() -> None:
    doubled = F("seats") * 2
    assert value(doubled) == 8
    assert Car.objects.filter(seats__lt=doubled).count() == 1
    assert Car.objects.order_by(doubled).count() == 1
    assert value(doubled) == 8


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ("x", models.CharField),
        (True, models.BooleanField),
        (1, models.IntegerField),
        (1.5, models.FloatField),
        (dt.datetime(2020, 1, 1, tzinfo=dt.UTC), models.DateTimeField),
        (dt.date(2020, 1, 1), models.DateField),
        (dt.time(1), models.TimeField),
        (dt.timedelta(1), models.DurationField),
        (Decimal(1), models.DecimalField),
        (b"x", models.BinaryField),
    ],
)
def test_value_knows_the_field_of_common_types(given: Any, field: Any) -> None:
    assert type(Value(given).output_field) is field


def test_booleans_combine_conditions_only() -> None:
    for expression in (lambda: F("seats") & F("doors"), lambda: Value(1) | Value(2)):
        with pytest.raises(NotImplementedError):
            expression()


def test_a_date_and_a_duration_are_a_moment() -> None:
    """Aware, as all are with USE_TZ, also if it is midnight."""
    midnight = dt.datetime(2020, 2, 1, tzinfo=dt.UTC)
    moved = F("built") + dt.timedelta(days=1)

    assert value(moved) == value(dt.timedelta(days=1) + F("built")) == midnight
    assert value(moved + dt.timedelta(hours=1)) == midnight + dt.timedelta(hours=1)
    assert Car.objects.aggregate(last=models.Max(moved)) == {"last": midnight}
    assert value(Case(When(seats=4, then=moved))) == midnight


@pytest.mark.parametrize(
    "given",
    [
        dt.datetime(2020, 1, 1, 3, 4, 5, 6, tzinfo=dt.UTC),
        dt.date(2020, 1, 1),
        dt.time(1, 2, 3, 4),
        dt.timedelta(hours=1),
    ],
)
def test_values_of_time_come_back_as_what_they_were(given: Any) -> None:
    """By themselves, and among columns of their type."""
    column = {dt.datetime: "sold", dt.date: "built", dt.timedelta: "warranty"}.get(type(given))

    assert value(Value(given)) == given
    if column is not None:
        assert value(Case(When(seats=4, then=Value(given)), default=F(column))) == given
        assert value(Coalesce(Value(given), column)) == given
        same = Car.objects.annotate(value=Value(given)).filter(value=given)
        assert same.update(**{column: Value(given)}) == 1
        assert getattr(Car.objects.get(), column) == given
