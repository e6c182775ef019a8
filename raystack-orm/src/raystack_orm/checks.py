"""The ORM's part of ``raystack check``."""

from collections.abc import Iterator
from typing import Any

from raystack import CheckMessage, Level

from .databases import DEFAULT
from .exceptions import Error
from .registry import apps
from .tables import missing_tables


def check_models() -> Iterator[CheckMessage]:
    """Check the models, and whether the database has their tables."""
    told: set[str] = set()
    for model in apps.get_models():
        for message in model.check():
            told.add(message.obj)
            yield message
    yield from _unresolved(told)
    yield from _shared_tables()
    yield from _shared_names("index", "models.E029", "models.E030")
    yield from _shared_names("constraint", "models.E031", "models.E032")
    yield from _missing(DEFAULT)


def _unresolved(told: set[str]) -> Iterator[CheckMessage]:
    for origin, key in apps.unresolved:
        if origin not in told:
            yield CheckMessage(
                Level.ERROR,
                f"{origin} refers to the model {key.app_label}.{key.model_name}, which is not "
                f"defined.",
                hint="Correct the name, or add the model's app to INSTALLED_APPS.",
                obj=origin,
                id="models.E022",
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
                id="models.E028",
            )


def _shared_names(what: str, of_one: str, of_several: str) -> Iterator[CheckMessage]:
    """Find names of indexes or constraints that are taken twice."""
    owners: dict[str, Any] = {}
    for model in apps.get_models():
        for made in model._meta.indexes if what == "index" else model._meta.constraints:
            other = owners.get(made.name)
            if other is not None:
                yield CheckMessage(
                    Level.ERROR,
                    f"The {what} name {made.name} of {model._meta.label} is taken by "
                    f"{'another one' if other is model else other._meta.label}.",
                    hint="Rename one of them.",
                    obj=model._meta.label,
                    id=of_one if other is model else of_several,
                )
            owners[made.name] = model


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
