"""Thousands of rows and values: nothing meets the database's limits on a query.

https://docs.djangoproject.com/en/stable/ref/databases/
"""

from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import Count, Q, Sum
from raystack_orm.testing import assert_num_queries

ROWS = 1500


class Sensor(models.Model):
    number = models.IntegerField(unique=True)
    label = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "conf_large"


class Reading(models.Model):
    sensor = models.ForeignKey(Sensor, models.CASCADE, related_name="readings")
    value = models.IntegerField(default=1)

    class Meta:
        app_label = "conf_large"


@pytest.fixture(autouse=True)
def sensors(db: str) -> None:
    """1,500 sensors with a reading each."""
    made = Sensor.objects.bulk_create([Sensor(number=number) for number in range(ROWS)])
    Reading.objects.bulk_create([Reading(sensor=sensor) for sensor in made])


def keys() -> list[Any]:
    return list(Sensor.objects.order_by("number").values_list("pk", flat=True))


def test_bulk_create_keeps_order_and_keys() -> None:
    made = Sensor.objects.bulk_create([Sensor(number=ROWS + n) for n in range(ROWS)])
    assert Sensor.objects.count() == 2 * ROWS
    stored = dict(Sensor.objects.filter(number__gte=ROWS).values_list("number", "pk"))
    assert all(stored[sensor.number] == sensor.pk for sensor in made)


def test_in_takes_thousands_of_values() -> None:
    assert Sensor.objects.filter(pk__in=keys()).count() == ROWS
    assert Sensor.objects.filter(number__in=range(5000)).count() == ROWS
    assert Sensor.objects.exclude(number__in=range(1, 5000)).count() == 1
    assert Sensor.objects.filter(Q(number__in=range(2000)) & Q(pk__in=keys())).count() == ROWS


def test_in_bulk_of_thousands() -> None:
    found = Sensor.objects.in_bulk(keys())
    assert len(found) == ROWS
    assert len(Sensor.objects.in_bulk(range(ROWS), field_name="number")) == ROWS


def test_bulk_update_of_thousands() -> None:
    sensors = list(Sensor.objects.order_by("number"))
    for sensor in sensors:
        sensor.label = f"s{sensor.number}"
    assert Sensor.objects.bulk_update(sensors, ["label"], batch_size=100) == ROWS
    assert Sensor.objects.get(number=ROWS - 1).label == f"s{ROWS - 1}"


def test_prefetch_for_thousands_is_one_more_query() -> None:
    with assert_num_queries(2):
        sensors = list(Sensor.objects.prefetch_related("readings"))
    with assert_num_queries(0):
        assert sum(len(sensor.readings.all()) for sensor in sensors) == ROWS


def test_delete_of_thousands_cascades() -> None:
    count, by_model = Sensor.objects.all().delete()
    assert count == 2 * ROWS
    assert by_model == {"conf_large.Reading": ROWS, "conf_large.Sensor": ROWS}


def test_iterator_reads_in_chunks() -> None:
    for size in (1, 7, 100, 5000):
        rows = Sensor.objects.order_by("number").iterator(chunk_size=size)
        assert [sensor.number for sensor in rows] == list(range(ROWS))


def test_iterator_can_be_left_half_way() -> None:
    rows = Sensor.objects.order_by("number").iterator(chunk_size=10)
    assert [next(rows).number for _ in range(25)] == list(range(25))
    del rows
    assert Sensor.objects.count() == ROWS


def test_two_iterators_interleave() -> None:
    one = Sensor.objects.order_by("number").iterator(chunk_size=10)
    two = Sensor.objects.order_by("-number").iterator(chunk_size=10)
    pairs = [(next(one).number, next(two).number) for _ in range(30)]
    assert pairs[29] == (29, ROWS - 30)
    assert Sensor.objects.filter(number=5).exists()


def test_many_conditions_and_annotations() -> None:
    either = Q()
    for number in range(200):
        either |= Q(number=number)
    assert Sensor.objects.filter(either).count() == 200
    wide = Sensor.objects.annotate(**{f"n{index}": Count("readings") for index in range(40)})
    assert wide.first().n39 == 1


def test_deeply_chained_refinements() -> None:
    found = Sensor.objects.all()
    for number in range(150):
        found = found.exclude(number=number)
    assert found.count() == ROWS - 150
    assert found.aggregate(Sum("readings__value")) == {"readings__value__sum": ROWS - 150}


def test_set_and_add_of_thousands() -> None:
    sensor = Sensor.objects.get(number=0)
    sensor.readings.set(Reading.objects.all())
    assert sensor.readings.count() == ROWS
