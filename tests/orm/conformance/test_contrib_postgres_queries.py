"""What PostgreSQL adds to queries: aggregates, functions, expressions and lookups.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/
"""

import datetime as dt
import uuid
from typing import Any

import pytest
from vendors import only

from raystack_orm import FieldError, connection, models
from raystack_orm.models import Count, F, OuterRef, Q, Value
from raystack_orm.models.functions import JSONObject, Lower, Upper
from raystack_orm.postgres.aggregates import (
    ArrayAgg,
    BitAnd,
    BitOr,
    BitXor,
    BoolAnd,
    BoolOr,
    Corr,
    CovarPop,
    JSONBAgg,
    RegrAvgX,
    RegrAvgY,
    RegrCount,
    RegrIntercept,
    RegrR2,
    RegrSlope,
    RegrSXX,
    RegrSXY,
    RegrSYY,
    StringAgg,
)
from raystack_orm.postgres.expressions import ArraySubquery
from raystack_orm.postgres.functions import RandomUUID, TransactionNow

pytestmark = only("postgresql")


class City(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "conf_postgres"
        required_db_vendor = "postgresql"


class Sample(models.Model):
    word = models.CharField(max_length=10)
    x = models.IntegerField()
    y = models.IntegerField(null=True)
    flag = models.BooleanField(default=True)
    city = models.ForeignKey(City, models.CASCADE, null=True, related_name="samples")
    key = models.UUIDField(null=True)
    taken = models.DateTimeField(default=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    class Meta:
        app_label = "conf_postgres"
        required_db_vendor = "postgresql"


@pytest.fixture(autouse=True)
def samples(db: str) -> None:
    """Three samples, of which one has no y; the extensions are there."""
    with connection.cursor() as cursor:
        for extension in ("unaccent", "pg_trgm", "pgcrypto"):
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    mexico = City.objects.create(name="México")
    City.objects.create(name="Middlesbrough")
    for word, x, y, flag in (("foo", 1, 13, True), ("bar", 2, None, False), ("test", 3, 13, True)):
        Sample.objects.create(word=word, x=x, y=y, flag=flag, city=mexico)


def result(aggregate: Any, **conditions: Any) -> Any:
    return Sample.objects.filter(**conditions).aggregate(value=aggregate)["value"]


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        (ArrayAgg("x", order_by="x"), [1, 2, 3]),
        (ArrayAgg("x", order_by="-x"), [3, 2, 1]),
        (ArrayAgg("word", order_by=F("x").desc()), ["test", "bar", "foo"]),
        (ArrayAgg("y", order_by="x"), [13, None, 13]),
        (ArrayAgg("y", distinct=True, filter=Q(y__isnull=False)), [13]),
        (ArrayAgg("x", filter=Q(x__gt=1), order_by="x"), [2, 3]),
        (ArrayAgg("x", filter=Q(x__gt=9)), None),
        (ArrayAgg(F("x") * 2, order_by="x"), [2, 4, 6]),
        (ArrayAgg("word", order_by=[Upper("word")]), ["bar", "foo", "test"]),
        (BitAnd("x"), 0),
        (BitOr("x"), 3),
        (BitXor("x"), 0),
        (BitAnd("x", filter=Q(x=3)), 3),
        (BoolAnd("flag"), False),
        (BoolOr("flag"), True),
        (BoolAnd("flag", filter=Q(x=1)), True),
        (BoolOr(Q(x__gt=2)), True),
        (BoolOr("flag", filter=Q(x=9)), None),
        (BoolOr("flag", filter=Q(x=9), default=False), False),
        (JSONBAgg("word", order_by="word"), ["bar", "foo", "test"]),
        (JSONBAgg("y", distinct=True, filter=Q(y__isnull=False)), [13]),
        (StringAgg("word", Value(";"), order_by="word"), "bar;foo;test"),
        (StringAgg("word", delimiter=Value(", "), order_by="-word"), "test, foo, bar"),
        (StringAgg("word", Value(";"), filter=Q(x=9)), None),
        (StringAgg("word", Value(";"), filter=Q(x=9), default=Value("none")), "none"),
        (StringAgg("word", Value(";"), distinct=True, order_by="word"), "bar;foo;test"),
        (Corr("x", "x"), 1.0),
        (CovarPop("x", "x"), 2 / 3),
        (CovarPop("x", "x", sample=True), 1.0),
        (RegrAvgX("y", "x"), 2.0),
        (RegrAvgY("y", "x"), 13.0),
        (RegrCount("y", "x"), 2),
        (RegrCount(y="y", x="x"), 2),
        (RegrIntercept("y", "x"), 13.0),
        (RegrSlope("y", "x"), 0.0),
        (RegrR2("y", "x"), 1.0),
        (RegrSXX("y", "x"), 2.0),
        (RegrSXY("y", "x"), 0.0),
        (RegrSYY("y", "x"), 0.0),
        (RegrAvgX("y", "x", filter=Q(x=9)), None),
        (RegrAvgX("y", "x", filter=Q(x=9), default=-1.0), -1.0),
    ],
)
def test_aggregates(aggregate: Any, expected: Any) -> None:
    found = result(aggregate)
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


