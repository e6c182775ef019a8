"""The ORM's part of ``raystack check``."""

from collections.abc import Iterator
from typing import Any

from raystack import CheckMessage, Level

from .databases import DEFAULT
from .exceptions import Error
from .fields import RelationField
from .models.related import clash
from .registry import apps
from .tables import missing_tables


def check_models() -> Iterator[CheckMessage]:
    """Check the models, and whether the database has their tables."""
    yield from _unresolved()
    yield from _clashes()
    yield from _shared_tables()
    yield from _missing(DEFAULT)


def _unresolved() -> Iterator[CheckMessage]:
    for origin, key in apps.unresolved:
        yield CheckMessage(
            Level.ERROR,
            f"{origin} refers to the model {key.app_label}.{key.model_name}, which is not defined.",
            hint="Correct the name, or add the model's app to INSTALLED_APPS.",
            obj=origin,
            id="orm.E001",
        )


def _clashes() -> Iterator[CheckMessage]:
    for model in apps.get_models(include_auto_created=True):
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if not isinstance(field, RelationField) or not field.is_resolved or field.rel.hidden:
                continue
            other = clash(field)
            if other is not None:
                origin = f"{model._meta.label}.{field.name}"
                yield CheckMessage(
                    Level.ERROR,
                    f"{origin} and {other} both want to be "
                    f"{field.related_model._meta.label}.{field.rel.get_accessor_name()}.",
                    hint=f"Give {origin} another related_name.",
                    obj=origin,
                    id="orm.E002",
                )


def _shared_tables() -> Iterator[CheckMessage]:
    owners: dict[str, Any] = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed:
            continue
        other = owners.setdefault(model._meta.db_table, model)
        if other is not model:
            yield CheckMessage(
                Level.ERROR,
                f"{other._meta.label} and {model._meta.label} have the same table "
                f"{model._meta.db_table}.",
                hint="Give one of them another Meta.db_table.",
                obj=model._meta.label,
                id="orm.E003",
            )


def _missing(alias: str) -> Iterator[CheckMessage]:
    try:
        models = missing_tables(alias)
    except Error as error:
        yield CheckMessage(
            Level.ERROR,
            f"The database {alias} cannot be asked: {str(error).strip()}",
            hint="Start it, or correct DATABASES.",
            obj=alias,
            id="orm.E004",
        )
        return
    if models:
        names = ", ".join(model._meta.label for model in models)
        yield CheckMessage(
            Level.WARNING,
            f"The database {alias} has no tables for: {names}.",
            hint="Run `raystack migrate`.",
            obj=alias,
            id="orm.W001",
        )
