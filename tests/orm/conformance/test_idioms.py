"""What people write every day around models, and what has to keep working."""

from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models.functions import Lower
from raystack_orm.testing import assert_num_queries


class Tracked(models.Model):
    name = models.CharField(max_length=20)
    size = models.IntegerField(default=1)

    class Meta:
        app_label = "c1_idioms"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._original_name = self.name

    def name_changed(self) -> bool:
        return self.name != self._original_name

    def save(self, **kwargs: Any) -> None:
        super().save(**kwargs)
        self._original_name = self.name


class Loaded(models.Model):
    name = models.CharField(max_length=20)
    size = models.IntegerField(default=1)

    class Meta:
        app_label = "c1_idioms"

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **kwargs: Any) -> Any:
        instance = super().from_db(db, field_names, values, **kwargs)
        instance.loaded = dict(zip(field_names, values, strict=True))
        return instance

    def changed(self) -> set[str]:
        return {name for name, value in self.loaded.items() if getattr(self, name) != value}


class Greeting:
    """A mixin that is no model."""

    greeting = "hello"

    def greet(self) -> str:
        return f"{self.greeting} {self.name}"


class Named:
    """A mixin with a property of the name of a field."""

    @property
    def name(self) -> str:
        return str(self.__dict__.get("name", "")).title()

    @name.setter
    def name(self, value: str) -> None:
        self.__dict__["name"] = value


