"""Datetimes with and without time zones in queries.

https://docs.djangoproject.com/en/stable/topics/i18n/timezones/
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from vendors import needs_time_zones

from raystack_orm import connection, models
from raystack_orm.models import F
from raystack_orm.models.functions import ExtractHour, Now, TruncDay
from raystack_orm.testing import override_settings

TOKYO = ZoneInfo("Asia/Tokyo")


class Flight(models.Model):
    name = models.CharField(max_length=5)
    departs = models.DateTimeField()

    class Meta:
        app_label = "conf_time_zones"
        ordering = ("name",)


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc, arg-type]


@pytest.fixture
def tokyo(db: str) -> Iterator[str]:
    """Tokyo's time zone, nine hours ahead, and a flight on New Year's Eve by UTC."""
    with override_settings(USE_TZ=True, TIME_ZONE="Asia/Tokyo"):
        Flight.objects.create(name="a", departs=utc(2025, 12, 31, 20))
        Flight.objects.create(name="b", departs=dt.datetime(2026, 1, 1, 12, tzinfo=TOKYO))
        yield db


@pytest.fixture
def naive(db: str) -> Iterator[str]:
    """No time zones: datetimes are local and naive."""
    with override_settings(USE_TZ=False, TIME_ZONE="UTC"):
        Flight.objects.create(name="a", departs=dt.datetime(2025, 12, 31, 20))  # noqa: DTZ001
        Flight.objects.create(name="b", departs=dt.datetime(2026, 1, 1, 3))  # noqa: DTZ001
        yield db


def names(**conditions: Any) -> str:
    return "".join(Flight.objects.filter(**conditions).values_list("name", flat=True))


def test_datetimes_come_back_aware_and_in_utc(tokyo: str) -> None:
    flight = Flight.objects.get(name="b")
    assert flight.departs == utc(2026, 1, 1, 3)
    assert flight.departs.utcoffset() == dt.timedelta(0)


def test_aware_values_of_any_zone_compare(tokyo: str) -> None:
    assert names(departs=dt.datetime(2026, 1, 1, 5, tzinfo=TOKYO)) == "a"
    assert names(departs__gt=utc(2026, 1, 1)) == "b"
    assert names(departs__lte=dt.datetime(2026, 1, 1, 12, tzinfo=TOKYO)) == "ab"


@pytest.mark.parametrize(
    ("lookup", "value", "expected"),
    [
        ("date", dt.date(2026, 1, 1), "ab"),
        ("year", 2026, "ab"),
        ("year__lt", 2026, ""),
        ("month", 1, "ab"),
        ("day", 1, "ab"),
        ("hour", 5, "a"),
        ("hour__gte", 6, "b"),
        ("week_day", 5, "ab"),
        ("time", dt.time(5), "a"),
        ("quarter", 1, "ab"),
    ],
)
def test_parts_are_those_of_the_current_time_zone(
    tokyo: str, lookup: str, value: Any, expected: str
) -> None:
    if not lookup.startswith("year"):
        needs_time_zones()
    assert names(**{f"departs__{lookup}": value}) == expected


def test_functions_use_the_current_time_zone_unless_given_another(tokyo: str) -> None:
    needs_time_zones()
    first = Flight.objects.annotate(
        hour=ExtractHour("departs"),
        utc_hour=ExtractHour("departs", tzinfo=dt.UTC),
        day=TruncDay("departs"),
    )[0]
    assert (first.hour, first.utc_hour) == (5, 20)
    assert first.day == dt.datetime(2026, 1, 1, tzinfo=TOKYO)


def test_datetimes_of_a_queryset_are_in_the_current_time_zone(tokyo: str) -> None:
    needs_time_zones()
    days = list(Flight.objects.datetimes("departs", "day"))
    assert days == [dt.datetime(2026, 1, 1, tzinfo=TOKYO)]
    assert list(Flight.objects.datetimes("departs", "day", tzinfo=dt.UTC)) == [
        utc(2025, 12, 31),
        utc(2026, 1, 1),
    ]


def test_naive_values_are_taken_as_local_with_a_warning(tokyo: str) -> None:
    with pytest.warns(RuntimeWarning):
        assert names(departs=dt.datetime(2026, 1, 1, 5)) == "a"  # noqa: DTZ001


def test_without_time_zones_values_are_naive(naive: str) -> None:
    assert Flight.objects.get(name="a").departs == dt.datetime(2025, 12, 31, 20)  # noqa: DTZ001
    assert Flight.objects.get(name="a").departs.tzinfo is None


@pytest.mark.parametrize(
    ("lookup", "value", "expected"),
    [
        ("", dt.datetime(2026, 1, 1, 3), "b"),  # noqa: DTZ001
        ("__gt", dt.datetime(2026, 1, 1), "b"),  # noqa: DTZ001
        ("__date", dt.date(2025, 12, 31), "a"),
        ("__year", 2026, "b"),
        ("__hour", 20, "a"),
        ("__range", (dt.datetime(2025, 1, 1), dt.datetime(2025, 12, 31, 23)), "a"),  # noqa: DTZ001
    ],
)
def test_without_time_zones_nothing_is_converted(
    naive: str, lookup: str, value: Any, expected: str
) -> None:
    assert names(**{f"departs{lookup}": value}) == expected


def test_without_time_zones_functions_are_naive(naive: str) -> None:
    assert list(Flight.objects.datetimes("departs", "year")) == [
        dt.datetime(2025, 1, 1),  # noqa: DTZ001
        dt.datetime(2026, 1, 1),  # noqa: DTZ001
    ]
    flight = Flight.objects.annotate(day=TruncDay("departs"), now=Now())[0]
    assert flight.day == dt.datetime(2025, 12, 31)  # noqa: DTZ001
    assert flight.now.tzinfo is None


def test_intervals_are_added_in_both_modes(naive: str) -> None:
    later = Flight.objects.filter(departs__lt=F("departs") + dt.timedelta(hours=1))
    assert later.count() == 2


def test_without_time_zones_aware_values_are_refused_or_converted(naive: str) -> None:
    aware = utc(2026, 1, 1, 3)
    if naive == "postgresql":
        assert names(departs=aware) == "b"
        return
    with pytest.raises(ValueError):
        names(departs=aware)


def test_a_cursor_on_postgresql_gives_what_the_field_gives(naive: str) -> None:
    if naive != "postgresql":
        pytest.skip("The other drivers do not know that it is a moment")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, departs FROM conf_time_zones_flight ORDER BY name")
        assert cursor.fetchone() == ("a", dt.datetime(2025, 12, 31, 20))  # noqa: DTZ001
    (first, _) = Flight.objects.raw("SELECT * FROM conf_time_zones_flight ORDER BY name")
    assert first.departs == dt.datetime(2025, 12, 31, 20)  # noqa: DTZ001


def test_moments_that_utc_does_not_have_are_before_or_after_all_others(db: str) -> None:
    """In every lookup, for a field and for an annotation of it."""
    first = dt.datetime.min.replace(tzinfo=dt.timezone(dt.timedelta(hours=5)))
    last = dt.datetime.max.replace(tzinfo=dt.timezone(-dt.timedelta(hours=5)))
    moment = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    Flight.objects.create(name="a", departs=moment)

    def count(**conditions: Any) -> int:
        found = Flight.objects.filter(**conditions).count()
        again = {key.replace("departs", "left"): value for key, value in conditions.items()}
        assert Flight.objects.annotate(left=F("departs")).filter(**again).count() == found
        return found

    assert count(departs__gt=moment) == count(departs__gt=last) == count(departs__gte=last) == 0
    assert count(departs__gte=first) == count(departs__lt=last) == 1
    assert count(departs=first) == count(departs__in=[first, last]) == count(departs__lt=first) == 0
    assert count(departs__in=[first, moment]) == count(departs__range=(first, last)) == 1
