"""Tablespaces: accepted everywhere, ignored by databases that have none.

https://docs.djangoproject.com/en/stable/topics/db/tablespaces/
"""

from raystack_orm import models
from raystack_orm.testing import isolate_apps


class Plain(models.Model):
    name = models.CharField(max_length=30)

    class Meta:
        app_label = "c1_tablespaces"


def test_models_fields_and_indexes_take_a_tablespace() -> None:
    with isolate_apps():

        class Example(models.Model):
            name = models.CharField(max_length=30, db_index=True, db_tablespace="indexes")
            data = models.CharField(max_length=255)
            shortcut = models.CharField(max_length=7)
            others = models.ManyToManyField("self", db_table="c1_shortcuts")

            class Meta:
                app_label = "c1_tablespaces"
                db_tablespace = "tables"
                indexes = (models.Index(fields=["shortcut"], db_tablespace="other_indexes"),)

    assert Example._meta.db_tablespace == "tables"
    assert Example._meta.get_field("name").db_tablespace == "indexes"
    assert Example._meta.indexes[0].db_tablespace == "other_indexes"


def test_without_a_name_there_is_none() -> None:
    assert Plain._meta.db_tablespace == ""


def test_a_tablespace_is_kept_by_deconstruct() -> None:
    field = models.CharField(max_length=30, db_tablespace="indexes")
    assert field.deconstruct()[3] == {"max_length": 30, "db_tablespace": "indexes"}
    index = models.Index(fields=["name"], name="x", db_tablespace="indexes")
    assert index.deconstruct()[2]["db_tablespace"] == "indexes"
