"""Routing: which database a query asks.

Routers are the classes that ``DATABASE_ROUTERS`` names; each method may be missing, and ``None``
leaves the question to the next one.

https://docs.djangoproject.com/en/stable/topics/db/multi-db/#automatic-database-routing
"""

from importlib import import_module
from typing import Any

from .configuration import configuration
from .databases import DEFAULT
from .exceptions import ImproperlyConfigured


class ConnectionRouter:
    """Asks the configured routers in their order."""

    def __init__(self) -> None:
        self._made: tuple[Any, list[Any]] = (None, [])

    @property
    def routers(self) -> list[Any]:
        """The routers."""
        given = getattr(configuration(), "database_routers", ())
        if self._made[0] is not given:
            self._made = (given, [_make(one) for one in given])
        return self._made[1]

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Return the database that reads of a model go to."""
        return self._database("db_for_read", model, hints)

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Return the database that writes of a model go to."""
        return self._database("db_for_write", model, hints)

    def _database(self, action: str, model: Any, hints: dict[str, Any]) -> str:
        for one in self.routers:
            method = getattr(one, action, None)
            chosen = None if method is None else method(model, **hints)
            if chosen:
                return str(chosen)
        instance = hints.get("instance") if hints else None
        if instance is not None and instance._state.db:
            return str(instance._state.db)
        return DEFAULT

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool:
        """Say whether two objects may refer to each other: by default those of one database."""
        for one in self.routers:
            method = getattr(one, "allow_relation", None)
            allowed = None if method is None else method(obj1, obj2, **hints)
            if allowed is not None:
                return bool(allowed)
        return bool(obj1._state.db == obj2._state.db)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Say whether the tables of an app belong into a database."""
        for one in self.routers:
            method = getattr(one, "allow_migrate", None)
            allowed = None if method is None else method(db, app_label, **hints)
            if allowed is not None:
                return bool(allowed)
        return True

    def allow_migrate_model(self, db: str, model: Any) -> bool:
        """Say whether the table of a model belongs into a database."""
        meta = model._meta
        return self.allow_migrate(db, meta.app_label, model_name=meta.model_name, model=model)


def _make(given: Any) -> Any:
    if not isinstance(given, str):
        return given() if isinstance(given, type) else given
    module, _, name = given.rpartition(".")
    try:
        return getattr(import_module(module), name)()
    except (ImportError, AttributeError, ValueError) as error:
        raise ImproperlyConfigured(
            f"DATABASE_ROUTERS names {given!r}, which cannot be imported: {error}."
        ) from error


router = ConnectionRouter()
