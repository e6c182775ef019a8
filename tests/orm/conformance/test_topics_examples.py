"""The three examples: many-to-many, many-to-one, one-to-one.

https://docs.djangoproject.com/en/stable/topics/db/examples/
"""

import datetime as dt

import pytest

from raystack_orm import IntegrityError, models, transaction


class Publication(models.Model):
    title = models.CharField(max_length=30)

    class Meta:
        app_label = "c1_examples"
        ordering = ("title",)


class Reporter(models.Model):
    first_name = models.CharField(max_length=30)
    last_name = models.CharField(max_length=30)

    class Meta:
        app_label = "c1_examples"

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Article(models.Model):
    headline = models.CharField(max_length=100)
    pub_date = models.DateField(default=dt.date(2005, 7, 27))
    reporter = models.ForeignKey(Reporter, models.CASCADE, null=True)
    publications = models.ManyToManyField(Publication)

    class Meta:
        app_label = "c1_examples"
        ordering = ("headline",)


class Place(models.Model):
    name = models.CharField(max_length=50)
    address = models.CharField(max_length=80, default="")

    class Meta:
        app_label = "c1_examples"


class Restaurant(models.Model):
    place = models.OneToOneField(Place, models.CASCADE, primary_key=True)
    serves_pizza = models.BooleanField(default=False)

    class Meta:
        app_label = "c1_examples"


class Waiter(models.Model):
    restaurant = models.ForeignKey(Restaurant, models.CASCADE)
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "c1_examples"


@pytest.fixture
def press(db: str) -> tuple[list[Publication], list[Article]]:
    papers = [Publication.objects.create(title=t) for t in ("Journal", "News", "Weekly")]
    one = Article.objects.create(headline="Django lets you build apps easily")
    two = Article.objects.create(headline="NASA uses Python")
    one.publications.add(papers[0])
    two.publications.add(*papers)
    return papers, [one, two]


Press = tuple[list[Publication], list[Article]]


def test_relations_are_seen_from_both_sides(press: Press) -> None:
    papers, (one, two) = press
    assert list(one.publications.all()) == [papers[0]]
    assert list(papers[1].article_set.all()) == [two]
    assert list(papers[0].article_set.all()) == [one, two]


@pytest.mark.parametrize(
    ("lookups", "count"),
    [
        ({"publications__title__startswith": "News"}, 1),
        ({"publications__title__startswith": "Journal"}, 2),
        ({"publications__title__in": ["Journal", "News"]}, 3),
    ],
)
def test_queries_follow_relations(press: Press, lookups: dict[str, object], count: int) -> None:
    assert Article.objects.filter(**lookups).count() == count


def test_distinct_makes_each_article_count_once(press: Press) -> None:
    query = Article.objects.filter(publications__title__in=["Journal", "News"])
    assert query.distinct().count() == 2


def test_relations_are_queried_by_key_object_and_list(press: Press) -> None:
    papers, (one, two) = press
    assert set(Article.objects.filter(publications=papers[0])) == {one, two}
    assert set(Article.objects.filter(publications=papers[0].pk)) == {one, two}
    assert set(Article.objects.filter(publications__in=[papers[1], papers[2].pk])) == {two}
    assert list(Article.objects.exclude(publications=papers[1])) == [one]
    assert set(Publication.objects.filter(article__headline__startswith="NASA")) == set(papers)


def test_deleting_one_side_removes_the_relation(press: Press) -> None:
    papers, (one, two) = press
    papers[0].delete()
    assert list(one.publications.all()) == []
    two.delete()
    assert list(papers[1].article_set.all()) == []
    assert Publication.objects.count() == 2


def test_bulk_deletion(press: Press) -> None:
    _, (_, two) = press
    Publication.objects.filter(title__startswith="News").delete()
    assert two.publications.count() == 2
    Article.objects.filter(headline__startswith="NASA").delete()
    assert Article.objects.count() == 1


