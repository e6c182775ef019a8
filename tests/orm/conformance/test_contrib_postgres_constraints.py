"""ExclusionConstraint and kinds of indexes, on PostgreSQL.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/constraints/
"""

import datetime as dt
from typing import Any

import pytest
from vendors import only

from raystack_orm import IntegrityError, ValidationError, connection, models, transaction
from raystack_orm.models import Func, Q
from raystack_orm.postgres.constraints import ExclusionConstraint
from raystack_orm.postgres.fields import (
    DateTimeRangeField,
    IntegerRangeField,
    RangeBoundary,
    RangeOperators,
)
from raystack_orm.postgres.indexes import BrinIndex, BTreeIndex, GinIndex, GistIndex, HashIndex

pytestmark = only("postgresql")


class Event(models.Model):
    name = models.CharField(max_length=20, default="")
    ages = IntegerRangeField(null=True)

    class Meta:
        app_label = "c1_pgc"
        required_db_vendor = "postgresql"
        ordering = ("pk",)
        indexes = (
            GistIndex(fields=["ages"], name="c1_pgc_gist"),
            BTreeIndex(fields=["name"], name="c1_pgc_btree"),
            HashIndex(fields=["name"], name="c1_pgc_hash"),
            BrinIndex(fields=["id"], name="c1_pgc_brin", pages_per_range=4, autosummarize=True),
        )


class Numbers(models.Model):
    data = models.JSONField(default=list)

    class Meta:
        app_label = "c1_pgc"
        required_db_vendor = "postgresql"
        indexes = (GinIndex(fields=["data"], name="c1_pgc_gin", fastupdate=False),)


class TsRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Reservation(models.Model):
    room = models.IntegerField()
    start = models.DateTimeField()
    end = models.DateTimeField()
    cancelled = models.BooleanField(default=False)

    class Meta:
        app_label = "c1_pgc"
        required_db_vendor = "postgresql"
        constraints = (
            ExclusionConstraint(
                name="c1_pgc_overlap",
                expressions=[
                    (TsRange("start", "end", RangeBoundary()), RangeOperators.OVERLAPS),
                    ("room", RangeOperators.EQUAL),
                ],
                condition=Q(cancelled=False),
            ),
        )


def test_exclusion_constraint(db: str) -> None:
    def book(room: int, day: int, **options: Any) -> Reservation:
        start = dt.datetime(2024, 1, day, tzinfo=dt.UTC)
        return Reservation(room=room, start=start, end=start + dt.timedelta(days=2), **options)

    book(1, 1).save()
    book(2, 1).save()
    book(1, 3).save()
    book(1, 2, cancelled=True).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        book(1, 2).save()
    with pytest.raises(ValidationError):
        book(1, 2).validate_constraints()
    book(1, 2, cancelled=True).validate_constraints()


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("c1_pgc_gist", "gist"),
        ("c1_pgc_btree", "btree"),
        ("c1_pgc_hash", "hash"),
        ("c1_pgc_brin", "brin"),
        ("c1_pgc_gin", "gin"),
    ],
)
def test_index_methods(db: str, name: str, method: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        assert f"USING {method}" in cursor.fetchone()[0]


def test_index_parameters(db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'c1_pgc_brin'")
        definition = cursor.fetchone()[0]
    assert "pages_per_range" in definition
    assert "autosummarize" in definition
