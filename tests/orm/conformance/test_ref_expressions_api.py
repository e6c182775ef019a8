"""The Expression API: the attributes and methods that expressions are asked for.

https://docs.djangoproject.com/en/stable/ref/models/expressions/#expression-api
"""

import copy
from typing import Any

import pytest

from raystack_orm import FieldError, NotSupportedError, models
from raystack_orm.models import (
    Aggregate,
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OrderBy,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from raystack_orm.models.functions import Coalesce, Length, Lower, Now, RowNumber, Upper

Sql = tuple[str, tuple[Any, ...]]


class Pupil(models.Model):
    name = models.CharField(max_length=20)
    grade = models.IntegerField(null=True)
    school = models.ForeignKey("School", models.CASCADE)

    class Meta:
        app_label = "conf_expression_api"
        ordering = ("name",)


class School(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_expression_api"


@pytest.fixture(autouse=True)
def pupils(db: str) -> None:
    """Three pupils of one school, the last without a grade."""
    school = School.objects.create(name="north")
    for name, grade in (("ann", 1), ("bob", 2), ("cat", None)):
        Pupil.objects.create(name=name, grade=grade, school=school)


def names(found: Any) -> list[str]:
    return [pupil.name for pupil in found]


def test_source_expressions_are_what_an_expression_is_made_of() -> None:
    assert Sum(F("grade")).get_source_expressions()[0] == F("grade")
    assert (F("grade") + 1).get_source_expressions() == [F("grade"), Value(1)]
    assert Lower("name").get_source_expressions() == [F("name")]
    assert F("name").asc().get_source_expressions() == [F("name")]
    case = Case(When(grade=1, then=Value(2)), default=Value(3))
    assert case.get_source_expressions()[-1] == Value(3)


def test_source_expressions_can_be_replaced_in_a_copy() -> None:
    original = Lower("name")
    other = copy.copy(original)
    other.set_source_expressions([F("school__name")])
    assert original.get_source_expressions() == [F("name")]
    assert other.get_source_expressions() == [F("school__name")]
    assert Pupil.objects.annotate(x=other).first().x == "north"


def test_asc_and_desc_make_order_by() -> None:
    for made, descending in ((Lower("name").asc(), False), (Lower("name").desc(), True)):
        assert isinstance(made, OrderBy)
        assert made.descending is descending
    assert names(Pupil.objects.order_by(OrderBy(F("grade"), nulls_first=True))) == [
        "cat",
        "ann",
        "bob",
    ]


def test_reverse_ordering_turns_direction_and_nulls() -> None:
    order = F("grade").asc(nulls_last=True)
    reversed_order = copy.copy(order)
    reversed_order.reverse_ordering()
    assert names(Pupil.objects.order_by(order)) == ["ann", "bob", "cat"]
    assert names(Pupil.objects.order_by(reversed_order)) == ["cat", "bob", "ann"]


def test_an_order_by_wants_an_expression() -> None:
    with pytest.raises(ValueError):
        OrderBy("name")


@pytest.mark.parametrize(
    ("expression", "field"),
    [
        (lambda: Value(1), IntegerField),
        (lambda: Value("x"), CharField),
        (lambda: Lower(Value("x")), CharField),
        (lambda: Length(Value("x")), IntegerField),
        (lambda: Value(1) + Value(2), IntegerField),
        (lambda: Count("pk"), IntegerField),
        (lambda: Now(), models.DateTimeField),
        (lambda: Coalesce(Value(1), Value(2)), IntegerField),
        (lambda: ExpressionWrapper(Value(1), output_field=BooleanField()), BooleanField),
        (lambda: Case(When(Value(True), then=Value(1))), IntegerField),
        (lambda: RowNumber(), IntegerField),
    ],
)
def test_the_output_field_is_inferred(expression: Any, field: type) -> None:
    assert isinstance(expression().output_field, field)


def test_what_an_expression_contains() -> None:
    window = Window(RowNumber(), order_by="name")
    assert window.contains_over_clause
    assert not window.contains_aggregate
    assert Count("pk").contains_aggregate
    assert not Value(1).contains_over_clause
    assert (Value(1) + Count("pk")).contains_aggregate
    assert Case(When(Value(True), then=window)).contains_over_clause


def test_window_compatible_says_what_may_stand_over_a_window() -> None:
    assert Sum.window_compatible
    assert RowNumber.window_compatible
    assert not Lower.window_compatible
    with pytest.raises(ValueError):
        Window(Lower("name"))

    class Alone(Aggregate):
        function = "SUM"
        window_compatible = False

    with pytest.raises(ValueError):
        Window(Alone("grade"))


def test_filterable_says_what_a_filter_may_compare() -> None:
    class Opaque(Func):
        function = "ABS"
        filterable = False
        output_field = IntegerField()

    for condition in (
        {"grade": Opaque("grade")},
        {"x": 1},
    ):
        with pytest.raises(NotSupportedError):
            list(Pupil.objects.annotate(x=Opaque("grade")).filter(**condition))
    assert Pupil.objects.annotate(x=Opaque("grade")).first().x == 1


def test_empty_result_set_value_stands_for_a_query_that_is_not_run() -> None:
    assert Count.empty_result_set_value == 0
    assert Sum("grade").empty_result_set_value is None

    class Tally(Aggregate):
        function = "COUNT"
        output_field = IntegerField()
        empty_result_set_value = -1

    assert Pupil.objects.none().aggregate(n=Tally("pk")) == {"n": -1}
    nothing = Pupil.objects.none().order_by()
    assert Pupil.objects.annotate(x=Coalesce(Subquery(nothing.values("pk")), 7)).first().x == 7


def test_resolving_is_asked_of_every_expression() -> None:
    asked = []

    class Watching(Func):
        function = "UPPER"

        def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
            asked.append(self)
            return super().resolve_expression(*args, **kwargs)

    assert Pupil.objects.annotate(x=Lower(Watching("name"))).first().x == "ann"
    assert asked


def test_relabeling_keeps_subqueries_apart() -> None:
    """A custom expression is copied with the aliases of the query that it stands in."""

    class Doubled(Expression):
        output_field = IntegerField()

        def __init__(self, expression: Any) -> None:
            super().__init__()
            self.expression = expression

        def get_source_expressions(self) -> list[Any]:
            return [self.expression]

        def set_source_expressions(self, expressions: list[Any]) -> None:
            (self.expression,) = expressions

        def as_sql(self, compiler: Any, connection: Any) -> Sql:
            sql, params = compiler.compile(self.expression)
            return f"({sql}) * 2", tuple(params)

    inner = Pupil.objects.annotate(double=Doubled(F("grade"))).filter(
        double__gt=OuterRef("grade"), school=OuterRef("school")
    )
    assert names(Pupil.objects.filter(Exists(inner))) == ["ann", "bob"]
    groups = Pupil.objects.order_by().values(d=Doubled(F("grade"))).annotate(n=Count("pk"))
    assert sorted((row["d"] or 0, row["n"]) for row in groups) == [(0, 1), (2, 1), (4, 1)]


def test_get_group_by_cols_names_what_is_grouped_by() -> None:
    class Constant(Func):
        template = "'x'"
        arity = 0
        output_field = CharField()

        def get_group_by_cols(self) -> list[Any]:
            return []

    found = School.objects.annotate(c=Constant(), n=Count("pupil"))
    assert [(row.c, row.n) for row in found] == [("x", 3)]


def test_a_query_groups_by_the_expressions_selected() -> None:
    rows = Pupil.objects.order_by().values(first=Upper("school__name")).annotate(n=Count("pk"))
    assert list(rows) == [{"first": "NORTH", "n": 3}]
    conditional = Pupil.objects.order_by().values(
        graded=Case(When(grade__isnull=False, then=Value(True)), default=Value(False))
    )
    assert sorted((row["graded"], row["n"]) for row in conditional.annotate(n=Count("pk"))) == [
        (False, 1),
        (True, 2),
    ]


def test_boolean_expressions_are_conditions_and_others_are_not() -> None:
    flag = Func(F("grade"), template="(%(expressions)s = 1)", output_field=BooleanField())
    assert names(Pupil.objects.filter(flag)) == ["ann"]
    assert names(Pupil.objects.filter(~flag)) == ["bob"]
    assert names(Pupil.objects.filter(flag | Q(name="cat"))) == ["ann", "cat"]
    with pytest.raises(TypeError):
        Pupil.objects.filter(Lower("name"))


def test_references_are_checked_when_the_query_is_built() -> None:
    for build in (
        lambda: Pupil.objects.annotate(x=Lower("nope")),
        lambda: Pupil.objects.filter(name=Lower("nope")),
        lambda: Pupil.objects.order_by(Lower("nope")),
        lambda: Pupil.objects.annotate(x=Sum("school__nope")),
    ):
        with pytest.raises(FieldError):
            list(build())


def test_vendor_methods_can_be_added_to_a_class(db: str) -> None:
    class Size(Func):
        function = "NO_SUCH_FUNCTION"
        output_field = IntegerField()

    def of_vendor(self: Any, compiler: Any, connection: Any, **context: Any) -> Sql:
        return self.as_sql(compiler, connection, function="LENGTH", **context)

    setattr(Size, f"as_{db}", of_vendor)
    assert Pupil.objects.annotate(x=Size("name")).first().x == 3


def test_allow_order_by_lets_an_aggregate_take_an_order(db: str) -> None:
    if db != "postgresql":
        pytest.skip("SQLite orders inside of aggregates from 3.44, MariaDB in GROUP_CONCAT alone")

    class Joined(Aggregate):
        function = "STRING_AGG"
        allow_order_by = True
        output_field = CharField()

    joined = Joined("name", Value("-"), order_by="-name")
    assert Pupil.objects.aggregate(x=joined) == {"x": "cat-bob-ann"}


def test_expressions_whose_sources_were_replaced_are_told_apart() -> None:
    lower = Lower("name")
    ann, bob = (lower.replace_expressions({F("name"): Value(name)}) for name in ("ANN", "BOB"))
    assert ann != bob
    assert ann != lower
    for expression, name in ((ann, "ann"), (bob, "bob")):
        assert [pupil.name for pupil in Pupil.objects.filter(name=expression)] == [name]
