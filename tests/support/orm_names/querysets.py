"""Uses of the names of QuerySets and of fetch modes."""

import datetime as dt

import pytest

from raystack_orm import FieldFetchBlocked, connection, models, transaction
from raystack_orm.models import Count, F, FilteredRelation, Prefetch, Q
from raystack_orm.testing import CaptureQueries, assert_num_queries, isolate_apps

from .library import Article, Author, Tag, article
from .loop import awaited
from .uses import uses

PAGE, MODES = "ref/models/querysets", "topics/db/fetch-modes"
MOMENT = dt.datetime(2026, 11, 15, 9, 30, 5, tzinfo=dt.UTC)  # a Sunday


@uses(
    PAGE,
    "QuerySet",
    "filter",
    "exclude",
    "annotate",
    "alias",
    "order_by",
    "reverse",
    "distinct",
    "values",
    "values_list",
    "none",
    "all",
    "Q",
    "QuerySet.ordered",
    "QuerySet.totally_ordered",
    "QuerySet.db",
)
def what_returns_querysets() -> None:
    one, two = article("One", views=1), article("Two", views=2)
    every = Article.objects.all()
    assert isinstance(every, models.QuerySet)
    assert list(every.filter(Q(views=1) | Q(title="Two")).exclude(pk=two.pk)) == [one]
    assert [a.twice for a in every.annotate(twice=F("views") * 2)] == [2, 4]
    assert list(every.alias(twice=F("views") * 2).filter(twice=4)) == [two]
    assert list(every.order_by("views").reverse()) == [two, one]
    assert list(every.order_by().values_list("author__name", flat=True).distinct()) == ["Ann"]
    assert every.values("title")[0] == {"title": "One"}
    assert list(every.none()) == []
    assert (every.ordered, every.order_by("pk").totally_ordered, every.db) == (
        True,
        True,
        "default",
    )
    assert not every.order_by("views").totally_ordered


@uses(PAGE, "dates", "datetimes", "union", "intersection", "difference", "using", "raw")
def other_querysets() -> None:
    one, two = article("One", views=1, published=MOMENT), article("Two", views=2, published=MOMENT)
    first, second = Article.objects.filter(views=1), Article.objects.filter(views=2)
    assert list(Article.objects.dates("published", "month")) == [dt.date(2026, 11, 1)]
    assert next(iter(Article.objects.datetimes("published", "hour"))).hour == 9
    assert set(first.order_by().union(second.order_by())) == {one, two}
    assert list(first.order_by().intersection(second.order_by())) == []
    assert list(first.order_by().difference(second.order_by())) == [one]
    assert Article.objects.using("default").count() == 2
    table = connection.ops.quote_name(Article._meta.db_table)
    assert list(Article.objects.raw(f"SELECT * FROM {table} WHERE views = %s", [2])) == [two]


@uses(
    PAGE,
    "select_related",
    "prefetch_related",
    "Prefetch",
    "prefetch_related_objects",
    "defer",
    "only",
    "iterator",
    "in_bulk",
)
def how_objects_are_loaded() -> None:
    made = article()
    made.tags.create(name="fun")
    with assert_num_queries(1):
        assert Article.objects.select_related("author").get().author.name == "Ann"
    with assert_num_queries(2):
        shown = Prefetch("tags", Tag.objects.filter(name="fun"), to_attr="shown")
        assert [tag.name for a in Article.objects.prefetch_related(shown) for tag in a.shown]
    with assert_num_queries(1):
        models.prefetch_related_objects([made], "tags")
        assert len(made.tags.all()) == 1
    assert Article.objects.defer("title").get().get_deferred_fields() == {"title"}
    assert "views" in Article.objects.only("title").get().get_deferred_fields()
    assert list(Article.objects.iterator(chunk_size=10)) == [made]
    assert Article.objects.in_bulk([made.pk]) == {made.pk: made}


