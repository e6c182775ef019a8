"""Which database a query goes to: what the routers say, else a replica to read, else ``default``.

https://docs.djangoproject.com/en/stable/topics/db/multi-db/#automatic-database-routing
"""

import random
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from ..configuration import Configuration, configuration
from ..exceptions import ImproperlyConfigured, nearest
from .handler import DEFAULT, connections


class ConnectionRouter:
    """Asks the routers of the setting ``DATABASE_ROUTERS``, in order.

    What a router returns is used as it is. Where none decides, an instance's query goes to the
    database that the instance came from, any other to ``default``; and a read goes to one of that
    database's ``REPLICAS`` instead, unless a transaction is open on it.
    """

    def __init__(self) -> None:
        self._configuration: Configuration | None = None
        self._routers: list[Any] = []
        self._originals: dict[str, str] = {}
        self._decides = False

    @property
    def routers(self) -> list[Any]:
        """The routers of the active configuration."""
        self._follow()
        return self._routers

    def _follow(self) -> None:
        active = configuration()
        if active is not self._configuration:
            self._routers = [_router(given) for given in active.orm.DATABASE_ROUTERS]
            self._originals = {
                copy: alias for alias, copies in active.orm.replicas.items() for copy in copies
            }
            self._decides = bool(self._routers or self._originals)
            self._configuration = active

    def _is_idle(self) -> bool:
        """Say whether there are neither routers nor replicas, so that there is nothing to ask."""
        self._follow()
        return not self._decides

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Return the alias of the database to read from."""
        if self._is_idle():
            return self._usual(hints)
        return self._asked("db_for_read", model, hints) or self._replica(self._usual(hints))

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Return the alias of the database to write to. It is never a replica by itself."""
        if self._is_idle():
            return self._usual(hints)
        chosen = self._asked("db_for_write", model, hints)
        return chosen or self._original(self._usual(hints))

    def _asked(self, method: str, model: Any, hints: dict[str, Any]) -> str | None:
        for router in self.routers:
            decide = getattr(router, method, None)
            if decide is not None:
                chosen: str | None = decide(model, **hints)
                if chosen:
                    return chosen
        return None

    def _usual(self, hints: dict[str, Any]) -> str:
        instance = hints.get("instance")
        return (instance is not None and instance._state.db) or DEFAULT

    def _replica(self, alias: str) -> str:
        active = configuration()
        copies = active.orm.replicas.get(alias, ()) if self._originals else ()
        if not copies or active.databases[alias].testing or connections[alias].in_atomic_block:
            return alias  # a transaction reads what it has written
        return random.choice(copies)  # noqa: S311 - spreads the load, and guards nothing

    def _original(self, alias: str) -> str:
        return self._originals.get(alias, alias)

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool:
        """Say whether two objects may refer to each other; copies count as their original."""
        for router in self.routers:
            decide = getattr(router, "allow_relation", None)
            allowed = None if decide is None else decide(obj1, obj2, **hints)
            if allowed is not None:
                return bool(allowed)
        return self._original(obj1._state.db) == self._original(obj2._state.db)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Say whether an app's migrations change a database; those of a replica come by itself."""
        for router in self.routers:
            decide = getattr(router, "allow_migrate", None)
            allowed = None if decide is None else decide(db, app_label, **hints)
            if allowed is not None:
                return bool(allowed)
        return db not in self._originals

    def allow_migrate_model(self, db: str, model: Any) -> bool:
        """Say whether a database has a model's table."""
        meta = model._meta
        return self.allow_migrate(db, meta.app_label, model_name=meta.model_name, model=model)

    def get_migratable_models(self, models: Iterable[Any], db: str) -> list[Any]:
        """Return those of the models whose tables a database has."""
        return [model for model in models if self.allow_migrate_model(db, model)]


def _router(given: Any) -> Any:
    """Return a router: an object, or one of a class, perhaps by its import path."""
    found = _imported(given) if isinstance(given, str) else given
    return found() if isinstance(found, type) else found


def _imported(path: str) -> Any:
    module_name, _, name = path.rpartition(".")
    try:
        module = import_module(module_name)
    except (ImportError, ValueError) as error:
        raise ImproperlyConfigured(
            f'DATABASE_ROUTERS names "{path}", which cannot be imported: {error}.'
        ) from error
    if not hasattr(module, name):
        raise ImproperlyConfigured(
            f'DATABASE_ROUTERS names "{path}": {module_name} has no {name}.'
            f"{nearest(name, vars(module))}"
        )
    return getattr(module, name)


router = ConnectionRouter()
