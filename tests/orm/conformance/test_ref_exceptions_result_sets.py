"""EmptyResultSet and FullResultSet, raised while SQL is written.

https://docs.djangoproject.com/en/stable/ref/exceptions/#emptyresultset
"""

from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import EmptyResultSet, FullResultSet, models
from raystack_orm.models import Case, Count, Exists, Func, Lookup, Q, Subquery, Value, When
from raystack_orm.models.functions import Coalesce, Upper

Sql = tuple[str, tuple[Any, ...]]


class NameField(models.CharField):
    """Has the two lookups of this page."""


class Tide(models.Model):
    name = NameField(max_length=20)
    height = models.IntegerField(default=3)

    class Meta:
        app_label = "conf_result_sets"


@NameField.register_lookup
class Never(Lookup):
    lookup_name = "never"

    def as_sql(self, compiler: Any, connection: Any) -> Sql:
        raise EmptyResultSet


@NameField.register_lookup
class Always(Lookup):
    lookup_name = "always"

    def as_sql(self, compiler: Any, connection: Any) -> Sql:
        raise FullResultSet


class Impossible(Func):
    output_field = models.BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Sql:
        raise EmptyResultSet


class OneMore(Func):
    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Sql:
        sql, params = compiler.compile(self.source_expressions[0])
        return f"({sql} + %s)", (*params, 1)


@pytest.fixture(autouse=True)
def tide(db: str) -> Tide:
    """Return the only tide."""
    return Tide.objects.create(name="spring")


@pytest.mark.parametrize(
    "condition",
    [
        Q(name__never=1),
        Q(Impossible()),
        Q(name__never=1, height=3),
        ~Q(name__always=1),
        Q(height__in=Tide.objects.filter(name__never=1).values("height")),
        Q(Exists(Tide.objects.filter(name__never=1))),
    ],
)
def test_a_condition_that_no_row_fits_finds_nothing(condition: Q) -> None:
    assert list(Tide.objects.filter(condition)) == []


def test_what_finds_nothing_asks_nothing(assert_num_queries: Callable[..., Any]) -> None:
    with assert_num_queries(0):
        assert list(Tide.objects.filter(name__never=1)) == []
        assert Tide.objects.filter(Impossible()).count() == 0
        assert Tide.objects.exclude(name__always=1).first() is None
        assert Tide.objects.filter(name__never=1).update(height=1) == 0


@pytest.mark.parametrize(
    "condition",
    [
        Q(name__always=1),
        ~Q(name__never=1),
        Q(name__never=1) | Q(height=3),
        ~Q(Exists(Tide.objects.filter(name__never=1))),
    ],
)
def test_a_condition_that_every_row_fits_leaves_them(condition: Q, tide: Tide) -> None:
    assert list(Tide.objects.filter(condition)) == [tide]


def computed(expression: Any) -> Any:
    return Tide.objects.annotate(computed=expression).get().computed


def test_case_leaves_out_what_cannot_be_and_ends_with_what_must_be() -> None:
    assert computed(Case(When(name__never=1, then=Value(1)), default=Value(2))) == 2
    assert computed(Case(When(name__always=1, then=Value(1)), default=Value(2))) == 1


def test_an_aggregate_over_rows_that_cannot_be_counts_none() -> None:
    assert computed(Count("id", filter=Q(name__never=1))) == 0
    assert computed(Count("id", filter=Q(name__always=1))) == 1
    assert Tide.objects.aggregate(n=Count("id", filter=Q(name__never=1))) == {"n": 0}


def test_a_function_takes_the_value_that_a_subquery_has_without_rows() -> None:
    """It is null for a Subquery, as ``empty_result_set_value`` says."""
    heights = Subquery(Tide.objects.filter(name__never=1).values("height"))
    names = Subquery(Tide.objects.none().values("name"))
    assert computed(Coalesce(heights, Value(5))) == 5
    assert computed(OneMore(Coalesce(heights, Value(5)))) == 6
    assert computed(Upper(Coalesce(names, Value("x")))) == "X"
    assert computed(Upper(names)) is None


def test_what_is_selected_and_says_nothing_of_its_value_is_false_for_every_row() -> None:
    assert not computed(Impossible())
    assert computed(OneMore(Count("id", filter=Q(name__never=1)))) == 0
