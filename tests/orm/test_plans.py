"""The plan cache: a shape is compiled once, and the cache changes no result."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from press import Article, Author

from raystack_orm.configuration import Configuration, configuration, configured
from raystack_orm.lookups import padded
from raystack_orm.models import F, Q
from raystack_orm.query.plan.cache import PlanCache, plans
from raystack_orm.query.plan.compile import nothing
from raystack_orm.testing import CaptureQueries

TITLES = ("Alpha", "beta", "Gamma 50%", "under_score", "alphabet", "")

conditions = st.one_of(
    st.tuples(
        st.sampled_from(["title", "title__iexact", "title__contains", "title__istartswith"]),
        st.sampled_from([*TITLES, "a", "%", "_", "ALPHA"]),
    ),
    st.tuples(
        st.sampled_from(["views", "views__gt", "views__lte"]),
        st.integers(min_value=-2, max_value=6),
    ),
    st.tuples(st.just("views__in"), st.lists(st.integers(min_value=0, max_value=5), max_size=6)),
    st.tuples(st.just("subtitle__in"), st.lists(st.sampled_from(TITLES), max_size=4)),
    st.tuples(st.just("subtitle"), st.sampled_from([None, *TITLES])),
    st.tuples(st.just("subtitle__isnull"), st.booleans()),
    st.tuples(st.just("views__range"), st.tuples(st.integers(0, 3), st.integers(1, 5))),
    st.tuples(st.just("author__name"), st.sampled_from(["Ann", "Bob", "Eve"])),
    st.tuples(st.just("editor__name__contains"), st.sampled_from(["n", "Bob"])),
)


def as_q(condition: tuple[str, Any]) -> Q:
    return Q(**{condition[0]: condition[1]})


trees = st.recursive(
    conditions.map(as_q),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] & pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] | pair[1]),
        inner.map(lambda q: ~q),
    ),
    max_leaves=5,
)


@pytest.fixture
def articles(db: str) -> list[Article]:
    authors = [Author.objects.create(name=name) for name in ("Ann", "Bob")]
    made = [
        Article(
            title=title,
            subtitle=TITLES[number - 1] if number % 2 else None,
            views=number % 4,
            author=authors[number % 2],
            editor=authors[number % 2] if number % 3 else None,
        )
        for number, title in enumerate(TITLES)
    ]
    return Article.objects.bulk_create(made)


def python_says(q: Q | tuple[str, Any], article: Article, vendor: str) -> bool:
    """Evaluate a condition in plain Python, in two-valued logic as Django documents it."""
    if isinstance(q, Q):
        found = [python_says(child, article, vendor) for child in q.children]
        fits = all(found) if q.connector == "AND" else any(found)
        return fits != q.negated
    keyword, value = q
    name, _, lookup = keyword.partition("__")
    found_value: Any = getattr(article, name)
    if name in {"author", "editor"}:
        inner, _, lookup = lookup.partition("__")
        found_value = None if found_value is None else getattr(found_value, inner)
    if lookup == "contains" and vendor == "sqlite":
        lookup = "icontains"  # SQLite's LIKE ignores case, as Django documents
    if vendor == "mysql" and lookup in {"", "exact", "in"}:  # its collation ignores case
        found_value, value = _lowered(found_value), _lowered(value)
    return compare(found_value, lookup or "exact", value)


def _lowered(value: Any) -> Any:
    if isinstance(value, list):
        return [_lowered(item) for item in value]
    return value.lower() if isinstance(value, str) else value


def compare(found: Any, lookup: str, value: Any) -> bool:
    if lookup == "isnull":
        return bool((found is None) == value)
    if value is None or found is None:
        return bool(lookup == "exact" and found is None and value is None)
    simple = {
        "exact": lambda: found == value,
        "gt": lambda: found > value,
        "lte": lambda: found <= value,
        "in": lambda: found in value,
        "range": lambda: value[0] <= found <= value[1],
        "iexact": lambda: found.lower() == value.lower(),
        "istartswith": lambda: found.lower().startswith(value.lower()),
        "contains": lambda: value in found,
        "icontains": lambda: value.lower() in found.lower(),
    }
    return bool(simple[lookup]())


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tree=trees)
def test_filters_are_what_python_says(articles: list[Article], db: str, tree: Q) -> None:
    """Random conditions find the same rows as plain Python, from the cache and without it."""
    expected = {article.pk for article in articles if python_says(tree, article, db)}

    cached = set(Article.objects.filter(tree).values_list("pk", flat=True))
    plans.clear()
    fresh = set(Article.objects.filter(tree).values_list("pk", flat=True))

    excluded = set(Article.objects.exclude(tree).values_list("pk", flat=True))

    assert cached == fresh == expected
    assert excluded == {article.pk for article in articles} - expected


def test_queries_of_one_shape_share_a_plan(articles: list[Article]) -> None:
    """Other values are the same shape; a null, or an empty list, is another."""
    plans.clear()
    list(Article.objects.filter(title="x", views__in=[1, 2, 3]))
    before = plans.info()

    list(Article.objects.filter(title="y", views__in=[4, 5, 6, 7]))
    assert plans.info().misses == before.misses
    list(Article.objects.filter(title="y", views__in=[]))
    list(Article.objects.filter(subtitle=None))
    assert plans.info().misses == before.misses + 2


def test_getting_an_object_by_plain_values_is_one_plan(articles: list[Article]) -> None:
    """Whether the manager is asked, or a QuerySet; other keywords are another plan."""
    plans.clear()
    Article.objects.get(pk=articles[0].pk)

    assert Article.objects.get(pk=articles[1].pk) == articles[1]
    assert Article.objects.all().get(pk=articles[2].pk) == articles[2]
    assert plans.info().size == 1
    Article.objects.get(pk=articles[0].pk, title=articles[0].title)
    assert plans.info().size == 2


def test_a_list_is_padded_to_a_power_of_two(articles: list[Article], db: str) -> None:
    """Or it is one parameter, where the database takes arrays."""
    with CaptureQueries() as captured:
        list(Article.objects.filter(views__in=[1, 2, 3]))

    params = captured.queries[0].params
    assert params == (([1, 2, 3],) if db == "postgresql" else (1, 2, 3, 3))
    assert [padded(n) for n in (1, 2, 3, 5, 8, 9)] == [1, 2, 4, 8, 8, 16]


def test_expressions_are_part_of_the_shape(articles: list[Article]) -> None:
    """Their values are not: they are bound."""
    Article.objects.update(views=F("views") + 1)
    before = plans.info()

    Article.objects.update(views=F("views") + 100)
    assert plans.info().misses == before.misses
    Article.objects.update(views=F("views") * 2)
    assert plans.info().misses == before.misses + 1
    assert Article.objects.filter(views__gte=202).count() == len(articles)


def test_the_cache_is_bounded() -> None:
    """The least recently used plan goes first."""
    cache, made = PlanCache(size=2), []

    for name in ("a", "b", "a", "c", "a", "b"):
        if cache.find(name) is None:
            made.append(name)
            cache.keep(name, nothing(), configuration())

    assert made == ["a", "b", "c", "b"]
    assert cache.info() == (2, 4, 2)


def test_a_plan_is_not_kept_for_another_configuration_than_its_own() -> None:
    """Another thread may switch while it is made: the time zone is in it."""
    cache = PlanCache()
    with configured(Configuration(time_zone="Asia/Tokyo")) as tokyo:
        assert cache.find("shape") is None
        cache.keep("shape", nothing(), tokyo)
        assert cache.find("shape") is not None
        with configured(Configuration(time_zone="UTC")):
            assert cache.find("shape") is None
            cache.keep("shape", nothing(), tokyo)
            assert cache.find("shape") is None
