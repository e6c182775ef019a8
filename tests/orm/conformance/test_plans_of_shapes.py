"""One plan serves the values whose SQL is the same, and no others, in whatever order they come.

Each lookup is asked with values of every shape: a null, nothing, one, several, an expression,
something out of the column's range. What a query finds after another one of the same keyword has
been planned has to be what it finds alone.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.dialects.mysql import pymysql

from raystack_orm import FieldError, NotSupportedError, models
from raystack_orm.databases import connections
from raystack_orm.databases.mysql import MySQLDriver
from raystack_orm.lookups import In
from raystack_orm.models import (
    Case,
    Count,
    Exists,
    F,
    JSONNull,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
    functions,
)
from raystack_orm.models.functions import Coalesce, Concat
from raystack_orm.query.execute import select
from raystack_orm.query.plan.cache import plans

UTC = dt.UTC
MOMENT = dt.datetime(2020, 6, 1, 12, tzinfo=UTC)
IDENTITY = uuid.UUID(int=7)


class EmptyIsNull(models.CharField):
    """A field of one's own for which the empty text is no value."""

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(value) or None


class Among(In):
    """A lookup of one's own with a list."""

    lookup_name = "among"


models.IntegerField.register_lookup(Among)


class Owner(models.Model):
    name = models.CharField(max_length=20)


