"""Uses of the names of lookups and expressions."""

from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import F, Func, Lookup, Transform, Value
from raystack_orm.models.expressions import RawSQL
from raystack_orm.models.functions import Lower
from raystack_orm.models.lookups import RegisterLookupMixin

from .library import Article, Author, article
from .uses import uses

LOOKUPS, PAGE = "ref/models/lookups", "ref/models/expressions"


@uses(
    LOOKUPS,
    "lookups.RegisterLookupMixin",
    "lookups.RegisterLookupMixin.register_lookup",
    "lookups.RegisterLookupMixin.get_lookup",
    "lookups.RegisterLookupMixin.get_lookups",
    "lookups.RegisterLookupMixin.get_transform",
    "Transform",
    "Lookup",
    "as_sql",
    "as_vendorname",
    "get_lookup",
    "get_transform",
    "output_field",
    "Transform.bilateral",
    "Transform.lhs",
    "Transform.lookup_name",
    "Transform.output_field",
    "Lookup.lhs",
    "Lookup.rhs",
    "Lookup.lookup_name",
    "Lookup.prepare_rhs",
    "Lookup.process_lhs",
    "Lookup.process_rhs",
)
def lookups_of_ones_own() -> None:
    class Differs(Lookup):
        lookup_name = "differs"
        prepare_rhs = False

        def as_sql(self, compiler: Any, connection: Any) -> Any:
            assert isinstance(self.lhs, models.Expression)
            assert self.rhs in {"On", 2}
            left, left_params = self.process_lhs(compiler, connection)
            right, right_params = self.process_rhs(compiler, connection)
            return f"{left} = {right}", (*left_params, *right_params)

        def as_sqlite(self, compiler: Any, connection: Any) -> Any:
            sql, params = self.as_sql(compiler, connection)
            return sql.replace(" = ", " <> "), params

    class Doubled(Transform):
        lookup_name = "doubled"
        bilateral = True
        output_field = models.IntegerField()

        def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
            sql, params = compiler.compile(self.lhs)
            return f"({sql} * 2)", params

    for registered, place in ((Differs, models.Field), (Doubled, models.IntegerField)):
        place.register_lookup(registered)
    try:
        made = article("Off", views=3)
        assert issubclass(models.Field, RegisterLookupMixin)
        assert models.CharField().get_lookup("differs") is Differs
        assert models.IntegerField().get_transform("doubled") is Doubled
        assert "differs" in models.CharField.get_lookups()
        assert Doubled(F("views")).get_lookup("differs") is Differs
        assert Doubled(F("views")).get_transform("doubled") is Doubled
        assert list(Article.objects.filter(title__differs="On")) == [made]
        assert list(Article.objects.filter(views__doubled=3)) == [made]
        assert list(Article.objects.filter(views__doubled__differs=2)) == [made]
    finally:
        models.Field._unregister_lookup(Differs)
        models.IntegerField._unregister_lookup(Doubled)


@uses(
    PAGE,
    "F",
    "Func",
    "Func.function",
    "Func.template",
    "Func.arg_joiner",
    "Func.arity",
    "Func.as_sql",
    "Value",
    "ExpressionWrapper",
    "RawSQL",
    "JSONNull",
)
def expressions_with_values() -> None:
    class Joined(Func):
        function = "never"
        template = "(%(expressions)s)"
        arg_joiner = " || "
        arity = 2
        output_field = models.CharField()

        def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
            return super().as_sql(compiler, connection, **context)

    made = article("On", views=2, data=models.JSONNull())
    with pytest.raises(TypeError):
        Joined("title")
    found = Article.objects.annotate(
        low=Func("title", function="LOWER"),
        joined=Joined("title", Value("!")),
        half=models.ExpressionWrapper(F("views") / 2.0, output_field=models.FloatField()),
        raw=RawSQL("%s + 1", (1,), output_field=models.IntegerField()),
    ).get()
    assert (found.low, found.joined, found.half, found.raw) == ("on", "On!", 1.0, 2)
    assert Article.objects.filter(data=models.JSONNull()).get() == made
    assert not Article.objects.filter(data__isnull=True).exists()


@uses(
    PAGE,
    "Aggregate",
    "Aggregate.template",
    "Aggregate.function",
    "Aggregate.window_compatible",
    "Aggregate.allow_distinct",
    "Aggregate.allow_order_by",
    "Aggregate.empty_result_set_value",
)
def an_aggregate_of_ones_own() -> None:
    class Total(models.Aggregate):
        function = "SUM"
        template = "%(function)s(%(distinct)s%(expressions)s)"
        allow_distinct = True
        allow_order_by = False
        window_compatible = False
        empty_result_set_value = 7
        output_field = models.IntegerField()

    for views in (2, 2):
        article(views=views)
    assert Article.objects.aggregate(n=Total("views", distinct=True)) == {"n": 2}
    assert Article.objects.filter(pk__in=[]).aggregate(n=Total("views")) == {"n": 7}
    with pytest.raises(TypeError):
        Total("views", order_by="views")
    with pytest.raises(ValueError, match="Total"):
        models.Window(Total("views"))

    class Once(models.Aggregate):
        function = "SUM"

    with pytest.raises(TypeError):
        Once("views", distinct=True)


@uses(PAGE, "Subquery", "OuterRef", "Exists")
def subqueries() -> None:
    article("Old", views=1), article("New", views=2)
    newest = Article.objects.filter(author=models.OuterRef("pk")).order_by("-views")
    found = Author.objects.annotate(
        newest=models.Subquery(newest.values("title")[:1]), any=models.Exists(newest)
    ).get()
    assert (found.newest, found.any) == ("New", True)


