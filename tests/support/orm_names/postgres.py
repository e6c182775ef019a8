"""Uses of the names that PostgreSQL alone has."""

import datetime as dt
import uuid
from typing import Any

import pytest

from raystack_orm import IntegrityError, ValidationError, connection, models, transaction
from raystack_orm.models import F, Func, OuterRef, Q, Value
from raystack_orm.models.functions import Lower
from raystack_orm.postgres import aggregates, indexes, search
from raystack_orm.postgres.constraints import ExclusionConstraint
from raystack_orm.postgres.expressions import ArraySubquery
from raystack_orm.postgres.fields import (
    ArrayField,
    BigIntegerRangeField,
    DateRangeField,
    DateTimeRangeField,
    DecimalRangeField,
    HStoreField,
    IntegerRangeField,
    RangeBoundary,
    RangeField,
    RangeOperators,
)
from raystack_orm.postgres.functions import RandomUUID, TransactionNow
from raystack_orm.testing import isolate_apps

from .library import Article, Author, article, stored
from .uses import uses

FIELDS, AGGREGATES = "ref/contrib/postgres/fields", "ref/contrib/postgres/aggregates"
LOOKUPS, SEARCH = "ref/contrib/postgres/lookups", "ref/contrib/postgres/search"
CONSTRAINTS, INDEXES = "ref/contrib/postgres/constraints", "ref/contrib/postgres/indexes"
ON_SERVER = {"vendor": "postgresql"}


