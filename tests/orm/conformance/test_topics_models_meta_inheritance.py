"""What a child takes over from its parents' Meta, and where names come from.

https://docs.djangoproject.com/en/stable/topics/db/models/#meta-inheritance
"""

from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.testing import isolate_apps


class Ordered(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        abstract = True
        app_label = "c1_meta_heirs"
        ordering = ("name",)
        verbose_name = "thing"
        get_latest_by = "name"


class Unmanaged(models.Model):
    class Meta:
        abstract = True
        app_label = "c1_meta_heirs"
        managed = False


class Shown(models.Manager):
    pass


class WithManager(models.Model):
    shown = Shown()

    class Meta:
        abstract = True
        app_label = "c1_meta_heirs"
        default_manager_name = "shown"
        base_manager_name = "shown"


def child(name: str, *parents: Any, **options: Any) -> Any:
    """Define a model below parents, with a Meta of its own if options are given."""
    body: dict[str, Any] = {"__module__": __name__}
    if options:
        bases = options.pop("bases", ())
        body["Meta"] = type("Meta", bases, {"app_label": "c1_meta_heirs", **options})
    with isolate_apps():
        return type(models.Model)(name, parents, body)


def test_a_child_without_meta_takes_its_parents() -> None:
    made = child("Plain", Ordered)
    assert tuple(made._meta.ordering) == ("name",)
    assert made._meta.verbose_name == "thing"
    assert made._meta.get_latest_by == "name"
    assert made._meta.app_label == "c1_meta_heirs"


def test_abstract_is_not_inherited() -> None:
    made = child("Plain", Ordered)
    assert made._meta.abstract is False
    assert hasattr(made, "objects")


def test_a_child_with_a_meta_of_its_own_starts_afresh() -> None:
    made = child("Own", Ordered, verbose_name="own")
    assert made._meta.verbose_name == "own"
    assert tuple(made._meta.ordering) == ()
    assert made._meta.get_latest_by is None


def test_a_child_may_extend_its_parents_meta() -> None:
    made = child("Extended", Ordered, bases=(Ordered.Meta,), verbose_name="own")
    assert made._meta.verbose_name == "own"
    assert tuple(made._meta.ordering) == ("name",)


def test_of_several_abstract_parents_the_first_meta_counts() -> None:
    made = child("Both", Ordered, Unmanaged)
    assert tuple(made._meta.ordering) == ("name",)
    assert made._meta.managed is True


def test_several_metas_are_joined_by_inheriting_from_them() -> None:
    class Joined(Ordered.Meta, Unmanaged.Meta):
        pass

    made = child("Joined", Ordered, Unmanaged, bases=(Joined,), abstract=False)
    assert tuple(made._meta.ordering) == ("name",)
    assert made._meta.managed is False


def test_an_abstract_child_of_an_abstract_parent() -> None:
    middle = child("Middle", Ordered, bases=(Ordered.Meta,), abstract=True)
    made = child("Bottom", middle)
    assert middle._meta.abstract is True
    assert tuple(made._meta.ordering) == ("name",)
    assert [field.name for field in made._meta.fields] == ["id", "name"]


def test_manager_names_are_inherited() -> None:
    made = child("Managed", WithManager)
    assert isinstance(made._default_manager, Shown)
    assert isinstance(made._base_manager, Shown)
    assert not hasattr(made, "objects")


def test_ordering_of_a_concrete_parent_is_inherited_only_without_ones_own() -> None:
    parent = child("Parent", models.Model, ordering=("-id",), get_latest_by="id")
    assert tuple(child("Heir", parent, verbose_name="x")._meta.ordering) == ("-id",)
    assert tuple(child("Free", parent, ordering=())._meta.ordering) == ()


def test_other_options_of_a_concrete_parent_are_not_inherited() -> None:
    parent = child("Parent", models.Model, db_table="own_table", verbose_name="parent")
    heir = child("Heir", parent, get_latest_by="id")
    assert heir._meta.db_table == "c1_meta_heirs_heir"
    assert heir._meta.verbose_name == "heir"


def test_a_diamond_of_abstract_models_has_each_field_once() -> None:
    left = child("Left", Ordered, bases=(Ordered.Meta,), abstract=True)
    right = child("Right", Ordered, bases=(Ordered.Meta,), abstract=True)
    made = child("Diamond", left, right)
    assert [field.name for field in made._meta.fields] == ["id", "name"]


def test_instances_are_of_all_parents_classes() -> None:
    made = child("Plain", Ordered)
    assert isinstance(made(), Ordered)
    assert issubclass(made.DoesNotExist, models.ObjectDoesNotExist)


def test_an_abstract_parents_exceptions_catch_the_childs() -> None:
    made = child("Plain", Ordered)
    with pytest.raises(made.DoesNotExist):
        raise made.DoesNotExist


def test_fields_set_to_none_are_left_out() -> None:
    with isolate_apps():

        class Nameless(Ordered):
            name = None

            class Meta:
                app_label = "c1_meta_heirs"

    assert [field.name for field in Nameless._meta.fields] == ["id"]


def test_the_order_of_fields_is_parents_first() -> None:
    with isolate_apps():

        class Later(Ordered):
            extra = models.IntegerField(default=0)

            class Meta:
                app_label = "c1_meta_heirs"

    assert [field.name for field in Later._meta.fields] == ["id", "name", "extra"]
    assert Later(1, "a", 2).extra == 2
