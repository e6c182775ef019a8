"""From records to rows: in one transaction, whatever order the records have.

Foreign keys wait until all records are there. A natural key that leads to a later record is looked
up again at the end.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from raystack import RaystackError

from ..databases import connections
from ..exceptions import DatabaseError, ObjectDoesNotExist, ValidationError, nearest
from ..foreign_keys import waiting_foreign_keys
from ..registry import apps

CHUNK = 500  # keys in one query


class DeserializationError(RaystackError):
    """A record cannot be loaded; the message names file, record and field."""


class Place(NamedTuple):
    """Where a record is."""

    file: str
    number: int

    def fail(self, message: str, field: str = "") -> DeserializationError:
        """Make the error of this record."""
        where = f', field "{field}"' if field else ""
        return DeserializationError(f"{self.file}, object {self.number}{where}: {message}")


class _Missing(Exception):
    """A natural key leads to an object that is not there yet."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class Loader:
    """Loads records into a database.

    Args:
        using: The database.
    """

    def __init__(self, using: str) -> None:
        self.using = using
        self.loaded: list[tuple[Place, Any]] = []
        self._waiting: list[tuple[Place, Mapping[str, Any]]] = []
        self._many: list[tuple[Place, Any, Any, list[Any]]] = []

    def load(self, records: Iterable[tuple[Place, Any]]) -> int:
        """Load records; return how many objects they were.

        Raises:
            DeserializationError: One cannot be loaded. Nothing is.
        """
        with waiting_foreign_keys(self.using):
            for place, record in records:
                try:
                    self._load(place, record)
                except _Missing:
                    self._waiting.append((place, record))
            self._load_waiting()
            for place, instance, field, keys in self._many:
                self._set_many(place, instance, field, keys)
            self._check_keys()
            self._count_on()
        return len(self.loaded)

    def _load_waiting(self) -> None:
        """Load what waited for others, as long as that helps."""
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            missing: _Missing | None = None
            for place, record in waiting:
                try:
                    self._load(place, record)
                except _Missing as error:
                    missing = missing or error
                    self._waiting.append((place, record))
            if missing is not None and len(self._waiting) == len(waiting):
                raise self._waiting[0][0].fail(str(missing), missing.field) from None

    # One record ----------------------------------------------------------------------------------

    def _load(self, place: Place, record: Any) -> None:
        model = _model_of(place, record)
        meta = model._meta
        values: dict[str, Any] = {}
        if record.get("pk") is not None:
            values.update(_key(place, meta, record["pk"]))
        many: list[tuple[Any, list[Any]]] = []
        for name, given in record.get("fields", {}).items():
            field = _field(place, meta, name)
            if field.is_relation and field.many_to_many:
                many.append((field, _list(place, name, given)))
            else:
                values[field.attname] = self._value(place, field, given)
        instance = self._known(model, values)
        try:
            instance.save_base(raw=True, using=self.using)
        except (DatabaseError, ValidationError, ValueError, TypeError) as error:
            raise place.fail(f"{meta.label}(pk={instance.pk!r}): {error}") from error
        self.loaded.append((place, instance))
        self._many += [(place, instance, field, keys) for field, keys in many]

    def _known(self, model: Any, values: dict[str, Any]) -> Any:
        """Make the object, with the key of the row that has its natural key."""
        instance = model(**values)
        if instance.pk is None and hasattr(instance, "natural_key"):
            manager = model._default_manager.db_manager(self.using)
            try:
                instance.pk = manager.get_by_natural_key(*instance.natural_key()).pk
            except ObjectDoesNotExist:
                return instance
        return instance

    def _value(self, place: Place, field: Any, given: Any) -> Any:
        if field.is_relation:
            return self._related_key(place, field, given)
        decoder = getattr(field, "decoder", None)
        if decoder is not None:
            return json.loads(json.dumps(given), cls=decoder)
        return _converted(place, field, field.name, given)

    def _related_key(self, place: Place, field: Any, given: Any) -> Any:
        model = field.related_model
        if isinstance(given, list) and hasattr(model._default_manager, "get_by_natural_key"):
            manager = model._default_manager.db_manager(self.using)
            try:
                found = manager.get_by_natural_key(*given)
            except ObjectDoesNotExist:
                message = f"there is no {model._meta.label} with the natural key {given!r}."
                raise _Missing(field.name, message) from None
            except (TypeError, ValueError) as error:
                raise place.fail(f"{given!r} is no natural key: {error}", field.name) from error
            target = model._meta.pk if field.many_to_many else field.target_field
            return getattr(found, target.attname)
        target = model._meta.pk if field.many_to_many else field.target_field
        while target.is_relation:
            target = target.target_field
        return _converted(place, target, field.name, given)

    def _set_many(self, place: Place, instance: Any, field: Any, given: list[Any]) -> None:
        try:
            keys = [self._related_key(place, field, one) for one in given]
        except _Missing as error:
            raise place.fail(str(error), error.field) from None
        self._require(field.related_model, field.related_model._meta.pk,
                      [(key, place, field.name) for key in keys])  # fmt: skip
        try:
            getattr(instance, field.name).set(keys)
        except DatabaseError as error:
            raise place.fail(str(error), field.name) from error

    # At the end ----------------------------------------------------------------------------------

    def _check_keys(self) -> None:
        """Look for what the loaded objects refer to."""
        wanted: dict[tuple[Any, Any], list[tuple[Any, Place, str]]] = {}
        for place, instance in self.loaded:
            for field in instance._meta.concrete_model._meta.local_concrete_fields:
                key = getattr(instance, field.attname) if field.is_relation else None
                if key is not None and field.db_constraint:
                    target = (field.related_model, field.target_field)
                    wanted.setdefault(target, []).append((key, place, field.name))
        for (model, target), references in wanted.items():
            self._require(model, target, references)

    def _require(self, model: Any, target: Any, references: list[tuple[Any, Place, str]]) -> None:
        keys = list({key for key, _, _ in references})
        rows = model._base_manager.using(self.using)
        there: set[Any] = set()
        for start in range(0, len(keys), CHUNK):
            some = keys[start : start + CHUNK]
            there.update(
                rows.filter(**{f"{target.name}__in": some}).values_list(target.attname, flat=True)
            )
        for key, place, name in references:
            if key not in there:
                label = model._meta.label
                raise place.fail(f"there is no {label} with {target.attname}={key!r}.", name)

    def _count_on(self) -> None:
        """Let PostgreSQL count on from the keys that were given; the others do so themselves."""
        connection = connections[self.using]
        if connection.vendor != "postgresql":
            return
        for model in {type(instance)._meta.concrete_model for _, instance in self.loaded}:
            field = model._meta.auto_field
            if field is not None:
                quote = connection.ops.quote_name
                table, column = quote(model._meta.db_table), quote(field.column)
                with connection.cursor() as cursor:
                    cursor.execute(
                        f"SELECT setval(pg_get_serial_sequence(%s, %s), coalesce(max({column}), 1),"  # noqa: S608 - names, quoted
                        f" max({column}) IS NOT NULL) FROM {table}",
                        [table, field.column],
                    )