@uses(
    PAGE,
    "Window",
    "ValueRange",
    "RowRange",
    "WindowFrameExclusion",
    "ValueRange.frame_type",
    "RowRange.frame_type",
    "WindowFrameExclusion.CURRENT_ROW",
    "WindowFrameExclusion.GROUP",
    "WindowFrameExclusion.TIES",
    "WindowFrameExclusion.NO_OTHERS",
)
def windows() -> None:
    for views in (1, 2, 3):
        article(views=views)

    def sums(frame: Any) -> list[Any]:
        window = models.Window(models.Sum("views"), order_by="views", frame=frame)
        return [a.total for a in Article.objects.annotate(total=window).order_by("views")]

    leave_out = models.WindowFrameExclusion
    assert sums(models.RowRange(start=-1, end=0)) == [1, 3, 5]
    assert sums(models.ValueRange(start=None, end=0)) == [1, 3, 6]
    assert sums(models.RowRange(-1, 0, leave_out.CURRENT_ROW)) == [None, 1, 2]
    assert sums(models.RowRange(-1, 0, leave_out.GROUP)) == [None, 1, 2]
    assert sums(models.RowRange(-1, 0, leave_out.TIES)) == [1, 3, 5]
    assert sums(models.RowRange(-1, 0, leave_out.NO_OTHERS)) == [1, 3, 5]
    assert (models.RowRange.frame_type, models.ValueRange.frame_type) == ("ROWS", "RANGE")


@uses(PAGE, "Window.template")
def the_template_of_a_window() -> None:
    class Negative(models.Window):
        template = "-%(expression)s OVER (%(window)s)"

    article(views=2)
    total = Negative(models.Sum("views"))
    assert Article.objects.annotate(total=total).get().total == -2


@uses(
    PAGE,
    "Expression",
    "Expression.allowed_default",
    "Expression.constraint_validation_compatible",
    "Expression.contains_aggregate",
    "Expression.contains_over_clause",
    "Expression.filterable",
    "Expression.window_compatible",
    "Expression.empty_result_set_value",
    "Expression.set_returning",
    "Expression.allows_composite_expressions",
    "Expression.resolve_expression",
    "Expression.get_source_expressions",
    "Expression.set_source_expressions",
    "Expression.relabeled_clone",
    "Expression.convert_value",
    "Expression.get_group_by_cols",
    "Expression.asc",
    "Expression.desc",
    "Expression.reverse_ordering",
)
def an_expression_of_ones_own() -> None:
    class First(models.Expression):
        """The first of its arguments that has a value."""

        allowed_default = False
        constraint_validation_compatible = True
        filterable = True
        window_compatible = False
        empty_result_set_value = "nothing"
        set_returning = False
        allows_composite_expressions = False

        def __init__(self, *arguments: Any) -> None:
            super().__init__(output_field=models.CharField())
            self.arguments = [F(a) if isinstance(a, str) else a for a in arguments]

        def get_source_expressions(self) -> list[Any]:
            return self.arguments

        def set_source_expressions(self, exprs: list[Any]) -> None:
            self.arguments = exprs

        def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
            self.resolved = True
            return super().resolve_expression(*args, **kwargs)

        @property
        def convert_value(self) -> Any:
            return lambda value, expression, connection: f"<{value}>"

        def get_group_by_cols(self) -> list[Any]:
            return super().get_group_by_cols()

        def as_sql(self, compiler: Any, connection: Any) -> Any:
            parts = [compiler.compile(argument) for argument in self.arguments]
            sql = ", ".join(sql for sql, _ in parts)
            return f"COALESCE({sql})", [p for _, params in parts for p in params]

    for title in ("a", "b"):
        article(title, author=title)
    first = First("author__email", "title")
    found = Article.objects.annotate(text=First(Func("title", Value("x"), function="NULLIF"), "id"))
    assert [a.text for a in found.order_by(first.asc(), "title")] == ["<a>", "<b>"]
    assert first.resolved
    titles = Article.objects.order_by(Lower("title").desc()).values_list("title", flat=True)
    assert list(titles) == ["b", "a"]
    assert next(iter(Article.objects.order_by(Lower("title").desc()).reverse()[:1])).title == "a"
    assert Lower("title").desc().reverse_ordering().descending is False
    grouped = (
        Article.objects.order_by()
        .values(text=First("author__email", "title"))
        .annotate(n=models.Count("pk"))
    )
    assert [row["n"] for row in grouped] == [2]
    assert first.get_source_expressions() == [F("author__email"), F("title")]
    assert (first.contains_aggregate, first.contains_over_clause) == (False, False)
    assert models.Sum("views").contains_aggregate
    assert models.Window(models.Sum("views")).contains_over_clause
    assert First(Value("a")).relabeled_clone({}) == First(Value("a"))
    for name in ("allowed_default", "set_returning", "allows_composite_expressions"):
        assert getattr(models.Expression, name) is False
    assert Value(1).allowed_default


COLUMNS = "ref/models/conditional-expressions"


@uses(COLUMNS, "When", "Case")
def conditional_expressions() -> None:
    article("Old", views=1), article("New", views=2)
    kind = models.Case(
        models.When(views=1, then=Value("one")),
        default=Value("more"),
        output_field=models.CharField(),
    )
    assert [a.kind for a in Article.objects.annotate(kind=kind)] == ["one", "more"]
