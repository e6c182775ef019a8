"""Django's places to import from exist here too."""

from importlib import import_module

import pytest

from raystack_orm import models

PLACES = {
    "base": ("Model", "ModelBase", "ModelState"),
    "constraints": ("BaseConstraint", "CheckConstraint", "Deferrable", "UniqueConstraint"),
    "deletion": ("CASCADE", "Collector", "PROTECT", "ProtectedError", "RestrictedError", "SET"),
    "enums": ("Choices", "IntegerChoices", "TextChoices"),
    "expressions": ("F", "Value"),
    "fetch_modes": ("FETCH_ONE", "FETCH_PEERS", "FETCH_RAISE"),
    "fields": ("AutoField", "CharField", "Field", "NOT_PROVIDED"),
    "fields.json": ("JSONField",),
    "fields.related": ("ForeignKey", "ManyToManyField", "OneToOneField"),
    "indexes": ("Index",),
    "lookups": ("Lookup", "Transform"),
    "manager": ("BaseManager", "Manager"),
    "options": ("Options",),
    "query": ("Prefetch", "QuerySet", "prefetch_related_objects"),
    "signals": ("post_save", "pre_save"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_place_has_its_names(place: str) -> None:
    """raystack_orm.models.fields is for who wrote django.db.models.fields."""
    module = import_module(f"raystack_orm.models.{place}")
    assert [name for name in PLACES[place] if not hasattr(module, name)] == []


def test_the_places_are_attributes() -> None:
    """models.signals.post_save needs no import of its own."""
    assert models.signals.post_save is import_module("raystack_orm.signals").post_save
    assert models.fields.CharField is models.CharField
    assert models.query.QuerySet is models.QuerySet