class Shadowing(Named, Greeting, models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_idioms"


class Shadowed(Shadowing):
    class Meta:
        app_label = "c1_idioms"

    @property
    def name(self) -> str:
        return str(self.__dict__.get("name", "")).upper()

    @name.setter
    def name(self, value: str) -> None:
        self.__dict__["name"] = value


class Proxied(models.Model):
    _name = models.CharField(max_length=20, db_column="name")
    secret = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "c1_idioms"

    @property
    def name(self) -> str:
        return self._name.upper()

    @name.setter
    def name(self, value: str) -> None:
        self._name = value

    @property
    def broken(self) -> str:
        return self.nonsense


class SoftQuerySet(models.QuerySet):
    def delete(self) -> Any:
        return self.update(deleted=True)

    def alive(self) -> Any:
        return self.filter(deleted=False)


class SoftManager(models.Manager.from_queryset(SoftQuerySet)):
    def get_queryset(self) -> Any:
        return super().get_queryset().alive()


class Soft(models.Model):
    name = models.CharField(max_length=20)
    deleted = models.BooleanField(default=False)

    objects = SoftManager()
    everything = SoftQuerySet.as_manager()

    class Meta:
        app_label = "c1_idioms"

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        self.deleted = True
        self.save(update_fields=["deleted"])


class Indexed(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_idioms"
        indexes = (models.Index(Lower("name"), name="c1_idioms_lower"),)


class Watching(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_idioms"

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_"):
            self.__dict__.setdefault("set_names", []).append(name)
        super().__setattr__(name, value)


def wide(columns: int) -> Any:
    """Return a model with so many columns."""
    fields = {f"f{n:02}": models.IntegerField(default=n) for n in range(1, columns)}
    meta = type("Meta", (), {"app_label": "c1_idioms"})
    return type(f"Wide{columns}", (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


Wide5, Wide28, Wide31, Wide100 = wide(5), wide(28), wide(31), wide(100)


def test_init_remembers_the_original(db: str) -> None:
    Tracked.objects.create(name="a")
    tracked = Tracked.objects.get()
    assert tracked.name_changed() is False
    tracked.name = "b"
    assert tracked.name_changed() is True
    tracked.save()
    assert tracked.name_changed() is False


def test_an_overridden_init_is_called_for_each_row(db: str) -> None:
    Tracked.objects.bulk_create([Tracked(name=str(n)) for n in range(3)])
    found = Tracked.objects.order_by("name")
    assert [tracked._original_name for tracked in found] == ["0", "1", "2"]


def test_an_overridden_init_may_touch_a_deferred_field(db: str) -> None:
    Tracked.objects.create(name="a")
    with assert_num_queries(1):
        tracked = Tracked.objects.defer("size").get()
    assert tracked.size == 1


def test_from_db_remembers_what_was_loaded(db: str) -> None:
    Loaded.objects.create(name="a")
    loaded = Loaded.objects.get()
    assert loaded.changed() == set()
    loaded.size = 9
    assert loaded.changed() == {"size"}
    loaded.save(update_fields=loaded.changed())
    assert Loaded.objects.get().size == 9


def test_a_field_shadows_a_property_of_a_mixin(db: str) -> None:
    Shadowing.objects.create(name="ann lee")
    found = Shadowing.objects.get()
    assert found.name == "ann lee"
    assert found.greet() == "hello ann lee"


def test_a_childs_property_shadows_its_parents_field(db: str) -> None:
    Shadowed.objects.create(name="ann lee")
    found = Shadowed.objects.get()
    assert found.name == "ANN LEE"
    assert found.greet() == "hello ANN LEE"


def test_a_property_around_a_private_field(db: str) -> None:
    Proxied.objects.create(name="ann")
    found = Proxied.objects.get(_name="ann")
    assert (found._name, found.name) == ("ann", "ANN")
    found.name = "bob"
    found.save()
    assert Proxied.objects.filter(_name="bob").exists()


def test_a_property_that_fails_tells_its_own_error(db: str) -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        Proxied(name="ann").broken  # noqa: B018 - reading it is what fails


def test_soft_deletion(db: str) -> None:
    one, _ = Soft.objects.create(name="a"), Soft.objects.create(name="b")
    one.delete()
    assert [soft.name for soft in Soft.objects.all()] == ["b"]
    assert Soft.objects.all().delete() == 1
    assert Soft.objects.count() == 0
    assert Soft.everything.count() == 2
    assert Soft.everything.alive().count() == 0


def test_an_expression_index_is_used_by_the_planner(db: str) -> None:
    if db == "mysql":
        pytest.skip("MariaDB has no indexes over expressions")
    Indexed.objects.bulk_create([Indexed(name=f"N{n}") for n in range(2000)])
    query = Indexed.objects.annotate(low=Lower("name")).filter(low="n7")
    assert query.get().name == "N7"
    assert "c1_idioms_lower" in query.explain()


def test_an_overridden_setattr_sees_every_field_of_a_new_object() -> None:
    assert "name" in Watching(name="a").set_names


def test_an_overridden_setattr_sees_loaded_fields(db: str) -> None:
    Watching.objects.create(name="a")
    assert "name" in Watching.objects.get().set_names


@pytest.mark.parametrize("model", [Wide5, Wide28, Wide31, Wide100])
def test_models_of_any_width(db: str, model: Any) -> None:
    columns = len(model._meta.fields)
    made = model.objects.create(f01=-1)
    found = model.objects.get()
    assert found == made
    assert found.f01 == -1
    assert [getattr(found, f"f{n:02}") for n in range(2, columns)] == list(range(2, columns))
    found.f02 = -2
    found.save()
    assert model.objects.get(f02=-2).f01 == -1
    last = f"f{columns - 1:02}"
    assert last in model.objects.defer(last).get().get_deferred_fields()
    assert model.objects.values_list(last, flat=True).get() == columns - 1


def test_instances_take_attributes_of_any_name(db: str) -> None:
    Tracked.objects.create(name="a")
    tracked = Tracked.objects.get()
    tracked.anything = 1
    assert tracked.anything == 1
    with pytest.raises(AttributeError):
        tracked.nothing  # noqa: B018 - reading it is what fails


def test_vars_of_an_instance_are_its_columns(db: str) -> None:
    Loaded.objects.create(name="a")
    assert {"id", "name", "size", "_state", "loaded"} <= set(vars(Loaded.objects.get()))


def test_overridden_methods_are_called_from_async_code(db: str, run: Callable[..., Any]) -> None:
    async def work() -> None:
        made = await Tracked.objects.acreate(name="a")
        made.name = "b"
        assert made.name_changed() is True
        await made.asave()
        assert made.name_changed() is False
        soft = await Soft.objects.acreate(name="x")
        await soft.adelete()
        assert await Soft.everything.acount() == 1

    run(work())