@uses(
    PAGE,
    "get",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "update",
    "delete",
)
def writing() -> None:
    ann = Author.objects.create(name="Ann")
    assert Author.objects.get(name="Ann") == ann
    assert Author.objects.get_or_create(name="Ann") == (ann, False)
    assert Author.objects.update_or_create(name="Ann", defaults={"email": "a@b.c"})[1] is False
    bob, eve = Author.objects.bulk_create([Author(name="Bob"), Author(name="Eve")])
    bob.email = eve.email = "b@b.c"
    assert Author.objects.bulk_update([bob, eve], ["email"]) == 2
    assert Author.objects.filter(email="b@b.c").update(email="") == 2
    assert Author.objects.filter(name="Eve").delete() == (1, {"library.Author": 1})


@uses(
    PAGE,
    "count",
    "latest",
    "earliest",
    "first",
    "last",
    "aggregate",
    "exists",
    "contains",
    "explain",
)
def asking() -> None:
    old = article("Old", published=MOMENT)
    new = article("New", published=MOMENT + dt.timedelta(days=1))
    every = Article.objects.all()
    assert (every.count(), every.exists(), every.contains(old)) == (2, True, True)
    assert (every.latest(), every.earliest(), every.first(), every.last()) == (new, old, old, new)
    assert every.aggregate(n=Count("pk")) == {"n": 2}
    assert "library_article" in every.explain()


@uses(
    PAGE,
    "aget",
    "acreate",
    "aget_or_create",
    "aupdate_or_create",
    "abulk_create",
    "abulk_update",
    "acount",
    "ain_bulk",
    "aiterator",
    "alatest",
    "aearliest",
    "afirst",
    "alast",
    "aaggregate",
    "aexists",
    "acontains",
    "aupdate",
    "adelete",
    "aexplain",
    "aprefetch_related_objects",
)
def asking_and_writing_awaited() -> None:
    async def live() -> None:
        ann = await Author.objects.acreate(name="Ann")
        assert await Author.objects.aget(name="Ann") == ann
        assert await Author.objects.aget_or_create(name="Ann") == (ann, False)
        assert (await Author.objects.aupdate_or_create(name="Ann"))[1] is False
        [bob] = await Author.objects.abulk_create([Author(name="Bob")])
        bob.email = "b@b.c"
        assert await Author.objects.abulk_update([bob], ["email"]) == 1
        every = Author.objects.all()
        assert (await every.acount(), await every.aexists(), await every.acontains(bob)) == (
            2,
            True,
            True,
        )
        assert await every.ain_bulk([bob.pk]) == {bob.pk: bob}
        assert [author async for author in every.aiterator()] == [ann, bob]
        assert (await every.afirst(), await every.alast()) == (ann, bob)
        assert await every.alatest("id") == bob
        assert await every.aearliest("id") == ann
        assert await every.aaggregate(n=Count("pk")) == {"n": 2}
        await models.aprefetch_related_objects([ann], "articles")
        assert len(ann.articles.all()) == 0
        assert "library_author" in await every.aexplain()
        assert await every.filter(name="Bob").aupdate(email="") == 1
        assert (await every.filter(name="Bob").adelete())[0] == 1

    awaited(live)


@uses(PAGE, "select_for_update")
def rows_are_locked() -> None:
    article()
    with transaction.atomic():
        assert Article.objects.select_for_update().get().title == "On joins"


@uses(PAGE, "as_manager")
@isolate_apps()
def a_queryset_as_manager() -> None:
    class Popular(models.QuerySet["Song"]):
        def popular(self) -> "models.QuerySet[Song]":
            return self.filter(plays__gt=100)

    class Song(models.Model):
        plays = models.IntegerField()
        objects = Popular.as_manager()

        class Meta:
            app_label = "atlas"

    from .library import stored

    stored(Song)
    Song.objects.create(plays=1)
    assert list(Song.objects.popular()) == []


