"""Uses of the names of indexes and constraints."""

import pytest

from raystack_orm import IntegrityError, ValidationError, models, transaction
from raystack_orm.models import F, Q
from raystack_orm.models.functions import Lower
from raystack_orm.postgres.indexes import OpClass
from raystack_orm.testing import isolate_apps

from .fields import columns
from .library import stored
from .postgres import definitions
from .uses import uses

INDEXES, PAGE = "ref/models/indexes", "ref/models/constraints"


@uses(
    INDEXES,
    "Index",
    "Index.expressions",
    "Index.fields",
    "Index.name",
    "Index.db_tablespace",
    "Index.condition",
)
@uses(
    PAGE,
    "BaseConstraint",
    "BaseConstraint.name",
    "CheckConstraint",
    "CheckConstraint.condition",
    "UniqueConstraint",
    "UniqueConstraint.expressions",
    "UniqueConstraint.fields",
    "UniqueConstraint.condition",
)
@isolate_apps()
def indexes_and_constraints() -> None:
    class Town(models.Model):
        name = models.CharField(max_length=10)
        size = models.IntegerField()

        class Meta:
            app_label = "atlas"
            indexes = [
                models.Index(fields=["-size"], name="by_size", db_tablespace=""),
                models.Index(Lower("name"), name="by_lower"),
                models.Index(fields=["name"], name="of_large", condition=Q(size__gt=9)),
            ]
            constraints = [
                models.CheckConstraint(condition=Q(size__gt=0), name="sized"),
                models.UniqueConstraint(Lower("name"), name="one_name"),
                models.UniqueConstraint(fields=["size"], condition=Q(size__gt=9), name="one_size"),
            ]

    stored(Town)
    schema = columns(Town)
    for name in ("by_size", "by_lower", "of_large", "sized", "one_name", "one_size"):
        assert name in schema
    assert Town._meta.indexes[0].fields == ["-size"]
    assert Town._meta.indexes[1].expressions == (Lower("name"),)
    assert Town._meta.indexes[2].condition == Q(size__gt=9)
    assert not Town._meta.indexes[0].db_tablespace
    assert all(isinstance(each, models.BaseConstraint) for each in Town._meta.constraints)
    Town.objects.create(name="Ulm", size=10)
    for values in ({"name": "ULM", "size": 1}, {"name": "A", "size": 0}, {"name": "B", "size": 10}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Town.objects.create(**values)


@uses(
    PAGE,
    "BaseConstraint.validate",
    "BaseConstraint.violation_error_code",
    "BaseConstraint.violation_error_message",
    "UniqueConstraint.violation_error_code",
    "UniqueConstraint.violation_error_message",
)
@isolate_apps()
def constraints_validate() -> None:
    class Town(models.Model):
        name = models.CharField(max_length=10)

        class Meta:
            app_label = "atlas"

    stored(Town)
    Town.objects.create(name="Ulm")
    check = models.CheckConstraint(
        condition=~Q(name="Ulm"),
        name="not_ulm",
        violation_error_code="ulm",
        violation_error_message="Not %(name)s.",
    )
    unique = models.UniqueConstraint(
        F("name"), name="one", violation_error_code="taken", violation_error_message="It is taken."
    )
    for constraint, code, message in (
        (check, "ulm", "Not not_ulm."),
        (unique, "taken", "It is taken."),
    ):
        with pytest.raises(ValidationError) as caught:
            constraint.validate(Town, Town(name="Ulm"))
        assert (caught.value.code, caught.value.messages) == (code, [message])


@uses(INDEXES, "Index.opclasses", "Index.include", vendor="postgresql")
@uses(
    PAGE,
    "UniqueConstraint.deferrable",
    "UniqueConstraint.include",
    "UniqueConstraint.opclasses",
    "UniqueConstraint.nulls_distinct",
    vendor="postgresql",
)
@isolate_apps()
def what_postgresql_alone_has() -> None:
    class Town(models.Model):
        name = models.CharField(max_length=10)
        size = models.IntegerField(null=True)
        note = models.IntegerField(default=1)

        class Meta:
            app_label = "atlas"
            indexes = [
                models.Index(
                    fields=["name"],
                    name="like",
                    opclasses=["varchar_pattern_ops"],
                    include=["size"],
                ),
                models.Index(OpClass(Lower("name"), "text_pattern_ops"), name="low"),
            ]
            constraints = [
                models.UniqueConstraint(
                    fields=["note"], name="late", deferrable=models.Deferrable.DEFERRED
                ),
                models.UniqueConstraint(
                    fields=["name"],
                    name="with_size",
                    include=["size"],
                    opclasses=["varchar_pattern_ops"],
                ),
                models.UniqueConstraint(fields=["size"], name="one_null", nulls_distinct=False),
            ]

    stored(Town)
    found = definitions(Town)
    assert "varchar_pattern_ops" in found["like"]
    assert "INCLUDE (size)" in found["like"]
    assert "varchar_pattern_ops" in found["with_size"]
    assert "INCLUDE (size)" in found["with_size"]
    assert "NULLS NOT DISTINCT" in found["one_null"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Town.objects.create(name="Ulm", note=1)
        Town.objects.create(name="Aalen", note=2)
    with transaction.atomic():
        first = Town.objects.create(name="Ulm", size=1)
        Town.objects.create(name="Aalen", size=2)
        first.delete()
