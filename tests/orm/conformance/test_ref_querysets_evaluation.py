"""When QuerySets are evaluated, cached, sliced and pickled.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#when-querysets-are-evaluated
"""

import copy
import pickle

import pytest

from raystack_orm import models
from raystack_orm.testing import assert_num_queries


class Planet(models.Model):
    name = models.CharField(max_length=20)
    moons = models.IntegerField(default=0)

    class Meta:
        app_label = "conf_evaluation"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


NAMES = ["earth", "jupiter", "mars", "neptune", "saturn"]


@pytest.fixture(autouse=True)
def planets(db: str) -> None:
    """Five planets, in the order of their names."""
    for moons, name in enumerate(NAMES):
        Planet.objects.create(name=name, moons=moons)


def names(found: object) -> list[str]:
    return [planet.name for planet in found]  # type: ignore[attr-defined]


def test_building_a_queryset_runs_no_query() -> None:
    with assert_num_queries(0):
        found = Planet.objects.filter(moons__gt=1).exclude(name="mars").order_by("-name")
        found.distinct().values("name")[:2]


def test_iteration_runs_one_query_and_fills_the_cache() -> None:
    found = Planet.objects.all()
    with assert_num_queries(1):
        assert names(found) == NAMES
        assert names(found) == NAMES


def test_two_iterations_see_the_same_instances() -> None:
    found = Planet.objects.all()
    assert all(one is other for one, other in zip(found, found, strict=True))


def test_len_evaluates_and_caches() -> None:
    found = Planet.objects.all()
    with assert_num_queries(1):
        assert len(found) == 5
        assert names(found) == NAMES


def test_list_evaluates() -> None:
    with assert_num_queries(1):
        assert names(list(Planet.objects.all())) == NAMES


@pytest.mark.parametrize(("moons", "truth"), [(1, True), (99, False)])
def test_bool_evaluates_and_caches(moons: int, truth: bool) -> None:
    found = Planet.objects.filter(moons=moons)
    with assert_num_queries(1):
        assert bool(found) is truth
        list(found)


def test_repr_shows_the_objects() -> None:
    found = Planet.objects.filter(moons__lt=2)
    with assert_num_queries(1):
        assert repr(found) == "<QuerySet [<Planet: earth>, <Planet: jupiter>]>"


def test_repr_shows_at_most_twenty_objects() -> None:
    Planet.objects.bulk_create(Planet(name=f"p{number:02}") for number in range(30))
    shown = repr(Planet.objects.filter(name__startswith="p"))
    assert shown.count("<Planet: ") == 20
    assert "remaining elements truncated" in shown


def test_in_evaluates() -> None:
    mars = Planet.objects.get(name="mars")
    found = Planet.objects.all()
    with assert_num_queries(1):
        assert mars in found
        assert mars in found


def test_a_refinement_starts_with_an_empty_cache() -> None:
    found = Planet.objects.all()
    list(found)
    with assert_num_queries(1):
        list(found.all())


def test_the_cache_does_not_see_later_rows_but_a_copy_does() -> None:
    found = Planet.objects.all()
    assert len(found) == 5
    Planet.objects.create(name="venus")
    assert len(found) == 5
    assert len(found.all()) == 6


def test_count_exists_and_an_index_use_the_cache() -> None:
    found = Planet.objects.all()
    list(found)
    with assert_num_queries(0):
        assert found.count() == 5
        assert found.exists()
        assert found[1].name == "jupiter"
        assert names(found[1:3]) == ["jupiter", "mars"]


def test_an_index_on_an_unevaluated_queryset_queries_each_time() -> None:
    found = Planet.objects.all()
    with assert_num_queries(2):
        assert found[4].name == "saturn"
        assert found[4].name == "saturn"


def test_an_index_beyond_the_end_is_an_index_error() -> None:
    with pytest.raises(IndexError):
        Planet.objects.all()[5]


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        (slice(None, 2), NAMES[:2]),
        (slice(2, None), NAMES[2:]),
        (slice(1, 3), NAMES[1:3]),
        (slice(0, 0), []),
        (slice(3, 1), []),
        (slice(4, 99), NAMES[4:]),
        (slice(99, 100), []),
        (slice(None), NAMES),
    ],
)
def test_a_slice_is_a_lazy_queryset(cut: slice, expected: list[str]) -> None:
    with assert_num_queries(0):
        found = Planet.objects.all()[cut]
        assert isinstance(found, models.QuerySet)
    assert names(found) == expected


