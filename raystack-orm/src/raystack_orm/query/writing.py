"""The methods that change rows.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#create
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .. import transaction
from ..exceptions import FieldDoesNotExist, FieldError, IntegrityError, nearest
from .asking import Asking, defaults_of
from .generic import M, R
from .operations import bulk, rows
from .operations.write import prepared


class Writing(Asking[M, R]):
    """What changes a model's rows."""

    _for_write: bool

    def create(self, **kwargs: Any) -> M:
        """Make an object and save it."""
        given = set(kwargs) & {r.get_accessor_name() for r in self.model._meta.related_objects
                               if r.one_to_one}  # fmt: skip
        if given:
            raise ValueError(
                f"The following fields do not exist in this model: {', '.join(sorted(given))}"
            )
        made = self.model(**kwargs)
        if self._fetch_mode is not None:
            made._state.fetch_mode = self._fetch_mode
        self._for_write = True
        made.save(force_insert=True, using=self.db)
        return made

    def get_or_create(
        self, defaults: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> tuple[M, bool]:
        """Return the object that fits, or create it with ``defaults``; and whether it is new."""
        self._for_write = True
        try:
            return self.get(**kwargs), False  # type: ignore[return-value]  # R is M here
        except self.model.DoesNotExist:
            given = self._params(kwargs, defaults)
            try:
                with transaction.atomic(using=self.db):
                    return self.create(**defaults_of(given)), True
            except IntegrityError:
                try:
                    # Another one was faster.
                    return self.get(**kwargs), False  # type: ignore[return-value]  # as above
                except self.model.DoesNotExist:
                    pass
                raise

    def update_or_create(
        self,
        defaults: Mapping[str, Any] | None = None,
        create_defaults: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> tuple[M, bool]:
        """Update the object that fits with ``defaults``, or create it; and whether it is new.

        Args:
            defaults: What is changed, and what a new object has unless ``create_defaults`` says it.
            create_defaults: What a new object has instead.
            kwargs: What the object has to fit.
        """
        self._for_write = True
        updates: Mapping[str, Any] = defaults or {}
        given = updates if create_defaults is None else create_defaults
        with transaction.atomic(using=self.db):
            # The row is locked, so that another one's update is not lost.
            made, created = self.select_for_update().get_or_create(given, **kwargs)
            if created:
                return made, True
            for name, value in defaults_of(updates).items():
                setattr(made, name, value)
            made.save(using=self.db, update_fields=self._update_fields(updates))
        return made, False

    def _update_fields(self, changed: Mapping[str, Any]) -> set[str] | None:
        """Return what has to be saved: with the changes, what a field sets by itself."""
        meta = self.model._meta
        names = set(changed)
        concrete = {name for f in meta.concrete_fields if f not in meta.pk_fields
                    for name in (f.name, f.attname)}  # fmt: skip
        if not names <= concrete:
            return None
        base = _pre_save_of_base()
        names |= {f.name for f in meta.local_concrete_fields
                  if f not in meta.pk_fields and type(f).pre_save is not base}  # fmt: skip
        return names

    def _params(
        self, lookup: Mapping[str, Any], defaults: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        given = {name: value for name, value in lookup.items() if "__" not in name}
        given.update(defaults or {})
        meta = self.model._meta
        unknown = []
        for name in given:
            try:
                meta.get_field(name)
            except FieldDoesNotExist:
                if name != "pk" and not _is_settable(self.model, name):
                    unknown.append(name)
        if unknown:
            shown = ", ".join(f"'{name}'" for name in sorted(unknown))
            raise FieldError(
                f"Invalid field name(s) for model {meta.object_name}: {shown}."
                f"{nearest(unknown[0], meta.field_names)}"
            )
        return given

    def bulk_create(
        self,
        objs: Iterable[M],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Sequence[str] | None = None,
        unique_fields: Sequence[str] | None = None,
    ) -> list[M]:
        """Insert objects with few statements, without calling their ``save()``.

        Args:
            objs: Unsaved instances of this model.
            batch_size: Rows per statement; ``None`` chooses it.
            ignore_conflicts: Pass over rows that break a constraint.
            update_conflicts: Update the rows that are there already.
            update_fields: The fields that are updated then.
            unique_fields: The fields that decide which row that is.

        Returns:
            The same instances in the same order, each with its primary key where the database
            tells it.

        Raises:
            IntegrityError: A row breaks a constraint; none is inserted.
        """
        from ..databases import connections

        if batch_size is not None and batch_size <= 0:
            raise ValueError("Batch size must be a positive integer.")
        meta = self.model._meta
        if any(
            parent._meta.concrete_model is not meta.concrete_model for parent in meta.all_parents
        ):
            raise ValueError("Can't bulk create a multi-table inherited model")
        self._for_write = True
        conflict = rows.conflict_of(
            connections[self.db].driver,
            ignore_conflicts,
            update_conflicts,
            self._named(update_fields),
            self._named(unique_fields),
        )
        made = list(objs)
        if made:
            bulk.bulk_create(self.model, made, self.db, batch_size=batch_size, conflict=conflict)
        return made

    def _named(self, names: Sequence[str] | None) -> list[Any] | None:
        meta = self.model._meta
        return [meta.pk if n == "pk" else meta.get_field(n) for n in names] if names else None

    def bulk_update(
        self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        """Update fields of objects with few statements; return the number of rows.

        Args:
            objs: Saved instances.
            fields: The names of the fields to update.
            batch_size: Objects per statement; ``None`` chooses it.
        """
        if batch_size is not None and batch_size <= 0:
            raise ValueError("Batch size must be a positive integer.")
        names = list(fields)
        if not names:
            raise ValueError("Field names must be given to bulk_update().")
        return bulk.bulk_update(self, list(objs), names, batch_size)

    def update(self, **kwargs: Any) -> int:
        """Change fields of all rows at once; return how many rows there were.

        Raises:
            FieldError: A name is no field of the model.
        """
        from .operations.update import update_queryset

        self._refuse_combined("update")
        if self._state.is_sliced:
            raise TypeError("Cannot update a query once a slice has been taken.")
        if self._state.distinct_on:
            raise TypeError("Cannot call update() after .distinct(*fields).")
        self._for_write = True
        found = update_queryset(self, kwargs)
        self._result_cache = None
        return found

    # The seam that saving and deleting use ------------------------------------------------------

    def _update(self, values: Sequence[tuple[Any, Any, Any]]) -> int:
        from ..databases import connections

        connection = connections[self.db]
        given = [(field, prepared(field, value, connection)) for field, _, value in values]
        state = self._state.with_(order=(), default_order=False, related=False)
        return rows.update(state, self.db, given)

    def _raw_delete(self, using: str) -> int:
        state = self._state.with_(order=(), default_order=False, related=False)
        return rows.delete(state, using)


def _pre_save_of_base() -> Any:
    from ..fields import Field

    return Field.pre_save


def _is_settable(model: Any, name: str) -> bool:
    found = getattr(model, name, None)
    return isinstance(found, property) and found.fset is not None
