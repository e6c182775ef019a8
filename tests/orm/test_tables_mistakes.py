"""Mistakes in models that are seen when their tables are made: our errors, each time alike."""

from typing import Any

import pytest

from raystack_orm import (
    FieldDoesNotExist,
    FieldError,
    ImproperlyConfigured,
    OperationalError,
    ProgrammingError,
    create_all,
    models,
)
from raystack_orm.databases import connections
from raystack_orm.testing import isolate_apps


class Tag(models.Model):
    name = models.CharField(max_length=10)

    class Meta:
        app_label = "mistaken"


with isolate_apps("mistaken"):  # commands that look at all models would find them

    class UniqueTogether(models.Model):
        a = models.IntegerField()

        class Meta:
            app_label = "mistaken"
            unique_together = (("a", "nope"),)

    class Constrained(models.Model):
        a = models.IntegerField()

        class Meta:
            app_label = "mistaken"
            constraints = (models.UniqueConstraint(fields=["a", "nope"], name="mistaken_a_nope"),)

    class Indexed(models.Model):
        a = models.IntegerField()

        class Meta:
            app_label = "mistaken"
            indexes = (models.Index(fields=["nope"], name="mistaken_nope"),)

    class OneColumn(models.Model):
        a = models.IntegerField(db_column="x")
        b = models.IntegerField(db_column="x")

        class Meta:
            app_label = "mistaken"


@pytest.mark.parametrize(
    ("model", "error", "said"),
    [
        (UniqueTogether, FieldDoesNotExist, r"UniqueTogether: Meta.unique_together .*'nope'"),
        (Constrained, FieldDoesNotExist, "the UniqueConstraint mistaken_a_nope: .*'nope'"),
        (Indexed, FieldDoesNotExist, "the Index mistaken_nope: .*'nope'"),
        (OneColumn, ImproperlyConfigured, "OneColumn.a and mistaken.OneColumn.b have the same"),
    ],
)
def test_a_mistake_in_a_table_is_the_same_error_each_time(
    db: str, model: Any, error: type[Exception], said: str
) -> None:
    """No half a table stays behind, and the error names the option and the model."""
    for ask in (lambda: create_all([model]), lambda: create_all([model]), model.objects.count):
        with pytest.raises(error, match=said):
            ask()


@isolate_apps("mistaken")
def test_a_table_between_has_to_be_defined(db: str) -> None:
    class Through(models.Model):
        tags: Any = models.ManyToManyField(Tag, through="Nope")

        class Meta:
            app_label = "mistaken"

    with pytest.raises(FieldError, match=r"Through.tags goes through the model 'Nope', which is"):
        create_all([Through])


def test_other_models_mistakes_do_not_matter(db: str) -> None:
    """The tables of some models are made without looking at those of all."""
    create_all([Tag])

    assert "mistaken_tag" in connections["default"].introspection.table_names()
    assert Tag.objects.count() == 0


def test_parts_of_a_union_return_as_many_columns(db: str) -> None:
    """As the database says it."""
    create_all([Tag])
    both = Tag.objects.order_by().union(Tag.objects.values("pk"))

    for ask in (lambda: list(both), both.count, both.exists):
        with pytest.raises((OperationalError, ProgrammingError), match="2, 1 columns") as caught:
            ask()
        assert (type(caught.value) is ProgrammingError) == (db == "postgresql")