class Thing(models.Model):
    name = models.CharField(max_length=20)
    nickname = EmptyIsNull(max_length=20, null=True)
    size = models.SmallIntegerField(null=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    weight = models.FloatField(null=True)
    day = models.DateField(null=True)
    moment = models.DateTimeField(null=True)
    identity = models.UUIDField(null=True)
    good = models.BooleanField(null=True)
    data = models.JSONField(null=True)
    owner = models.ForeignKey(Owner, models.CASCADE, null=True)


@pytest.fixture(autouse=True)
def things(db: str) -> None:
    owners = [Owner.objects.create(name=name) for name in ("Ann", "Bob")]
    documents = [{"x": 1}, {"y": 1}, {"x": 1, "y": 2}, {}, JSONNull(), None, [1, 2], "x"]
    for number, data in enumerate(documents):
        empty = number == 5
        Thing.objects.create(
            name=f"n{number}",
            nickname=None if number % 2 else f"n{number}",
            size=None if empty else number,
            price=None if empty else Decimal(number),
            weight=None if empty else number / 2,
            day=None if empty else dt.date(2018 + number, 1, 1),
            moment=None if empty else MOMENT + dt.timedelta(days=365 * (number - 2)),
            identity=None if empty else uuid.UUID(int=number),
            good=None if empty else number % 2 == 0,
            data=data,
            owner=None if empty else owners[number % 2],
        )


FAR = 10**30
VALUES: dict[str, list[Any]] = {
    "name": ["n1", "", None, F("nickname"), Concat(Value("n"), Value("1"))],
    "name__iexact": ["N1", None, F("nickname")],
    "name__contains": ["1", "%", "", F("nickname")],
    "name__in": [[], ["n1"], ["n1", "n2", "n3"], ("n4",), [None], ["n1", None], [F("nickname")],
                 {"n1", "n2"}, "", Thing.objects.none().values("name")],
    "name__range": [("n1", "n2"), ["n0", "n7"], ("n1", F("nickname"))],
    "name__isnull": [True, False],
    "name__regex": ["^n[12]", ""],
    "nickname": ["n2", "", None],
    "nickname__in": [["n2"], [""], ["", "n2"], ["n2", "n4", ""], []],
    "size": [1, None, FAR, -FAR, "2", True, F("id") - F("id")],
    "size__gt": [1, 1.5, FAR, -FAR, F("weight")],
    "size__lte": [1, 1.5, FAR, -FAR, Value(3)],
    "size__in": [[], [1], [1, 2, 3], [FAR], [1, FAR], [None], [F("id") - F("id"), 4], range(3)],
    "size__among": [[1], [1, 2, 3], [], [FAR], {1, 2, 3, 4, 6}, range(3)],
    "size__range": [(1, 3), (-FAR, 3), (2, FAR), (-FAR, FAR), (FAR, FAR), (F("weight"), 3)],
    "price__in": [[Decimal(1)], [1, 2, 3], []],
    "weight__gte": [1, 1.5, Decimal("1.5")],
    "day__year": [2019, 10**9, -5],
    "day__year__gt": [2019, 10**9, -5],
    "day__year__in": [[2019], [2018, 2019, 2020], []],
    "day__in": [[dt.date(2019, 1, 1)], [], [dt.date(2019, 1, 1), "2020-01-01", None]],
    "moment__range": [(MOMENT, MOMENT + dt.timedelta(days=400)), (F("moment"), MOMENT)],
    "moment__year__lte": [2019, 10**9, -5],
    "identity__in": [[IDENTITY], [], [IDENTITY, uuid.UUID(int=1), uuid.UUID(int=2)]],
    "good": [True, False, None],
    "good__in": [[True], [False, True], []],
    "data": [{"x": 1}, {}, None, JSONNull(), [1, 2], "x", Value(None, models.JSONField())],
    "data__in": [[{"x": 1}], [{}, "x", [1, 2]], [], [None], [JSONNull(), {}]],
    "data__isnull": [True, False],
    "data__has_key": ["x", "y", F("data__x")],
    "data__has_keys": [[], ["x"], ["x", "y"], ["z", "w"], ["x", "y", "z"], (), "xy", {"x"}],
    "data__has_any_keys": [[], ["x"], ["x", "y"], ["z", "w"], ["z", "y", "x"], (), "xy", {"x"}],
    "data__x": [1, "1", None, JSONNull(), F("data__y"), [1], {}, True],
    "data__x__in": [[1], [1, "1", 2], [], [None], [F("data__x")]],
    "data__x__gt": [0, "0", 0.5],
    "data__x__isnull": [True, False],
    "data__x__has_keys": [[], ["x"], ["x", "y"]],
    "data__x__exact": [1, None, "1", {}],
    "data__0": [1, None, 2, [1]],
    "data__0__isnull": [True, False],
    "data__x__iexact": ["1", None],
    "owner": [1, None, FAR],
    "owner__in": [[], [1], [1, 2, 3], [None], Owner.objects.all(),
                  Owner.objects.filter(name="Ann")],
    "owner__name": ["Ann", None],
    "owner__name__in": [["Ann"], ["Ann", "Bob", "Eve"], []],
}  # fmt: skip

Ask = Callable[[str, Any], Any]


def filtered(keyword: str, value: Any) -> Any:
    return Thing.objects.filter(**{keyword: value})


def excluded(keyword: str, value: Any) -> Any:
    return Thing.objects.exclude(**{keyword: value})


def either(keyword: str, value: Any) -> Any:
    return Thing.objects.filter(Q(**{keyword: value}) | Q(name="n3"))


def of_an_annotation(keyword: str, value: Any) -> Any:
    name, separator, rest = keyword.partition("__")
    return Thing.objects.annotate(a=F(name)).filter(**{f"a{separator}{rest}": value})


def not_of_an_annotation(keyword: str, value: Any) -> Any:
    name, separator, rest = keyword.partition("__")
    return Thing.objects.annotate(a=F(name)).exclude(**{f"a{separator}{rest}": value})


def in_a_case(keyword: str, value: Any) -> Any:
    fits = Case(When(Q(**{keyword: value}), then=Value("yes")), default=Value("no"))
    return Thing.objects.annotate(fits=fits).values_list("pk", "fits")


def in_a_count(keyword: str, value: Any) -> Any:
    return Thing.objects.values("good").annotate(n=Count("pk", filter=Q(**{keyword: value})))


def in_an_exists(keyword: str, value: Any) -> Any:
    fits = Thing.objects.filter(pk=OuterRef("pk"), **{keyword: value})
    return Thing.objects.filter(Exists(fits))


def of_a_maximum(keyword: str, value: Any) -> Any:
    name, separator, rest = keyword.partition("__")
    if name not in {"name", "size", "price", "weight", "day", "moment"}:
        return Thing.objects.none()
    return Thing.objects.annotate(a=Max(name)).filter(**{f"a{separator}{rest}": value})


def as_a_lookup(keyword: str, value: Any) -> Any:
    """What a keyword stands for, written out."""
    name, *_, lookup = [*keyword.split("__"), "exact"][: 2 if "__" in keyword else 3]
    made = Thing._meta.get_field(name).get_lookup(lookup)
    return Thing.objects.filter(made(F(name), value)) if made else Thing.objects.none()


def answer(ask: Ask, keyword: str, value: Any) -> Any:
    """Return what a query finds, or why it is refused."""
    try:
        return sorted(map(str, ask(keyword, value).order_by()))
    except (ValueError, TypeError, FieldError, NotSupportedError) as error:
        return type(error)


ASKS = [filtered, excluded, either, of_an_annotation, not_of_an_annotation, in_a_case, in_a_count,
        in_an_exists, of_a_maximum, as_a_lookup]  # fmt: skip


@pytest.mark.filterwarnings("ignore:Using None as the right-hand side:DeprecationWarning")
@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: ask.__name__)
@pytest.mark.parametrize("keyword", VALUES)
def test_a_query_finds_the_same_after_any_other(keyword: str, ask: Ask) -> None:
    """With one cache, in both orders, as with an empty one."""
    values = VALUES[keyword]
    alone = []
    for value in values:
        plans.clear()
        alone.append(answer(ask, keyword, value))

    plans.clear()
    forwards = [answer(ask, keyword, value) for value in values]
    plans.clear()
    backwards = [answer(ask, keyword, value) for value in reversed(values)]

    assert dict(zip(map(repr, values), forwards, strict=True)) == dict(
        zip(map(repr, values), alone, strict=True)
    )
    assert backwards[::-1] == alone


