"""Math functions.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#math-functions
"""

import math
from decimal import Decimal
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import Avg, F, Value
from raystack_orm.models.functions import (
    Abs,
    ACos,
    ASin,
    ATan,
    ATan2,
    Ceil,
    Cos,
    Cot,
    Degrees,
    Exp,
    Floor,
    Ln,
    Log,
    Mod,
    Pi,
    Power,
    Radians,
    Random,
    Round,
    Sign,
    Sin,
    Sqrt,
    Tan,
)


class Vector(models.Model):
    x = models.FloatField()
    y = models.FloatField()
    whole = models.IntegerField(default=-7)
    money = models.DecimalField(max_digits=8, decimal_places=3, default=Decimal("12.345"))
    nothing = models.FloatField(null=True)

    class Meta:
        app_label = "conf_math"


@pytest.fixture(autouse=True)
def vector(db: str) -> None:
    """One vector."""
    Vector.objects.create(x=-0.5, y=2.25)


def value(expression: Any) -> Any:
    return Vector.objects.annotate(value=expression).get().value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Abs("x"), 0.5),
        (Abs("whole"), 7),
        (ACos("x"), math.acos(-0.5)),
        (ASin("x"), math.asin(-0.5)),
        (ATan("x"), math.atan(-0.5)),
        (ATan2("x", "y"), math.atan2(-0.5, 2.25)),
        (Ceil("y"), 3),
        (Ceil("x"), 0),
        (Cos("x"), math.cos(-0.5)),
        (Cot("y"), 1 / math.tan(2.25)),
        (Degrees("y"), math.degrees(2.25)),
        (Exp("y"), math.exp(2.25)),
        (Floor("y"), 2),
        (Floor("x"), -1),
        (Ln("y"), math.log(2.25)),
        (Log(Value(2.0), "y"), math.log2(2.25)),
        (Log(Value(10), Value(1000)), 3),
        (Mod("y", Value(2.0)), 0.25),
        (Mod(Value(5.4), Value(2.3)), 0.8),
        (Pi(), math.pi),
        (Power("y", Value(2)), 5.0625),
        (Power(Value(2), Value(10)), 1024),
        (Radians("y"), math.radians(2.25)),
        (Round("y"), 2),
        (Sign("x"), -1),
        (Sign("y"), 1),
        (Sign(Value(0)), 0),
        (Sin("x"), math.sin(-0.5)),
        (Sqrt("y"), 1.5),
        (Tan("x"), math.tan(-0.5)),
        (Sqrt(Power("x", 2) + Power("y", 2)), math.hypot(-0.5, 2.25)),
        (Abs(F("x") * 2) + 1, 2.0),
        (Pi() * F("y"), math.pi * 2.25),
        (Degrees(Radians("y")), 2.25),
    ],
)
def test_math_functions(expression: Any, expected: float) -> None:
    assert float(value(expression)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("number", "precision", "expected"),
    [
        ("2.345", 1, "2.3"),
        ("2.367", 1, "2.4"),
        ("-2.367", 1, "-2.4"),
        ("127.3", -1, "130"),
        ("122.3", -1, "120"),
        ("7.4", 0, "7"),
        ("7.6", 0, "8"),
    ],
)
def test_round_to_a_precision(db: str, number: str, precision: int, expected: str) -> None:
    if db == "sqlite" and precision < 0:
        with pytest.raises(ValueError):
            value(Round(Value(Decimal(number)), precision=precision))
        return
    Vector.objects.update(money=Decimal(number))
    found = value(Round("money", precision=precision))
    assert float(found) == float(expected)


@pytest.mark.parametrize(
    "function",
    [Abs, ACos, ASin, ATan, Ceil, Cos, Degrees, Exp, Floor, Ln, Radians, Sign, Sin, Sqrt, Tan],
)
def test_the_result_for_null_is_null(function: Any) -> None:
    assert value(function("nothing")) is None


@pytest.mark.parametrize("function", [ATan2, Log, Mod, Power])
def test_functions_of_two_arguments(function: Any) -> None:
    assert value(function("nothing", "y")) is None
    assert value(function("y", "nothing")) is None
    with pytest.raises(TypeError):
        function("x")
    with pytest.raises(TypeError):
        function("x", "y", "x")


def test_abs_keeps_the_type() -> None:
    assert value(Abs("whole")) == 7
    assert isinstance(value(Abs("whole")), int)
    assert isinstance(value(Abs("money")), Decimal)
    assert isinstance(value(Abs("x")), float)


def test_random_lies_between_zero_and_one() -> None:
    assert 0.0 <= value(Random()) < 1.0
    assert Vector.objects.order_by(Random()).count() == 1


def test_pi_and_random_take_no_arguments() -> None:
    for function in (Pi, Random):
        with pytest.raises(TypeError):
            function("x")


@pytest.mark.parametrize(
    ("function", "lookup", "field", "given"),
    [
        (Abs, "abs", "x", 0.5),
        (Ceil, "ceil", "y", 3),
        (Floor, "floor", "y", 2),
        (Sign, "sign", "x", -1),
        (Sqrt, "sqrt", "y", 1.5),
        (Round, "round", "y", 2),
        (Sin, "sin", "x", None),
        (Cos, "cos", "x", None),
        (Tan, "tan", "x", None),
        (Cot, "cot", "x", None),
        (ACos, "acos", "x", None),
        (ASin, "asin", "x", None),
        (ATan, "atan", "x", None),
        (Degrees, "degrees", "x", None),
        (Radians, "radians", "x", None),
        (Exp, "exp", "x", None),
        (Ln, "ln", "y", None),
    ],
)
def test_transforms_can_be_registered(function: Any, lookup: str, field: str, given: Any) -> None:
    models.FloatField.register_lookup(function)
    try:
        condition = f"{field}__{lookup}__lt" if given is None else f"{field}__{lookup}"
        assert Vector.objects.filter(**{condition: 999 if given is None else given}).exists()
    finally:
        models.FloatField._unregister_lookup(function)


def test_functions_filter_order_update_and_aggregate() -> None:
    Vector.objects.create(x=3, y=-1)
    assert Vector.objects.filter(y__gt=Abs("y") - 1).get().y == 2.25
    assert [row.x for row in Vector.objects.order_by(Abs("x").desc())] == [3, -0.5]
    assert Vector.objects.aggregate(mean=Avg(Abs("x"))) == {"mean": 1.75}
    Vector.objects.update(x=Abs("x"), y=Power("y", 2))
    assert sorted(Vector.objects.values_list("x", "y")) == [(0.5, 5.0625), (3.0, 1.0)]