def test_aggregates_of_groups() -> None:
    found = City.objects.annotate(
        words=ArrayAgg("samples__word", order_by="samples__x"),
        joined=StringAgg("samples__word", Value("+"), order_by="samples__x"),
    ).order_by("pk")
    assert found[0].words == ["foo", "bar", "test"]
    assert found[0].joined == "foo+bar+test"
    assert found[1].words == [None]
    assert found[1].joined is None
    rows = Sample.objects.values("flag").annotate(xs=ArrayAgg("x", order_by="x"), n=Count("pk"))
    assert sorted((row["flag"], row["xs"]) for row in rows) == [(False, [2]), (True, [1, 3])]


def test_an_array_can_be_filtered_and_is_empty_over_nothing() -> None:
    found = City.objects.annotate(words=ArrayAgg("samples__word"))
    assert found.filter(words__contains=["foo"]).count() == 1
    assert found.filter(words__len=3).count() == 1
    assert Sample.objects.none().aggregate(xs=ArrayAgg("x")) == {"xs": None}


def test_statistics_want_two_arguments() -> None:
    for function in (Corr, CovarPop, RegrCount, RegrSlope):
        with pytest.raises((TypeError, ValueError)):
            function("x")
        with pytest.raises((TypeError, ValueError)):
            function("x", None)
    with pytest.raises(TypeError):
        RegrCount("y", "x", default=1)


def test_an_unknown_field_is_a_field_error() -> None:
    with pytest.raises(FieldError):
        result(ArrayAgg("nope"))


def test_array_subquery_collects_one_column() -> None:
    samples = Sample.objects.filter(city=OuterRef("pk")).order_by("x")
    found = City.objects.order_by("pk").annotate(
        words=ArraySubquery(samples.values("word")),
        documents=ArraySubquery(samples.values(json=JSONObject(word="word", x="x"))),
    )
    assert found[0].words == ["foo", "bar", "test"]
    assert found[0].documents[0] == {"word": "foo", "x": 1}
    assert found[1].words == []
    assert found.filter(words__contains=["bar"]).count() == 1


def test_array_subquery_wants_one_column() -> None:
    with pytest.raises(FieldError):
        list(City.objects.annotate(all=ArraySubquery(Sample.objects.values("word", "x"))))


def test_random_uuid() -> None:
    Sample.objects.update(key=RandomUUID())
    keys = set(Sample.objects.values_list("key", flat=True))
    assert len(keys) == 3
    assert all(isinstance(key, uuid.UUID) and key.version == 4 for key in keys)


def test_transaction_now_stays_the_same_within_a_transaction() -> None:
    first, second = (
        Sample.objects.annotate(now=TransactionNow()).values_list("now", flat=True)[0]
        for _ in range(2)
    )
    assert first == second
    Sample.objects.update(taken=TransactionNow())
    assert Sample.objects.filter(taken=TransactionNow()).count() == 3
    assert Sample.objects.filter(taken__lte=TransactionNow()).count() == 3


def names(**conditions: Any) -> list[str]:
    return sorted(City.objects.filter(**conditions).values_list("name", flat=True))


def test_unaccent_compares_without_accents() -> None:
    assert names(name__unaccent="Mexico") == ["México"]
    assert names(name__unaccent="México") == ["México"]
    assert names(name__unaccent__startswith="Mex") == ["México"]
    assert names(name__unaccent__icontains="XIC") == ["México"]
    assert names(name__unaccent="Mexica") == []


def test_trigrams_find_similar_texts() -> None:
    assert names(name__trigram_similar="Middlesborough") == ["Middlesbrough"]
    assert names(name__trigram_similar="Paris") == []
    City.objects.create(name="Gumby rides on the path of Middlesbrough")
    assert "Gumby rides on the path of Middlesbrough" in names(
        name__trigram_word_similar="Middlesborough"
    )
    assert "Gumby rides on the path of Middlesbrough" in names(
        name__trigram_strict_word_similar="Middlesborough"
    )


def test_lookups_chain_as_the_search_page_says() -> None:
    models.CharField.register_lookup(Lower)
    try:
        City.objects.create(name="Hélène Joy")
        City.objects.create(name="Helen Mirren")
        City.objects.create(name="Helena Bonham Carter")
        assert names(name__unaccent__icontains="Helen") == [
            "Helen Mirren",
            "Helena Bonham Carter",
            "Hélène Joy",
        ]
        assert "Hélène Joy" in names(name__unaccent__lower__trigram_similar="Hélène")
    finally:
        models.CharField._unregister_lookup(Lower)