def test_removing_and_clearing(press: Press) -> None:
    papers, (one, two) = press
    papers[1].article_set.remove(two)
    assert list(two.publications.all()) == [papers[0], papers[2]]
    papers[0].article_set.clear()
    assert list(one.publications.all()) == []
    two.publications.set([papers[1]])
    assert list(two.publications.all()) == [papers[1]]


@pytest.fixture
def john(db: str) -> Reporter:
    return Reporter.objects.create(first_name="John", last_name="Smith")


def test_articles_of_a_reporter(john: Reporter) -> None:
    first = john.article_set.create(headline="John's second story")
    second = Article(headline="A third")
    john.article_set.add(second, bulk=False)
    assert second.reporter == john
    assert list(john.article_set.all()) == [second, first]
    assert list(john.article_set.filter(headline__startswith="A")) == [second]


def test_moving_an_article(john: Reporter) -> None:
    paul = Reporter.objects.create(first_name="Paul", last_name="Jones")
    article = john.article_set.create(headline="x")
    paul.article_set.add(article)
    assert article.reporter == paul
    assert john.article_set.count() == 0


@pytest.mark.parametrize(
    "lookups",
    [
        {"reporter__first_name": "John"},
        {"reporter__first_name__exact": "John", "reporter__last_name__exact": "Smith"},
        {"reporter__last_name__startswith": "Sm"},
    ],
)
def test_articles_by_their_reporter(john: Reporter, lookups: dict[str, str]) -> None:
    john.article_set.create(headline="x")
    Article.objects.create(headline="nobody's")
    assert Article.objects.get(**lookups).headline == "x"


def test_reporters_by_their_articles(john: Reporter) -> None:
    for headline in ("This is a test", "This too"):
        john.article_set.create(headline=headline)
    query = Reporter.objects.filter(article__headline__startswith="This")
    assert query.count() == 2
    assert query.distinct().get() == john
    assert Reporter.objects.order_by("first_name").distinct().count() == 1


def test_deleting_a_reporter_deletes_the_articles(john: Reporter) -> None:
    john.article_set.create(headline="x")
    john.delete()
    assert Article.objects.count() == 0


def test_dates_of_related_articles(john: Reporter) -> None:
    john.article_set.create(headline="x")
    assert list(Article.objects.filter(reporter=john).dates("pub_date", "month")) == [
        dt.date(2005, 7, 1)
    ]


def test_a_place_is_a_restaurant_or_not(db: str) -> None:
    dogs, ace = Place.objects.create(name="Dogs"), Place.objects.create(name="Ace")
    restaurant = Restaurant.objects.create(place=dogs)
    assert restaurant.place == dogs
    assert dogs.restaurant == restaurant
    assert not hasattr(ace, "restaurant")
    restaurant.place = ace
    restaurant.save()
    assert Restaurant.objects.count() == 2
    assert Place.objects.get(name="Ace").restaurant.pk == ace.pk


def test_an_unsaved_place_cannot_be_a_restaurant(db: str) -> None:
    with pytest.raises(ValueError, match="place"):
        Restaurant.objects.create(place=Place(name="new"))


def test_restaurants_by_place_and_waiters_by_restaurant(db: str) -> None:
    restaurant = Restaurant.objects.create(place=Place.objects.create(name="Dogs"))
    waiter = restaurant.waiter_set.create(name="Joe")
    assert Restaurant.objects.get(place__name__startswith="Do") == restaurant
    assert Restaurant.objects.get(pk=restaurant.place) == restaurant
    assert Place.objects.get(restaurant__place__name="Dogs").restaurant == restaurant
    assert Waiter.objects.get(restaurant__place__name__startswith="Dogs") == waiter
    assert Waiter.objects.get(restaurant__place=restaurant.pk) == waiter


def test_a_second_restaurant_at_a_place_is_refused(db: str) -> None:
    place = Place.objects.create(name="Dogs")
    Restaurant.objects.create(place=place)
    with pytest.raises(IntegrityError), transaction.atomic():
        Restaurant(place=place).save(force_insert=True)
