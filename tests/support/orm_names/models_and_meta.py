"""Uses of the names of models and their options."""

from typing import Any

import pytest

from raystack_orm import connection, models, run_sync
from raystack_orm.testing import CaptureQueries, isolate_apps

from .library import Article, Author, Tag, article, stored
from .loop import awaited
from .uses import uses

CLASS, OPTIONS = "ref/models/class", "ref/models/options"
INSTANCES, META = "ref/models/instances", "ref/models/meta"


@uses(CLASS, "Model.DoesNotExist", "Model.MultipleObjectsReturned", "Model.objects")
def get_finds_none_or_too_many() -> None:
    with pytest.raises(Author.DoesNotExist):
        Author.objects.get(name="Ann")
    article(), article()
    with pytest.raises(Article.MultipleObjectsReturned):
        Article.objects.get(title="On joins")


@uses(CLASS, "Model.NotUpdated")
def an_update_finds_no_row() -> None:
    ann = Author.objects.create(name="Ann")
    Author.objects.all().delete()
    with pytest.raises(Author.NotUpdated):
        ann.save(force_update=True)


@uses(
    OPTIONS,
    "Options.abstract",
    "Options.proxy",
    "Options.app_label",
    "Options.default_manager_name",
    "Options.base_manager_name",
)
@isolate_apps()
def kinds_of_models() -> None:
    class Named(models.Model):
        name = models.CharField(max_length=10)

        class Meta:
            abstract = True

    class Town(Named):
        towns = models.Manager()
        all_towns = models.Manager()

        class Meta:
            app_label = "atlas"
            default_manager_name = "all_towns"
            base_manager_name = "towns"

    class City(Town):
        class Meta:
            app_label = "atlas"
            proxy = True

    stored(Town)
    Town.towns.create(name="Ulm")
    assert City.all_towns.get().name == "Ulm"
    assert Town._meta.app_label == "atlas"
    assert Town._default_manager.name == "all_towns"
    assert Town._base_manager.name == "towns"
    assert not hasattr(Named, "_default_manager") or Named._meta.abstract


@uses(
    OPTIONS,
    "Options.db_table",
    "Options.db_table_comment",
    "Options.db_tablespace",
    "Options.managed",
    "Options.required_db_features",
    "Options.required_db_vendor",
    "Options.indexes",
    "Options.constraints",
    "Options.unique_together",
)
@isolate_apps()
def tables_of_models() -> None:
    class Town(models.Model):
        name = models.CharField(max_length=10)
        size = models.IntegerField()

        class Meta:
            app_label = "atlas"
            db_table = "towns"
            db_table_comment = "All of them"
            db_tablespace = ""
            required_db_features = ["supports_transactions"]
            required_db_vendor = "sqlite"
            unique_together = [["name", "size"]]
            indexes = [models.Index(fields=["size"], name="by_size")]
            constraints = [models.CheckConstraint(condition=models.Q(size__gt=0), name="sized")]

    class Elsewhere(models.Model):
        class Meta:
            app_label = "atlas"
            managed = False

    stored(Town)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'towns'")
        schema = "\n".join(row[0] for row in cursor.fetchall() if row[0])
    assert "CREATE TABLE" in schema
    assert "by_size" in schema
    assert 'CONSTRAINT "sized" CHECK' in schema or "CONSTRAINT sized CHECK" in schema
    assert "UNIQUE" in schema
    assert Town._meta.table.comment == "All of them"
    assert not Town._meta.db_tablespace
    assert Town._meta.can_migrate(connection)
    assert not Elsewhere._meta.can_migrate(connection)


@uses(
    OPTIONS,
    "Options.default_related_name",
    "Options.get_latest_by",
    "Options.ordering",
    "Options.order_with_respect_to",
    "Options.select_on_save",
    "Options.verbose_name",
    "Options.verbose_name_plural",
    "Options.permissions",
    "Options.default_permissions",
    "Options.label",
    "Options.label_lower",
)
@isolate_apps()
def options_of_queries_and_names() -> None:
    class Country(models.Model):
        name = models.CharField(max_length=10)

        class Meta:
            app_label = "atlas"
            ordering = ["-name"]
            verbose_name = "land"
            verbose_name_plural = "lands"
            permissions = [("enter", "Can enter")]
            default_permissions = ("view",)
            select_on_save = True

    class Town(models.Model):
        country = models.ForeignKey(Country, on_delete=models.CASCADE)
        founded = models.IntegerField()

        class Meta:
            app_label = "atlas"
            default_related_name = "towns"
            get_latest_by = "founded"
            order_with_respect_to = "country"

    stored(Country, Town)
    first, second = Country.objects.create(name="A"), Country.objects.create(name="B")
    assert list(Country.objects.all()) == [second, first]
    old, new = first.towns.create(founded=900), first.towns.create(founded=1900)
    assert Town.objects.latest() == new
    first.set_town_order([new.pk, old.pk])
    assert list(first.get_town_order()) == [new.pk, old.pk]
    meta = Country._meta
    assert (meta.verbose_name, meta.verbose_name_plural) == ("land", "lands")
    assert (meta.permissions, meta.default_permissions) == ([("enter", "Can enter")], ("view",))
    assert (meta.label, meta.label_lower) == ("atlas.Country", "atlas.country")
    with CaptureQueries() as captured:
        first.save()
    assert captured.queries[0].sql.startswith("SELECT"), "select_on_save asks before it updates"