def _model_of(place: Place, record: Any) -> Any:
    if not isinstance(record, dict) or not isinstance(record.get("model"), str):
        raise place.fail('a record is {"model": "app.model", "pk": ..., "fields": {...}}.')
    if not isinstance(record.get("fields", {}), dict):
        raise place.fail('"fields" is no mapping from names to values.')
    try:
        return apps.get_model(record["model"])
    except (LookupError, ValueError) as error:
        raise place.fail(str(error)) from None


def _field(place: Place, meta: Any, name: str) -> Any:
    known = {f.name: f for f in (*meta.concrete_fields, *meta.many_to_many)}
    if name not in known:
        raise place.fail(f"{meta.label} has no such field.{nearest(name, known)}", name)
    return known[name]


def _key(place: Place, meta: Any, given: Any) -> dict[str, Any]:
    parts = given if meta.is_composite_pk and isinstance(given, list) else [given]
    if len(parts) != len(meta.pk_fields):
        raise place.fail(f"the primary key has {len(meta.pk_fields)} parts, not {given!r}.", "pk")
    made = {}
    for field, part in zip(meta.pk_fields, parts, strict=True):
        target = field
        while target.is_relation:
            target = target.target_field
        made[field.attname] = _converted(place, target, "pk", part)
    return made


def _converted(place: Place, field: Any, name: str, given: Any) -> Any:
    try:
        return field.to_python(given)
    except (ValidationError, TypeError, ValueError) as error:
        text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise place.fail(text, name) from error


def _list(place: Place, name: str, given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise place.fail(f"a list of keys is expected, not {given!r}.", name)
    return given
