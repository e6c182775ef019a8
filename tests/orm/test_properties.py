"""Random queries over random rows: the database and plain Python agree, on each database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_queries import Other, holds, ordered, value_of
from shelf import LABELS, MODELS, NULLABLE, STRATEGIES, Item, rows, small, store, texts

from raystack_orm import create_all, drop_all, transaction
from raystack_orm.configuration import Configuration, configured
from raystack_orm.models import Avg, Count, F, Max, Min, Q, Sum, Value

compared = settings(
    max_examples=60,
    derandomize=True,  # the same rows each time: a change that fails here is to blame
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module", autouse=True)
def tables(database: Configuration) -> Iterator[None]:
    """The tables of the models, in each database."""
    with configured(database):
        create_all(MODELS)
        yield
        drop_all(MODELS)


@contextmanager
def stored(given: list[dict[str, Any]]) -> Iterator[list[Item]]:
    """Store rows for a while."""
    with transaction.atomic():
        yield store(given)
        transaction.set_rollback(True)


# Conditions ---------------------------------------------------------------------------------------

ORDERED = ("number", "maybe", "price", "moment", "parent__score")


def pair(name: str, lookup: str, values: Any) -> Any:
    return st.tuples(st.just(f"{name}__{lookup}" if lookup else name), values)


def values_of(name: str) -> Any:
    return small if name == "parent__score" else STRATEGIES[name]


conditions = st.one_of(
    *(
        pair(name, lookup, values_of(name))
        for name in ORDERED
        for lookup in ("", "gt", "gte", "lt", "lte")
    ),
    *(
        pair(name, "range", st.tuples(values_of(name), values_of(name)).map(sorted))
        for name in ORDERED
    ),
    *(pair(name, "in", st.lists(st.none() | values_of(name), max_size=4)) for name in ORDERED),
    *(
        pair(name, lookup, texts)
        for name in ("text", "note", "parent__name")
        for lookup in ("", "iexact", "contains", "icontains", "startswith", "endswith")
    ),
    *(pair(name, "istartswith", texts) for name in ("text", "note")),
    *(pair(name, "in", st.lists(texts, max_size=3)) for name in ("text", "note")),
    pair("text", "regex", st.sampled_from(["^a", "b$", "[0-9]", "a|z", "^$"])),
    pair("flag", "", st.booleans()),
    pair("moment", "year", st.sampled_from([1999, 2024])),
    pair("moment", "month", st.sampled_from([2, 12])),
    pair("moment", "hour__gte", st.sampled_from([0, 1])),
    *(pair(name, "isnull", st.booleans()) for name in (*NULLABLE, "parent", "parent__score")),
    *(pair(name, "", st.none()) for name in NULLABLE),
    pair("number", "lt", st.just(Other("maybe"))),
    pair("maybe", "gte", st.just(Other("number"))),
    pair("maybe", "", st.just(Other("parent__score"))),
)


def trees_of(leaves: Any) -> Any:
    return st.recursive(
        st.lists(leaves, min_size=1, max_size=2).map(lambda pairs: Q(*pairs)),
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda both: both[0] & both[1]),
            st.tuples(inner, inner).map(lambda both: both[0] | both[1]),
            inner.map(lambda q: ~q),
        ),
        max_leaves=5,
    )


def asked(q: Q) -> Q:
    """Return the condition as the ORM takes it: another field is an F()."""
    children = [
        asked(child)
        if isinstance(child, Q)
        else (child[0], F(child[1].name) if isinstance(child[1], Other) else child[1])
        for child in q.children
    ]
    return Q(*children, _connector=q.connector, _negated=q.negated)


trees = trees_of(conditions)


@compared
@given(given=rows, steps=st.lists(st.tuples(st.booleans(), trees), min_size=1, max_size=3))
def test_filters_and_excludes(db: str, given: list[Any], steps: list[tuple[bool, Q]]) -> None:
    """Each step of a chain narrows; nulls fit no comparison and each that is excluded."""
    with stored(given) as items:
        found = Item.objects.all()
        for keeps, q in steps:
            found = found.filter(asked(q)) if keeps else found.exclude(asked(q))
            items = [item for item in items if holds(q if keeps else ~q, item, db) is True]

        expected = [item.pk for item in items]
        assert list(found.order_by("pk").values_list("pk", flat=True)) == expected
        assert (found.count(), found.exists()) == (len(expected), bool(expected))
        assert [item.pk for item in found.order_by("-pk")] == expected[::-1]


orders = st.lists(
    st.tuples(
        st.sampled_from([*ORDERED, "flag"]), st.booleans(), st.sampled_from(["", "first", "last"])
    ),
    max_size=3,
    unique_by=lambda order: order[0],
)


def sort_key(name: str, descending: bool, nulls: str) -> Any:
    options: dict[str, Any] = {f"nulls_{nulls}": True} if nulls else {}
    return F(name).desc(**options) if descending else F(name).asc(**options)


@compared
@given(
    given=rows,
    order=orders,
    start=st.none() | st.integers(0, 5),
    length=st.none() | st.integers(0, 5),
    tree=st.none() | trees,
)
def test_orderings_and_slices(
    db: str, given: list[Any], order: Any, start: int | None, length: int | None, tree: Q | None
) -> None:
    """Ties are broken by the next key; nulls come where they are told, or where they usually do."""
    with stored(given) as items:
        rows = Item.objects.filter(asked(tree)) if tree else Item.objects.all()
        kept = [item for item in items if tree is None or holds(tree, item, db) is True]
        stop = None if length is None else (start or 0) + length
        found = rows.order_by(*(sort_key(*key) for key in order), "pk")[start:stop]
        backwards = rows.order_by(*(sort_key(*key) for key in order), "pk").reverse()

        expected = ordered(kept, order, db)
        assert list(found) == expected[start:stop]
        assert found.count() == len(expected[start:stop])
        assert list(backwards) == expected[::-1]


# Computed values ----------------------------------------------------------------------------------

NUMBERS = ("number", "maybe", "parent__score")
Compute = tuple[Any, Callable[[Any], Any]]  # the expression, and the same in Python

names = st.sampled_from(NUMBERS).map(lambda n: (F(n), lambda obj: value_of(obj, n)))
own = st.sampled_from(NUMBERS[:2]).map(lambda n: (F(n), lambda obj: value_of(obj, n)))
constants = small.map(lambda n: (Value(n), lambda _: n))


def combined(parts: tuple[Compute, str, Compute]) -> Compute:
    (left, left_of), sign, (right, right_of) = parts
    expression = {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right}

    def compute(obj: Any) -> Any:
        a, b = left_of(obj), right_of(obj)
        return None if a is None or b is None else {"+": a + b, "-": a - b, "*": a * b}[sign]

    return expression[sign](), compute


computations = st.recursive(
    st.one_of(names, constants),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(combined),
    max_leaves=4,
)
computed_conditions = st.one_of(
    *(pair("total", lookup, small) for lookup in ("", "gt", "lte")),
    pair("total", "isnull", st.booleans()),
    *(pair("number", lookup, small) for lookup in ("", "gt")),
    pair("maybe", "lt", small),
)


@compared
@given(
    given=rows,
    total=st.tuples(names, st.sampled_from("+-*"), computations).map(combined),
    tree=trees_of(computed_conditions),
    keeps=st.booleans(),
)
def test_annotations(db: str, given: list[Any], total: Compute, tree: Q, keeps: bool) -> None:
    """Arithmetic with a null is null, and unknown to conditions, negated or not."""
    expression, compute = total
    with stored(given) as items:
        for item in items:
            item.computed = {"total": compute(item)}
        annotated = Item.objects.annotate(total=expression)
        found = annotated.filter(asked(tree)) if keeps else annotated.exclude(asked(tree))
        condition = tree if keeps else ~tree

        kept = [item for item in items if holds(condition, item, db) is True]
        values = [(item.pk, item.computed["total"]) for item in kept]
        assert list(found.order_by("pk").values_list("pk", "total")) == values
        assert [(item.pk, item.total) for item in found.order_by("pk")] == values
        sums = [value for _, value in values if value is not None]
        assert found.aggregate(sum=Sum("total"))["sum"] == (sum(sums) if sums else None)


@compared
@given(given=rows, tree=trees, condition=trees)
def test_aggregates(db: str, given: list[Any], tree: Q, condition: Q) -> None:
    """Nulls are left out; of nothing, a sum is null and a count is zero."""
    with stored(given) as items:
        kept = [item for item in items if holds(tree, item, db) is True]
        some = [item.number for item in kept if holds(condition, item, db) is True]
        maybe = [item.maybe for item in kept if item.maybe is not None]
        prices = [item.price for item in kept if item.price is not None]
        moments = [item.moment for item in kept if item.moment is not None]

        found = Item.objects.filter(asked(tree)).aggregate(
            rows=Count("pk"),
            present=Count("maybe"),
            different=Count("maybe", distinct=True),
            sum=Sum("maybe"),
            average=Avg("maybe"),
            total=Sum("price"),
            dearest=Max("price"),
            first=Min("moment"),
            some=Sum("number", filter=asked(condition)),
            count=Count("number", filter=asked(condition)),
            zero=Sum("maybe", default=0),
        )

    assert found["average"] == (pytest.approx(sum(maybe) / len(maybe), abs=1e-4) if maybe else None)
    assert found["total"] == (sum(prices) if prices else None)
    assert {name: found[name] for name in found if name not in {"average", "total"}} == {
        "rows": len(kept),
        "present": len(maybe),
        "different": len(set(maybe)),
        "sum": sum(maybe) if maybe else None,
        "dearest": max(prices, default=None),
        "first": min(moments, default=None),
        "some": sum(some) if some else None,
        "count": len(some),
        "zero": sum(maybe),
    }


# Relations to many --------------------------------------------------------------------------------

label_conditions = st.one_of(
    pair("name", "", st.sampled_from([name for name, _ in LABELS])),
    pair("name", "icontains", st.sampled_from(["r", "e", "BLUE", "x"])),
    pair("weight", "", st.integers(0, 3)),
    pair("weight", "gt", st.integers(0, 2)),
)
label_steps = st.tuples(st.booleans(), st.lists(label_conditions, min_size=1, max_size=2))


@compared
@given(given=rows, steps=st.lists(label_steps, min_size=1, max_size=3))
def test_relations_to_many(db: str, given: list[Any], steps: Any) -> None:
    """The conditions of one filter() fit one label; each of an exclude() may fit another."""
    with stored(given) as items:
        found = Item.objects.all()
        for keeps, pairs in steps:
            q = Q(*((f"labels__{keyword}", value) for keyword, value in pairs))
            found = found.filter(q) if keeps else found.exclude(q)
            items = [item for item in items if _labels_fit(item, keeps, pairs, db)]

        assert list(found.order_by("pk").distinct()) == items
        assert found.values("pk").distinct().count() == len(items)


def _labels_fit(item: Any, keeps: bool, pairs: Any, vendor: str) -> bool:
    if keeps:
        return any(holds(Q(*pairs), label, vendor) for label in item.tagged)
    each = [any(holds(Q(one), label, vendor) for label in item.tagged) for one in pairs]
    return not all(each)


@compared
@given(given=rows, condition=label_conditions, least=st.integers(0, 3))
def test_counts_of_relations(db: str, given: list[Any], condition: Any, least: int) -> None:
    """A row comes once for each label that fits; what is counted can be filtered by."""
    keyword, value = condition
    q = Q((f"labels__{keyword}", value))
    with stored(given) as items:
        fitting = {
            item.pk: sum(holds(Q(condition), label, db) is True for label in item.tagged)
            for item in items
        }
        copies = [pk for pk, copies in fitting.items() for _ in range(copies)]
        assert list(Item.objects.filter(q).order_by("pk").values_list("pk", flat=True)) == copies

        counted = Item.objects.annotate(all=Count("labels"), some=Count("labels", filter=q))
        expected = [(item.pk, len(item.tagged), fitting[item.pk]) for item in items]
        assert list(counted.order_by("pk").values_list("pk", "all", "some")) == expected
        many = counted.filter(some__gte=least).order_by("pk")
        assert [item.pk for item in many] == [pk for pk, n in fitting.items() if n >= least]


# Writing ------------------------------------------------------------------------------------------


@compared
@given(
    given=rows,
    tree=trees,
    total=st.tuples(own, st.sampled_from("+-"), constants).map(combined),
)
def test_updates_and_deletes(db: str, given: list[Any], tree: Q, total: Compute) -> None:
    """They change the rows that the same filter finds, and no others."""
    expression, compute = total
    with stored(given) as items:
        fits = [holds(tree, item, db) is True for item in items]
        changed = [
            compute(item) if yes else item.maybe for item, yes in zip(items, fits, strict=True)
        ]
        found = Item.objects.filter(asked(tree))

        before = list(Item.objects.order_by("pk").values_list("maybe", flat=True))
        assert before == [item.maybe for item in items]
        keys = [item.pk for item, yes in zip(items, fits, strict=True) if yes]
        with transaction.atomic():
            assert found.update(maybe=expression) == sum(fits)
            after = list(Item.objects.order_by("pk").values_list("maybe", flat=True))
            assert after == changed
            transaction.set_rollback(True)
        assert found.delete()[0] >= len(keys)
        left = [item.pk for item, yes in zip(items, fits, strict=True) if not yes]
        assert list(Item.objects.order_by("pk").values_list("pk", flat=True)) == left