@uses(
    INSTANCES,
    "Model",
    "Model.from_db",
    "Model.refresh_from_db",
    "Model.get_deferred_fields",
    "Model.save",
    "Model.delete",
    "Model.__str__",
    "Model.__eq__",
    "Model.__hash__",
    "Model.pk",
    "Model._state",
    "Model._is_pk_set",
)
@isolate_apps()
def the_life_of_an_instance() -> None:
    class Town(models.Model):
        name = models.CharField(max_length=10)
        loaded = False

        class Meta:
            app_label = "atlas"

        @classmethod
        def from_db(cls, db: Any, field_names: Any, values: Any) -> Any:
            instance = super().from_db(db, field_names, values)
            instance.loaded = True
            return instance

    stored(Town)
    town = Town(name="Ulm")
    assert (town._state.adding, town._is_pk_set()) == (True, False)
    assert str(town) == "Town object (None)"
    town.save()
    assert (town._state.adding, town._state.db, town._is_pk_set()) == (False, "default", True)
    found = Town.objects.defer("name").get()
    assert found.loaded
    assert found.get_deferred_fields() == {"name"}
    assert found == town
    assert hash(found) == hash(town)
    Town.objects.update(name="Aalen")
    town.refresh_from_db()
    assert (town.name, town.pk) == ("Aalen", town.id)
    assert town.delete()[0] == 1


@uses(INSTANCES, "Model.asave", "Model.adelete", "Model.arefresh_from_db")
def the_life_of_an_instance_awaited() -> None:
    async def live() -> None:
        ann = Author(name="Ann")
        await ann.asave()
        await run_sync(Author.objects.update, name="Anna")
        await ann.arefresh_from_db()
        assert ann.name == "Anna"
        assert (await ann.adelete())[0] == 1

    awaited(live)


@uses(
    INSTANCES,
    "Model.full_clean",
    "Model.clean_fields",
    "Model.clean",
    "Model.validate_unique",
    "Model.validate_constraints",
)
@isolate_apps()
def validation_of_an_instance() -> None:
    class Town(models.Model):
        name = models.CharField(max_length=3, unique=True)
        size = models.IntegerField(default=1)

        class Meta:
            app_label = "atlas"
            constraints = [models.CheckConstraint(condition=models.Q(size__gt=0), name="sized")]

        def clean(self) -> None:
            if self.name == "bad":
                raise ValidationError("It is bad.")

    from raystack_orm import ValidationError

    stored(Town)
    Town(name="Ulm").save()
    for town, check in [
        (Town(name="Hamburg"), "clean_fields"),
        (Town(name="bad"), "clean"),
        (Town(name="Ulm"), "validate_unique"),
        (Town(name="Bad", size=0), "validate_constraints"),
    ]:
        with pytest.raises(ValidationError):
            getattr(town, check)()
        with pytest.raises(ValidationError):
            town.full_clean()


@uses(
    INSTANCES,
    "Model.get_absolute_url",
    "Model.get_FOO_display",
    "Model.get_next_by_FOO",
    "Model.get_previous_by_FOO",
)
@isolate_apps()
def methods_named_for_fields() -> None:
    class Town(models.Model):
        kind = models.CharField(max_length=1, choices={"s": "small", "b": "big"})
        founded = models.DateField()

        class Meta:
            app_label = "atlas"

        def get_absolute_url(self) -> str:
            return f"/towns/{self.pk}"

    stored(Town)
    old = Town.objects.create(kind="s", founded="1200-01-01")
    new = Town.objects.create(kind="b", founded="1900-01-01")
    assert old.get_kind_display() == "small"
    assert old.get_next_by_founded() == new
    assert new.get_previous_by_founded() == old
    assert new.get_absolute_url() == f"/towns/{new.pk}"


@uses(META, "Options", "Options.get_field", "Options.get_fields", "Options.pk_fields")
def the_meta_api() -> None:
    assert Article._meta.get_field("title").max_length == 200
    assert {field.name for field in Tag._meta.get_fields()} == {"id", "name", "articles"}
    assert [field.name for field in Tag._meta.pk_fields] == ["id"]
    assert type(Tag._meta).__name__ == "Options"
