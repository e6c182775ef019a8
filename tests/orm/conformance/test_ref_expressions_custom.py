"""Func(), Aggregate(), RawSQL() and expressions of one's own.

https://docs.djangoproject.com/en/stable/ref/models/expressions/#func-expressions
"""

import copy
from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import (
    Aggregate,
    CharField,
    Count,
    Expression,
    F,
    Func,
    IntegerField,
    Sum,
    Value,
)
from raystack_orm.models.expressions import RawSQL
from raystack_orm.models.functions import Length, Lower

Sql = tuple[str, tuple[Any, ...]]


class Company(models.Model):
    name = models.CharField(max_length=20)
    motto = models.CharField(max_length=20, null=True)
    ticker = models.CharField(max_length=20, null=True)
    staff = models.IntegerField()

    class Meta:
        app_label = "conf_custom"


@pytest.fixture(autouse=True)
def companies(db: str) -> None:
    """Three companies, with a motto, with a ticker, with neither."""
    Company.objects.create(name="Goo", motto="Do", staff=10)
    Company.objects.create(name="App", ticker="AAPL", staff=20)
    Company.objects.create(name="Zed", staff=20)


def column(expression: Any, order: str = "pk") -> list[Any]:
    rows = Company.objects.annotate(value=expression).order_by(order)
    return [row.value for row in rows]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Func(F("name"), function="LOWER"), ["goo", "app", "zed"]),
        (Func("name", function="LOWER"), ["goo", "app", "zed"]),
        (Func("name", Value("o"), Value("0"), function="REPLACE"), ["G00", "App", "Zed"]),
        (
            Func("motto", "ticker", Value("none"), function="COALESCE", output_field=CharField()),
            ["Do", "AAPL", "none"],
        ),
        (Func("staff", 5, function="NULLIF", output_field=IntegerField()), [10, 20, 20]),
        (Func("staff", "staff", template="(%(expressions)s)", arg_joiner=" + "), [20, 40, 40]),
        (
            Func("staff", template="%(function)s(%(expressions)s)", function="ABS"),
            [10, 20, 20],
        ),
        (Func(Func("name", function="LOWER"), function="UPPER"), ["GOO", "APP", "ZED"]),
        (Func("staff", function="ABS") + 1, [11, 21, 21]),
        (
            Func("staff", template="(%(expressions)s %%%% 3)", output_field=IntegerField()),
            [1, 2, 2],
        ),
        (Func("staff", template="(%(expressions)s + %(more)s)", more=5), [15, 25, 25]),
    ],
)
def test_func_calls_a_function_of_the_database(expression: Any, expected: list[Any]) -> None:
    assert column(expression) == expected


class Shout(Func):
    function = "UPPER"
    arity = 1


class Joined(Func):
    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = CharField()

    def as_mysql(self, compiler: Any, connection: Any, **context: Any) -> Sql:
        return super().as_sql(
            compiler,
            connection,
            function="CONCAT",
            template="%(function)s(%(expressions)s)",
            arg_joiner=", ",
            **context,
        )


class Padded(Func):
    """An argument of the template, which the developer fixes."""

    function = "REPLACE"
    template = "%(function)s(%(expressions)s, '%(old)s', '-')"


def test_a_subclass_names_its_function() -> None:
    assert column(Shout("name")) == ["GOO", "APP", "ZED"]
    assert column(Shout(Lower("name"))) == ["GOO", "APP", "ZED"]
    assert Company.objects.filter(name=Shout(Value("zoe"))).count() == 0
    assert Company.objects.annotate(up=Shout("name")).filter(up__startswith="A").count() == 1
    assert [row.name for row in Company.objects.order_by(Shout("name").desc())] == [
        "Zed",
        "Goo",
        "App",
    ]


@pytest.mark.parametrize("arguments", [(), ("name", "motto")])
def test_arity_is_the_number_of_arguments(arguments: tuple[str, ...]) -> None:
    with pytest.raises(TypeError):
        Shout(*arguments)


def test_a_vendors_method_may_change_all_parts() -> None:
    assert column(Joined("name", Value("-"), Lower("name"))) == ["Goo-goo", "App-app", "Zed-zed"]


def test_keywords_fill_the_template() -> None:
    assert column(Padded("name", old="o")) == ["G--", "App", "Zed"]
    assert column(Padded("name", old="p")) == ["Goo", "A--", "Zed"]


def test_positional_values_are_bound() -> None:
    hostile = "x'); DROP TABLE conf_custom_company; --"
    assert (
        column(Func(Value(hostile), function="UPPER", output_field=CharField()))
        == [hostile.upper()] * 3
    )


def test_update_and_filter_take_func() -> None:
    Company.objects.filter(name="Goo").update(name=Func("name", function="UPPER"))
    assert Company.objects.filter(name=Func(Value("goo"), function="UPPER")).exists()


def test_func_knows_its_parts() -> None:
    function = Func(F("name"), Value(1), function="X")
    assert function.get_source_expressions() == [F("name"), Value(1)]
    function.set_source_expressions([F("motto")])
    assert function.get_source_expressions() == [F("motto")]
    assert copy.copy(function) == function


class Total(Aggregate):
    function = "SUM"
    template = "%(function)s(%(all_values)s%(expressions)s)"
    arity = 1

    def __init__(self, expression: Any, *, all_values: bool = False, **extra: Any) -> None:
        super().__init__(expression, all_values="ALL " if all_values else "", **extra)