@uses(
    PAGE,
    "exact",
    "iexact",
    "contains",
    "icontains",
    "in",
    "gt",
    "gte",
    "lt",
    "lte",
    "startswith",
    "istartswith",
    "endswith",
    "iendswith",
    "range",
    "isnull",
    "regex",
    "iregex",
)
def lookups() -> None:
    made = article("On Joins", views=5)
    conditions = {
        "title__exact": "On Joins",
        "title__iexact": "on joins",
        "title__contains": "Join",
        "title__icontains": "JOIN",
        "views__in": [5],
        "views__gt": 4,
        "views__gte": 5,
        "views__lt": 6,
        "views__lte": 5,
        "title__startswith": "On",
        "title__istartswith": "ON",
        "title__endswith": "Joins",
        "title__iendswith": "JOINS",
        "views__range": (4, 6),
        "price__isnull": True,
        "title__regex": "^On J",
        "title__iregex": "^on j",
    }
    for condition, value in conditions.items():
        assert list(Article.objects.filter(**{condition: value})) == [made], condition
        assert not Article.objects.exclude(**{condition: value}).exists(), condition


@uses(
    PAGE,
    "date",
    "year",
    "iso_year",
    "month",
    "day",
    "week",
    "week_day",
    "iso_week_day",
    "quarter",
    "time",
    "hour",
    "minute",
    "second",
)
def lookups_of_moments() -> None:
    made = article(published=MOMENT)
    parts = {
        "date": MOMENT.date(),
        "year": 2026,
        "iso_year": 2026,
        "month": 11,
        "day": 15,
        "week": 46,
        "week_day": 1,
        "iso_week_day": 7,
        "quarter": 4,
        "time": MOMENT.time(),
        "hour": 9,
        "minute": 30,
        "second": 5,
    }
    for part, value in parts.items():
        assert list(Article.objects.filter(**{f"published__{part}": value})) == [made], part


@uses(
    PAGE,
    "AnyValue",
    "Avg",
    "BitAnd",
    "BitOr",
    "BitXor",
    "Count",
    "Max",
    "Min",
    "StdDev",
    "Sum",
    "Variance",
    "StringAgg",
    "Avg.distinct",
    "Count.distinct",
    "Sum.distinct",
    "StdDev.sample",
    "Variance.sample",
    "StringAgg.delimiter",
)
def aggregates() -> None:
    for views in (1, 1, 3):
        article("T", views=views)
    found = Article.objects.aggregate(
        avg=models.Avg("views", distinct=True),
        total=models.Sum("views", distinct=True),
        count=models.Count("views", distinct=True),
        least=models.Min("views"),
        most=models.Max("views"),
        spread=models.StdDev("views", sample=True),
        variance=models.Variance("views", sample=True),
        text=models.StringAgg("title", delimiter=models.Value("+")),
    )
    assert (found["avg"], found["total"], found["count"]) == (2, 4, 2)
    assert (found["least"], found["most"], found["text"]) == (1, 3, "T+T+T")
    assert round(found["spread"] ** 2, 6) == round(found["variance"], 6) == round(4 / 3, 6)
    for aggregate, result in ((models.BitAnd, 1), (models.BitOr, 3), (models.BitXor, 3)):
        assert Article.objects.aggregate(n=aggregate("views")) == {"n": result}
    grouped = Article.objects.order_by().values("title").annotate(one=models.AnyValue("views"))
    assert grouped.get()["one"] in (1, 3)


@uses(PAGE, "FilteredRelation", "FilteredRelation.relation_name", "FilteredRelation.condition")
def a_filtered_relation() -> None:
    made = article("On joins", views=1)
    relation = FilteredRelation("articles", condition=Q(articles__views=1))
    assert (relation.relation_name, relation.condition) == ("articles", Q(articles__views=1))
    found = Author.objects.annotate(quiet=relation).filter(quiet__title="On joins")
    assert list(found) == [made.author]


@uses(PAGE, "fetch_mode")
@uses(MODES, "FETCH_ONE", "FETCH_PEERS", "FETCH_RAISE")
def fetch_modes() -> None:
    for title in "abc":
        article(title, author=title)

    def names(mode: object) -> int:
        with CaptureQueries() as captured:
            assert [a.author.name for a in Article.objects.fetch_mode(mode)] == ["a", "b", "c"]
        return len(captured)

    assert (names(models.FETCH_ONE), names(models.FETCH_PEERS)) == (4, 2)
    with pytest.raises(FieldFetchBlocked):
        names(models.FETCH_RAISE)