def test_an_empty_slice_runs_no_query() -> None:
    with assert_num_queries(0):
        assert list(Planet.objects.all()[2:2]) == []


def test_a_step_evaluates_and_gives_a_list() -> None:
    with assert_num_queries(1):
        found = Planet.objects.all()[0:5:2]
        assert isinstance(found, list)
    assert names(found) == ["earth", "mars", "saturn"]


def test_a_slice_of_an_evaluated_queryset_is_a_list() -> None:
    found = Planet.objects.all()
    list(found)
    assert isinstance(found[:2], list)


def test_a_slice_of_a_slice_counts_from_its_start() -> None:
    assert names(Planet.objects.all()[1:4][1:2]) == ["mars"]
    assert names(Planet.objects.all()[1:][:2]) == ["jupiter", "mars"]
    assert names(Planet.objects.all()[:2][1:10]) == ["jupiter"]
    assert Planet.objects.all()[2:][0].name == "mars"


@pytest.mark.parametrize("cut", [-1, slice(-1, None), slice(None, -2), slice(-3, -1)])
def test_negative_indexes_are_an_error(cut: int | slice) -> None:
    with pytest.raises(ValueError):
        Planet.objects.all()[cut]


def test_an_index_of_another_type_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        Planet.objects.all()["first"]  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.filter(name="mars"),
        lambda found: found.exclude(name="mars"),
        lambda found: found.order_by("name"),
        lambda found: found.reverse(),
        lambda found: found.distinct(),
        lambda found: found.latest("name"),
        lambda found: found.earliest("name"),
        lambda found: found.last(),
        lambda found: found.update(moons=1),
        lambda found: found.delete(),
    ],
    ids=[
        *("filter", "exclude", "order_by", "reverse", "distinct"),
        *("latest", "earliest", "last", "update", "delete"),
    ],
)
def test_a_slice_cannot_be_refined_further(change: object) -> None:
    with pytest.raises(TypeError):
        change(Planet.objects.all()[:2])  # type: ignore[operator]
    assert Planet.objects.count() == 5


@pytest.mark.parametrize("method", ["get", "first"])
def test_a_slice_may_still_be_read(method: str) -> None:
    assert getattr(Planet.objects.all()[2:3], method)().name == "mars"


def test_a_slice_is_counted_within_its_bounds() -> None:
    assert Planet.objects.all()[3:10].count() == 2
    assert not Planet.objects.all()[10:].exists()
    assert Planet.objects.all()[1:3].aggregate(models.Sum("moons")) == {"moons__sum": 3}


def test_a_slice_can_be_a_subquery() -> None:
    first = Planet.objects.order_by("name")[:2]
    assert names(Planet.objects.filter(pk__in=first)) == ["earth", "jupiter"]


def test_a_pickled_queryset_holds_its_results() -> None:
    found = Planet.objects.filter(moons__lt=2)
    with assert_num_queries(1):
        pickled = pickle.dumps(found)
    Planet.objects.all().delete()
    with assert_num_queries(0):
        restored = pickle.loads(pickled)
        assert names(restored) == ["earth", "jupiter"]
        assert restored[0] == restored[0]


def test_a_pickled_query_recreates_the_queryset_without_results() -> None:
    query = pickle.loads(pickle.dumps(Planet.objects.filter(moons=2).query))
    found = Planet.objects.all()
    found.query = query
    with assert_num_queries(1):
        assert names(found) == ["mars"]


def test_a_pickled_query_of_values_list_becomes_values() -> None:
    found = Planet.objects.all()
    found.query = pickle.loads(
        pickle.dumps(Planet.objects.filter(moons=2).values_list("name").query)
    )
    assert list(found) == [{"name": "mars"}]


def test_a_deep_copy_has_no_results_and_a_refinement_leaves_the_original_alone() -> None:
    found = Planet.objects.filter(moons__lt=3)
    list(found)
    with assert_num_queries(1):
        assert names(copy.deepcopy(found)) == NAMES[:3]
    assert names(found.filter(moons=0)) == ["earth"]
    assert names(found) == NAMES[:3]


def test_a_queryset_is_never_equal_by_content_and_has_no_truth_of_identity() -> None:
    assert Planet.objects.all() != Planet.objects.all()


def test_str_of_the_query_is_its_sql() -> None:
    with assert_num_queries(0):
        sql = str(Planet.objects.filter(name="mars").query)
    assert sql.upper().startswith("SELECT")
    assert "conf_evaluation_planet" in sql