class Span(Aggregate):
    """The largest less the smallest value."""

    template = "(MAX(%(expressions)s) - MIN(%(expressions)s))"
    output_field = IntegerField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Sql:
        inner, params = compiler.compile(self.get_source_expressions()[0])
        return f"(MAX({inner}) - MIN({inner}))", (*params, *params)


class Tally(Aggregate):
    function = "COUNT"
    name = "Tally"
    output_field = IntegerField()
    allow_distinct = True
    empty_result_set_value = 0


def test_an_own_aggregate() -> None:
    found = Company.objects.aggregate(
        total=Total("staff"),
        every=Total("staff", all_values=True),
        span=Span("staff"),
        more=Total(F("staff") + 1),
        none=Total("staff", default=-1),
    )
    assert found == {"total": 50, "every": 50, "span": 10, "more": 53, "none": 50}


def test_an_own_aggregate_groups() -> None:
    rows = Company.objects.values("staff").annotate(n=Tally("pk")).order_by("staff")
    assert list(rows) == [{"staff": 10, "n": 1}, {"staff": 20, "n": 2}]
    assert Company.objects.aggregate(Tally("staff", distinct=True)) == {"staff__tally": 2}
    assert Company.objects.none().aggregate(n=Tally("pk")) == {"n": 0}


def test_distinct_and_order_by_must_be_allowed() -> None:
    with pytest.raises(TypeError):
        Total("staff", distinct=True)
    with pytest.raises(TypeError):
        Total("staff", order_by="name")


class FirstOf(Expression):
    """COALESCE, written without Func."""

    template = "COALESCE( %(expressions)s )"

    def __init__(self, expressions: list[Any], output_field: Any) -> None:
        super().__init__(output_field=output_field)
        self.expressions = expressions

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Any:
        clone = self.copy()
        clone.is_summary = summarize
        clone.expressions = [
            expression.resolve_expression(query, allow_joins, reuse, summarize, for_save)
            for expression in self.expressions
        ]
        return clone

    def as_sql(self, compiler: Any, connection: Any, template: str | None = None) -> Sql:
        parts = [compiler.compile(expression) for expression in self.expressions]
        text = (template or self.template) % {"expressions": ",".join(sql for sql, _ in parts)}
        return text, tuple(param for _, params in parts for param in params)

    def as_postgresql(self, compiler: Any, connection: Any) -> Sql:
        return self.as_sql(compiler, connection, template="coalesce(%(expressions)s)")

    def get_source_expressions(self) -> list[Any]:
        return self.expressions

    def set_source_expressions(self, expressions: list[Any]) -> None:
        self.expressions = expressions


def first_of() -> FirstOf:
    return FirstOf([F("motto"), F("ticker"), Value("none")], output_field=CharField())


def test_an_expression_written_by_its_protocol() -> None:
    assert column(first_of()) == ["Do", "AAPL", "none"]


def test_it_goes_wherever_expressions_go() -> None:
    assert Company.objects.filter(name="Zed").annotate(t=first_of()).get().t == "none"
    assert Company.objects.alias(t=first_of()).filter(t__startswith="AA").get().name == "App"
    shortest = Company.objects.order_by(Length(first_of()), "name")
    assert [row.name for row in shortest] == ["Goo", "App", "Zed"]
    assert column(Length(first_of())) == [2, 4, 4]
    assert Company.objects.update(motto=first_of()) == 3
    assert Company.objects.get(name="Zed").motto == "none"
    rows = Company.objects.values(t=first_of()).annotate(n=Count("pk"))
    assert {row["t"]: row["n"] for row in rows} == {"Do": 1, "AAPL": 1, "none": 1}


class Doubling(IntegerField):
    """A field that changes what it reads."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else value * 2


def test_the_output_field_converts_the_result() -> None:
    assert column(Func("staff", function="ABS", output_field=Doubling())) == [20, 40, 40]


def test_convert_value_has_the_last_word() -> None:
    class Marked(Func):
        function = "ABS"
        output_field = IntegerField()

        def convert_value(self, value: Any, expression: Any, connection: Any) -> Any:
            return f"<{value}>"

    assert column(Marked("staff")) == ["<10>", "<20>", "<20>"]


def test_raw_sql_is_an_expression_with_bound_parameters() -> None:
    assert column(RawSQL("staff + %s", (1,), output_field=IntegerField())) == [11, 21, 21]
    found = Company.objects.filter(
        pk__in=RawSQL("SELECT id FROM conf_custom_company WHERE staff > %s", (15,))
    )
    assert found.count() == 2
    assert [row.name for row in Company.objects.order_by(RawSQL("name", ()))] == [
        "App",
        "Goo",
        "Zed",
    ]


def test_contains_aggregate_asks_for_grouping() -> None:
    assert Sum("staff").contains_aggregate
    assert not Value(1).contains_aggregate


def test_an_expression_that_cannot_be_filtered_says_so() -> None:
    class Unfilterable(Func):
        function = "ABS"
        filterable = False

    from raystack_orm import NotSupportedError

    with pytest.raises(NotSupportedError):
        list(Company.objects.annotate(x=Unfilterable("staff")).filter(x=1))


def test_arguments_that_are_no_fields_are_field_errors() -> None:
    with pytest.raises(FieldError):
        column(Func("nope", function="LOWER"))
