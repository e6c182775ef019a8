"""defer(), only() and using().

https://docs.djangoproject.com/en/stable/ref/models/querysets/#defer
"""

from typing import Any

import pytest

from raystack_orm import FieldDoesNotExist, FieldError, models
from raystack_orm.models import Value
from raystack_orm.testing import assert_num_queries


class Studio(models.Model):
    name = models.CharField(max_length=20)
    history = models.TextField(default="long")

    class Meta:
        app_label = "conf_defer"


class Movie(models.Model):
    title = models.CharField(max_length=20)
    plot = models.TextField(default="twist")
    rating = models.IntegerField(default=5)
    studio = models.ForeignKey(Studio, models.CASCADE)

    class Meta:
        app_label = "conf_defer"


class Sequel(Movie):
    number = models.IntegerField(default=2)

    class Meta:
        app_label = "conf_defer"


@pytest.fixture(autouse=True)
def movies(db: str) -> None:
    """One movie of one studio."""
    Movie.objects.create(title="rain", studio=Studio.objects.create(name="north"))


EVERYTHING = {"title", "plot", "rating", "studio_id"}


@pytest.mark.parametrize(
    ("refine", "deferred"),
    [
        (lambda q: q, set()),
        (lambda q: q.defer("plot"), {"plot"}),
        (lambda q: q.defer("plot", "title"), {"plot", "title"}),
        (lambda q: q.defer("plot").filter(rating=5).defer("title"), {"plot", "title"}),
        (lambda q: q.defer("plot").defer("plot"), {"plot"}),
        (lambda q: q.defer("plot").defer(None), set()),
        (lambda q: q.defer("id"), set()),
        (lambda q: q.defer("studio"), {"studio_id"}),
        (lambda q: q.defer("studio_id"), {"studio_id"}),
        (lambda q: q.only("title"), EVERYTHING - {"title"}),
        (lambda q: q.only("title", "plot"), EVERYTHING - {"title", "plot"}),
        (lambda q: q.only("plot", "rating").only("title"), EVERYTHING - {"title"}),
        (lambda q: q.only("title", "plot").defer("plot"), EVERYTHING - {"title"}),
        (lambda q: q.only("id"), EVERYTHING),
        (lambda q: q.only("pk"), EVERYTHING),
        (lambda q: q.defer("title").only("title", "plot"), EVERYTHING - {"plot"}),
        (lambda q: q.only(), set()),
        (lambda q: q.only("studio"), EVERYTHING - {"studio_id"}),
    ],
)
def test_calls_leave_these_fields_unread(refine: Any, deferred: set[str]) -> None:
    movie = refine(Movie.objects.all()).get()
    assert movie.get_deferred_fields() == deferred


def test_a_deferred_field_is_read_when_it_is_used() -> None:
    movie = Movie.objects.defer("plot", "title").get()
    with assert_num_queries(1):
        assert movie.plot == "twist"
    with assert_num_queries(0):
        assert movie.plot == "twist"
    with assert_num_queries(1):
        assert movie.title == "rain"


def test_loaded_fields_and_the_key_need_no_query() -> None:
    movie = Movie.objects.only("title").get()
    with assert_num_queries(0):
        assert movie.title == "rain"
        assert movie.pk


def test_assigning_a_deferred_field_needs_no_query() -> None:
    movie = Movie.objects.defer("plot").get()
    with assert_num_queries(0):
        movie.plot = "new"
        assert movie.get_deferred_fields() == set()


def test_save_writes_the_loaded_fields_only() -> None:
    movie = Movie.objects.only("title").get()
    Movie.objects.update(plot="other")
    movie.title = "snow"
    with assert_num_queries(1):
        movie.save()
    fresh = Movie.objects.get()
    assert (fresh.title, fresh.plot) == ("snow", "other")


def test_fields_of_selected_models_are_deferred_by_path() -> None:
    with assert_num_queries(1):
        movie = Movie.objects.select_related("studio").defer("studio__history").get()
        assert movie.studio.name == "north"
    assert movie.studio.get_deferred_fields() == {"history"}
    with assert_num_queries(1):
        movie = Movie.objects.select_related("studio").only("title", "studio__name").get()
        assert (movie.title, movie.studio.name) == ("rain", "north")
    assert movie.studio.get_deferred_fields() == {"history"}


@pytest.mark.parametrize("refine", [lambda q: q.defer("studio"), lambda q: q.only("title")])
def test_the_field_that_connects_a_selected_model_cannot_be_deferred(refine: Any) -> None:
    with pytest.raises(FieldError):
        refine(Movie.objects.select_related("studio")).get()


@pytest.mark.parametrize("method", ["defer", "only"])
def test_an_unknown_field_is_an_error(method: str) -> None:
    with pytest.raises(FieldDoesNotExist):
        list(getattr(Movie.objects, method)("nope"))


def test_an_annotation_cannot_be_deferred() -> None:
    with pytest.raises(FieldDoesNotExist):
        list(Movie.objects.annotate(extra=Value(1)).defer("extra"))


def test_annotations_are_always_loaded() -> None:
    movie = Movie.objects.annotate(extra=Value(1)).only("title").get()
    with assert_num_queries(0):
        assert movie.extra == 1


def test_only_refuses_none_and_a_sole_string() -> None:
    with pytest.raises(TypeError):
        Movie.objects.only(None)


def test_refresh_from_db_reads_everything_loaded() -> None:
    movie = Movie.objects.only("title").get()
    Movie.objects.update(title="hail")
    movie.refresh_from_db()
    assert movie.title == "hail"


def test_using_chooses_the_database_by_its_alias() -> None:
    found = Movie.objects.using("default")
    assert found.db == "default"
    assert found.get()._state.db == "default"
    assert Movie.objects.all().db == "default"


def test_an_unknown_alias_fails_when_the_query_runs() -> None:
    from raystack_orm.exceptions import ConnectionDoesNotExist

    with assert_num_queries(0):
        found = Movie.objects.using("nowhere")
    with pytest.raises(ConnectionDoesNotExist):
        list(found)


def test_a_deferred_parent_key_needs_no_query(db: str) -> None:
    sequel = Sequel.objects.create(title="Two", studio=Studio.objects.create(name="x"))
    found = Sequel.objects.only("number").get()
    assert found.get_deferred_fields() == {"id", "title", "plot", "rating", "studio_id"}
    with assert_num_queries(0):
        assert found.id == sequel.pk