@pytest.mark.parametrize("keys", [[], ()])
def test_every_document_has_all_of_no_keys_and_none_has_one(keys: Any) -> None:
    """As PostgreSQL says; the row without a document has none."""
    assert Thing.objects.filter(data__has_keys=keys).count() == 7
    assert Thing.objects.exclude(data__has_keys=keys).count() == 1
    assert Thing.objects.filter(data__has_any_keys=keys).count() == 0
    assert Thing.objects.filter(data__x__has_keys=keys).count() == 2


class Upper(models.CharField):
    def get_prep_value(self, value: Any) -> Any:
        return value.upper()


class Loud(models.Model):
    code = Upper(max_length=20)


class Silent(models.Model):
    code = models.CharField(max_length=20)


def test_each_field_prepares_the_value_of_a_condition_that_two_share(db: str) -> None:
    """One Q in a Case of two models, planned or not."""
    Loud.objects.create(code="aB")
    Silent.objects.create(code="aB")
    shared = Q(code="aB")

    def fits(model: Any) -> Any:
        return model.objects.annotate(x=Case(When(shared, then=Value(1)), default=Value(0)))

    inner = Subquery(fits(Silent).values("x")[:1])

    assert fits(Loud).annotate(y=inner).values_list("x", "y").get() == (1, 1)


def test_a_lookup_written_out_minds_the_range_of_its_column() -> None:
    """A number beyond it decides for all rows that have a value, as in a keyword."""
    size = Thing._meta.get_field("size")

    def count(lookup: str, value: Any) -> int:
        made: Any = size.get_lookup(lookup)
        return Thing.objects.filter(made(F("size"), value)).count()

    assert count("lt", FAR) == 7
    assert count("gt", FAR) == count("exact", FAR) == 0
    assert count("range", (FAR, F("size"))) == count("range", (FAR, FAR)) == 0
    assert count("range", (-FAR, FAR)) == 7


def test_servers_of_one_vendor_have_plans_of_their_own(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MySQL 8 has no type for UUIDs, as MariaDB has: what is bound differs."""
    if db != "mysql":
        pytest.skip("The other databases have one dialect for all servers.")
    mariadb, other = connections.driver("default"), MySQLDriver(connections.driver("default").url)
    dialect = pymysql.dialect(paramstyle="format")
    dialect.server_version_info = (8, 0, 36)
    other.__dict__["dialect"] = dialect
    state = Thing.objects.filter(identity=IDENTITY)._state

    plans.clear()
    alone = select(state, other).params
    plans.clear()

    assert select(state, mariadb).params != alone
    assert select(state, other).params == alone


def test_the_two_hours_at_the_end_of_summer_time_are_told_apart() -> None:
    """They are equal to Python, as 1.0 and 1.00 are, and a plain argument may be either."""
    first = dt.datetime(2020, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    asked = Thing.objects.filter(moment=None)

    found = [
        asked.values_list(Coalesce("moment", moment)).get()[0].astimezone(UTC).hour
        for moment in (first, first.replace(fold=1))
    ]

    assert found == [0, 1]


def test_plain_values_make_no_plans_of_their_own() -> None:
    """They may come with a request, and would leave no place for others."""
    plans.clear()

    for number in range(5):
        moment = MOMENT + dt.timedelta(days=number)
        found = Thing.objects.filter(moment=None).values_list(Coalesce("moment", moment))
        assert found.get() == (moment,)
        chosen = Case(When(name="n1", then=Value(-1)), default=number)
        assert set(Thing.objects.values_list(chosen, flat=True)) == {-1, number}

    assert plans.info().size == 2


def test_a_lookup_replaces_one_that_was_used() -> None:
    """And is gone when it is unregistered."""
    asked = Thing.objects.filter
    models.CharField.register_lookup(functions.Upper, "up")
    assert asked(name__up="N1").count() == 1

    models.CharField.register_lookup(functions.Length, "up")
    assert asked(name__up=2).count() == 8

    models.CharField._unregister_lookup(functions.Length, "up")
    with pytest.raises(FieldError):
        asked(name__up=2)