def definitions(model: Any) -> dict[str, str]:
    """Return the definitions of the indexes of a model's table, by their names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s",
            [model._meta.db_table],
        )
        return dict(cursor.fetchall())


def fits(model: Any, **conditions: Any) -> None:
    """Check that each condition finds the only row, and that its opposite does not."""
    for condition, value in conditions.items():
        assert model.objects.filter(**{condition: value}).count() == 1, condition
        assert model.objects.exclude(**{condition: value}).count() == 0, condition


@uses(
    FIELDS,
    "ArrayField",
    "ArrayField.base_field",
    "ArrayField.size",
    *[
        f"arrayfield.{name}"
        for name in ("contains", "contained_by", "overlap", "len", "index", "slice")
    ],
    **ON_SERVER,
)
@isolate_apps()
def arrays() -> None:
    class Board(models.Model):
        numbers = ArrayField(models.IntegerField(), size=3)

        class Meta:
            app_label = "atlas"

    stored(Board)
    Board.objects.create(numbers=[1, 2, 3])
    field = Board._meta.get_field("numbers")
    assert isinstance(field.base_field, models.IntegerField)
    with pytest.raises(ValidationError):
        field.clean([1, 2, 3, 4], None)
    fits(
        Board,
        numbers__contains=[2],
        numbers__contained_by=[1, 2, 3, 4],
        numbers__overlap=[3, 9],
        numbers__len=3,
        numbers__0=1,
        numbers__0_2=[1, 2],
    )


@uses(
    FIELDS,
    "HStoreField",
    *[
        f"hstorefield.{name}"
        for name in (
            "key",
            "contains",
            "contained_by",
            "has_key",
            "has_any_keys",
            "has_keys",
            "keys",
            "values",
        )
    ],
    **ON_SERVER,
)
@isolate_apps()
def maps_of_text() -> None:
    class Dog(models.Model):
        data = HStoreField()

        class Meta:
            app_label = "atlas"

    stored(Dog)
    Dog.objects.create(data={"breed": "collie", "owner": "Ann"})
    fits(
        Dog,
        data__breed="collie",
        data__contains={"owner": "Ann"},
        data__contained_by={"breed": "collie", "owner": "Ann", "age": "3"},
        data__has_key="owner",
        data__has_any_keys=["age", "owner"],
        data__has_keys=["owner", "breed"],
        data__keys__contains=["breed"],
        data__values__contains=["Ann"],
    )


@uses(
    FIELDS,
    "IntegerRangeField",
    "BigIntegerRangeField",
    "DecimalRangeField",
    "DateTimeRangeField",
    "DateRangeField",
    "RangeField",
    "RangeField.base_field",
    "RangeField.range_type",
    "DecimalRangeField.default_bounds",
    "DateTimeRangeField.default_bounds",
    *[
        f"rangefield.{name}"
        for name in (
            "contains",
            "contained_by",
            "overlap",
            "fully_lt",
            "fully_gt",
            "not_lt",
            "not_gt",
            "adjacent_to",
            "startswith",
            "endswith",
            "isempty",
            "lower_inc",
            "lower_inf",
            "upper_inc",
            "upper_inf",
        )
    ],
    **ON_SERVER,
)
@isolate_apps()
def ranges() -> None:
    class Span(models.Model):
        whole = IntegerRangeField()
        big = BigIntegerRangeField()
        price = DecimalRangeField(default_bounds="[]")
        moment = DateTimeRangeField(default_bounds="()")
        day = DateRangeField()

        class Meta:
            app_label = "atlas"

    class Halves(RangeField[Any]):
        base_field = models.IntegerField
        range_type = Span._meta.get_field("whole").range_type
        column_type = Span._meta.get_field("whole").column_type

    stored(Span)
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    Span.objects.create(
        whole=(1, 5),
        big=(1, None),
        price=(1, 2),
        moment=(now, now + dt.timedelta(1)),
        day=(dt.date(2026, 1, 1), dt.date(2026, 1, 9)),
    )
    span = Span.objects.get()
    assert (span.price.bounds, span.moment.bounds) == ("[]", "()")
    assert isinstance(Halves().base_field, models.IntegerField)
    assert isinstance(Halves().get_prep_value((1, 2)), Halves.range_type)
    fits(
        Span,
        whole__contains=2,
        whole__contained_by=(0, 9),
        whole__overlap=(4, 9),
        whole__fully_lt=(5, 9),
        whole__fully_gt=(-1, 1),
        whole__not_lt=(0, 5),
        whole__not_gt=(1, 9),
        whole__adjacent_to=(5, 9),
        whole__startswith=1,
        whole__endswith=5,
        whole__isempty=False,
        whole__lower_inc=True,
        whole__lower_inf=False,
        price__upper_inc=True,
        big__upper_inf=True,
        day__contains=dt.date(2026, 1, 2),
    )


@uses(
    FIELDS,
    "RangeOperators",
    "RangeBoundary",
    "RangeBoundary.inclusive_lower",
    "RangeBoundary.inclusive_upper",
    **ON_SERVER,
)
@uses(
    CONSTRAINTS,
    "ExclusionConstraint",
    *[
        f"ExclusionConstraint.{name}"
        for name in (
            "name",
            "expressions",
            "index_type",
            "condition",
            "deferrable",
            "include",
            "violation_error_code",
        )
    ],
    **ON_SERVER,
)
@isolate_apps()
def exclusion_constraints() -> None:
    class Span(Func):
        function = "INT4RANGE"
        output_field = IntegerRangeField()

    class Stay(models.Model):
        room = models.IntegerField()
        first = models.IntegerField()
        last = models.IntegerField()
        cancelled = models.BooleanField(default=False)

        class Meta:
            app_label = "atlas"
            constraints = [
                ExclusionConstraint(
                    name="one_guest",
                    expressions=[
                        (
                            Span(
                                "first",
                                "last",
                                RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            ),
                            RangeOperators.OVERLAPS,
                        ),
                        ("room", RangeOperators.EQUAL),
                    ],
                    index_type="gist",
                    condition=Q(cancelled=False),
                    deferrable=models.Deferrable.IMMEDIATE,
                    include=["cancelled"],
                    violation_error_code="taken",
                )
            ]

    stored(Stay)
    Stay.objects.create(room=1, first=1, last=3)
    Stay.objects.create(room=1, first=1, last=3, cancelled=True)
    Stay.objects.create(room=2, first=3, last=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.create(room=1, first=3, last=4)
    with pytest.raises(ValidationError) as caught:
        Stay(room=1, first=3, last=4).validate_constraints()
    assert caught.value.error_dict["__all__"][0].code == "taken"
    assert "INCLUDE (cancelled)" in definitions(Stay)["one_guest"]


@uses(
    AGGREGATES,
    "ArrayAgg",
    "BitAnd",
    "BitOr",
    "BitXor",
    "BoolAnd",
    "BoolOr",
    "JSONBAgg",
    "StringAgg",
    "ArrayAgg.distinct",
    "ArrayAgg.order_by",
    "JSONBAgg.distinct",
    "JSONBAgg.order_by",
    "StringAgg.delimiter",
    "StringAgg.distinct",
    "StringAgg.order_by",
    **ON_SERVER,
)
def general_aggregates() -> None:
    for title, views in (("b", 1), ("a", 3), ("a", 3)):
        article(title, views=views)
    found = Article.objects.aggregate(
        arrays=aggregates.ArrayAgg("title", distinct=True, order_by="title"),
        json=aggregates.JSONBAgg("views", distinct=True, order_by="views"),
        text=aggregates.StringAgg("title", Value("-"), distinct=True, order_by="title"),
        every=aggregates.BoolAnd(Q(views__gt=2)),
        any=aggregates.BoolOr(Q(views__gt=2)),
    )
    assert (found["arrays"], found["json"], found["text"]) == (["a", "b"], [1, 3], "a-b")
    assert (found["every"], found["any"]) == (False, True)
    bits = {aggregates.BitAnd: 1, aggregates.BitOr: 3, aggregates.BitXor: 1}
    for aggregate, result in bits.items():
        assert Article.objects.aggregate(n=aggregate("views")) == {"n": result}


@uses(
    AGGREGATES,
    "Corr",
    "CovarPop",
    "CovarPop.sample",
    "RegrAvgX",
    "RegrAvgY",
    "RegrCount",
    "RegrIntercept",
    "RegrR2",
    "RegrSlope",
    "RegrSXX",
    "RegrSXY",
    "RegrSYY",
    **ON_SERVER,
)
def aggregates_of_statistics() -> None:
    for x, y in ((1, 3), (2, 5), (3, 7)):
        article(views=x, price=y)
    expected = {
        "Corr": 1,
        "CovarPop": 4 / 3,
        "RegrAvgX": 2,
        "RegrAvgY": 5,
        "RegrCount": 3,
        "RegrIntercept": 1,
        "RegrR2": 1,
        "RegrSlope": 2,
        "RegrSXX": 2,
        "RegrSXY": 4,
        "RegrSYY": 8,
    }
    for name, result in expected.items():
        found = Article.objects.aggregate(n=getattr(aggregates, name)(y="price", x="views"))
        assert round(found["n"], 6) == round(result, 6), name
    sampled = aggregates.CovarPop(y="price", x="views", sample=True)
    assert Article.objects.aggregate(n=sampled) == {"n": 2}


@uses(
    LOOKUPS,
    "trigram_similar",
    "trigram_word_similar",
    "trigram_strict_word_similar",
    "unaccent",
    **ON_SERVER,
)
@uses(
    SEARCH,
    "TrigramSimilarity",
    "TrigramWordSimilarity",
    "TrigramStrictWordSimilarity",
    "TrigramDistance",
    "TrigramWordDistance",
    "TrigramStrictWordDistance",
    **ON_SERVER,
)
def similar_text() -> None:
    made = article("Mexican café")
    for condition, value in {
        "title__trigram_similar": "Mexican cafe",
        "title__trigram_word_similar": "Mexican",
        "title__trigram_strict_word_similar": "Mexican",
        "title__unaccent": "Mexican cafe",
    }.items():
        assert Article.objects.filter(**{condition: value}).get() == made, condition
    found = Article.objects.annotate(
        a=search.TrigramSimilarity("title", "Mexican"),
        b=search.TrigramDistance("title", "Mexican"),
        c=search.TrigramWordSimilarity("Mexican", "title"),
        d=search.TrigramWordDistance("Mexican", "title"),
        e=search.TrigramStrictWordSimilarity("Mexican", "title"),
        f=search.TrigramStrictWordDistance("Mexican", "title"),
    ).get()
    assert found.a + found.b == pytest.approx(1)
    assert (found.c, found.d, found.e, found.f) == (1, 0, 1, 0)


@uses(
    INDEXES,
    "BloomIndex",
    "BrinIndex",
    "BTreeIndex",
    "GinIndex",
    "GistIndex",
    "HashIndex",
    "SpGistIndex",
    "OpClass",
    **ON_SERVER,
)
@isolate_apps()
def kinds_of_indexes() -> None:
    class Town(models.Model):
        name = models.CharField(max_length=10)
        tags = ArrayField(models.IntegerField())
        span = IntegerRangeField()

        class Meta:
            app_label = "atlas"
            indexes = [
                indexes.BrinIndex(fields=["id"], name="a_brin"),
                indexes.BTreeIndex(fields=["name"], name="a_btree"),
                indexes.GinIndex(fields=["tags"], name="a_gin"),
                indexes.GistIndex(fields=["span"], name="a_gist"),
                indexes.HashIndex(fields=["name"], name="a_hash"),
                indexes.SpGistIndex(fields=["name"], name="a_spgist"),
                indexes.BTreeIndex(
                    indexes.OpClass(Lower("name"), "varchar_pattern_ops"), name="an_opclass"
                ),
            ]

    stored(Town)
    found = definitions(Town)
    for kind in ("brin", "btree", "gin", "gist", "hash", "spgist"):
        assert f"USING {kind}" in found[f"a_{kind}"]
    assert "varchar_pattern_ops" in found["an_opclass"]
    bloom = indexes.BloomIndex(fields=["name"], name="bloomy", length=80, columns=[4])
    assert bloom.deconstruct()[2]["length"] == 80


@uses("ref/contrib/postgres/expressions", "ArraySubquery", **ON_SERVER)
def arrays_of_subqueries() -> None:
    article("a"), article("b")
    titles = Article.objects.filter(author=OuterRef("pk")).order_by("title").values("title")
    assert Author.objects.annotate(titles=ArraySubquery(titles)).get().titles == ["a", "b"]


@uses("ref/contrib/postgres/functions", "RandomUUID", "TransactionNow", **ON_SERVER)
def functions() -> None:
    article()
    found = Article.objects.annotate(key=RandomUUID(), now=TransactionNow(), n=F("pk")).get()
    assert isinstance(found.key, uuid.UUID)
    assert isinstance(found.now, dt.datetime)
