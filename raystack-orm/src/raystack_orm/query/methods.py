"""The methods that a QuerySet and a Manager share: asking on, and asking now.

A QuerySet has them as its own; a Manager calls them on a new QuerySet. Each is a few lines that
say what it means; the work is in ``operations``, ``resolve`` and ``plan``.

https://docs.djangoproject.com/en/stable/ref/models/querysets/
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .. import transaction
from ..exceptions import FieldError, IntegrityError
from .conditions import make_node
from .execute import count, exists
from .operations.delete import Deleted, delete_queryset
from .operations.write import bulk_create, update
from .resolve.names import resolve_path
from .resolve.select import check_order, related_paths
from .state import State

if TYPE_CHECKING:  # the models are a room above, and a QuerySet is one of these
    from ..models import Model
    from .queryset import QuerySet

M = TypeVar("M", bound="Model")

GET_LIMIT = 21


class QueryMethods(Generic[M]):
    """What can be asked of a model's rows."""

    model: type[M]
    _state: State

    @property
    def _alias(self) -> str:
        """The database that it asks."""
        raise NotImplementedError

    def _next(self, **changes: Any) -> "QuerySet[M]":
        """Return a QuerySet that differs in this."""
        raise NotImplementedError

    def _results(self) -> list[Any]:
        """Return the results, asking the database the first time."""
        raise NotImplementedError

    # Asking on -----------------------------------------------------------------------------------

    def all(self) -> "QuerySet[M]":
        """Return the same query, which will ask the database anew."""
        return self._next()

    def none(self) -> "QuerySet[M]":
        """Return a query that finds nothing and never asks the database."""
        return self._next(nothing=True)

    def using(self, alias: str) -> "QuerySet[M]":
        """Ask another database."""
        made = self._next()
        made._db = alias
        return made

    def filter(self, *args: Any, **kwargs: Any) -> "QuerySet[M]":
        """Keep the rows that fit all conditions; over relations, one related row fits them all.

        Raises:
            FieldError: A field or a lookup is unknown.
        """
        return self._narrowed("filter", args, kwargs)

    def exclude(self, *args: Any, **kwargs: Any) -> "QuerySet[M]":
        """Leave out the rows that fit all conditions.

        Raises:
            FieldError: A field or a lookup is unknown.
        """
        return self._narrowed("exclude", args, kwargs)

    def _narrowed(
        self, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> "QuerySet[M]":
        if not args and not kwargs:
            return self._next()
        if self._state.is_sliced:
            raise TypeError(f"Cannot {method} a query once a slice has been taken.")
        node = make_node(self.model, args, kwargs, negated=method == "exclude", method=method)
        return self._next(where=(*self._state.where, node))

    def order_by(self, *names: Any) -> "QuerySet[M]":
        """Order by fields, ``"-name"`` for the greatest first; without any, do not order.

        Raises:
            FieldError: A name is unknown.
        """
        if self._state.is_sliced:
            raise TypeError("Cannot reorder a query once a slice has been taken.")
        check_order(self.model, names)
        return self._next(order=names, reverse=False)

    def reverse(self) -> "QuerySet[M]":
        """Reverse the order."""
        if self._state.is_sliced:
            raise TypeError("Cannot reverse a query once a slice has been taken.")
        return self._next(reverse=not self._state.reverse)

    def distinct(self) -> "QuerySet[M]":
        """Leave out equal rows."""
        if self._state.is_sliced:
            raise TypeError("Cannot create distinct fields once a slice has been taken.")
        return self._next(distinct=True)

    def select_related(self, *names: str | None) -> "QuerySet[M]":
        """Load related objects in the same query; ``None`` takes earlier ones back.

        Raises:
            FieldError: A name is no ForeignKey.
        """
        if self._state.form != "instances":
            raise TypeError("Cannot call select_related() after .values() or .values_list().")
        if names == (None,):
            return self._next(related=())
        paths = related_paths(self.model, tuple(str(name) for name in names))
        return self._next(related=tuple(dict.fromkeys((*self._state.related, *paths))))

    def values(self, *names: str) -> "QuerySet[Any]":
        """Return dictionaries instead of instances."""
        return self._valued("dicts", names)

    def values_list(self, *names: str, flat: bool = False) -> "QuerySet[Any]":
        """Return tuples instead of instances, or with ``flat`` the values of the one field."""
        if flat and len(names) > 1:
            raise TypeError(
                "'flat' is not valid when values_list is called with more than one field."
            )
        if flat and not names:
            names = ("pk",)
        return self._valued("flat" if flat else "tuples", names)

    def _valued(self, form: str, names: tuple[str, ...]) -> "QuerySet[Any]":
        for name in names:
            resolve_path(self.model, name, f'values("{name}")', whole=True)
        return self._next(form=form, columns=names or None, related=())

    # Asking now ----------------------------------------------------------------------------------

    def get(self, *args: Any, **kwargs: Any) -> M:
        """Return the one object that fits.

        Raises:
            DoesNotExist: There is none.
            MultipleObjectsReturned: There are several.
        """
        found = self.filter(*args, **kwargs)
        if not found._state.is_sliced:
            found = found._next(order=(), stop=GET_LIMIT)
        results = found._results()
        if len(results) == 1:
            return results[0]  # type: ignore[no-any-return]  # results may be of any form
        said = ", ".join([*("Q" for _ in args), *(f"{name}=..." for name in kwargs)])
        if not results:
            raise self.model.DoesNotExist(
                f"get({said}): there is no such {self.model._meta.object_name}."
            )
        number = f"{len(results)}" if len(results) < GET_LIMIT else f"more than {GET_LIMIT - 1}"
        raise self.model.MultipleObjectsReturned(
            f"get({said}): there are {number} of {self.model._meta.object_name}, where one was "
            f"expected."
        )

    def first(self) -> M | None:
        """Return the first object, by primary key where there is no order; None for none."""
        ordered = self._next() if self.ordered else self.order_by("pk")
        found = ordered[:1]._results()
        return found[0] if found else None

    def last(self) -> M | None:
        """Return the last object, by primary key where there is no order; None for none."""
        ordered = self.reverse() if self.ordered else self.order_by("-pk")
        found = ordered[:1]._results()
        return found[0] if found else None

    @property
    def ordered(self) -> bool:
        """Whether the rows come in a certain order."""
        return bool(self._state.ordering)

    def count(self) -> int:
        """Count the rows in the database."""
        return count(self._state, self._alias)

    def exists(self) -> bool:
        """Say whether there is a row."""
        return exists(self._state, self._alias)

    def contains(self, obj: "Model") -> bool:
        """Say whether an object is among the results."""
        if not isinstance(obj, self.model):
            return False
        if obj.pk is None:
            raise ValueError("QuerySet.contains() cannot be used on unsaved objects.")
        return self.filter(pk=obj.pk).exists()

    def in_bulk(
        self, id_list: Iterable[Any] | None = None, *, field_name: str = "pk"
    ) -> dict[Any, M]:
        """Return objects by a unique field, those of ``id_list`` or all.

        Raises:
            ValueError: The field is not unique.
        """
        said = f'in_bulk(field_name="{field_name}")'
        path = resolve_path(self.model, field_name, said, whole=True)
        if not path.field.unique or path.hops:
            raise ValueError(f"in_bulk() needs a unique field, and {field_name!r} is not.")
        if self._state.is_sliced:
            raise TypeError("Cannot use 'limit' or 'offset' with in_bulk().")
        if id_list is None:
            found: list[M] = list(self._next())
        else:
            found = []
            wanted = list(id_list)
            for start in range(0, len(wanted), 10_000):
                chunk = wanted[start : start + 10_000]
                found += self.filter(**{f"{field_name}__in": chunk}).order_by()
        return {getattr(obj, path.field.attname): obj for obj in found}

    # Writing -------------------------------------------------------------------------------------

    def create(self, **kwargs: Any) -> M:
        """Make an object and save it."""
        made = self.model(**kwargs)
        made.save(force_insert=True, using=self._alias)
        return made

    def get_or_create(
        self, defaults: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> tuple[M, bool]:
        """Return the object that fits, or create it with ``defaults``; and whether it is new."""
        try:
            return self.get(**kwargs), False
        except self.model.DoesNotExist:
            given = self._given(defaults, kwargs)
            try:
                with transaction.atomic(self._alias):
                    return self.create(**given), True
            except IntegrityError:
                try:
                    return self.get(**kwargs), False  # another one was faster
                except self.model.DoesNotExist:
                    pass
                raise

    def update_or_create(
        self, defaults: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> tuple[M, bool]:
        """Update the object that fits with ``defaults``, or create it; and whether it is new."""
        with transaction.atomic(self._alias):
            made, created = self.get_or_create(defaults, **kwargs)
            if not created:
                for name, value in (defaults or {}).items():
                    setattr(made, name, value() if callable(value) else value)
                made.save(using=self._alias)
            return made, created

    def _given(
        self, defaults: Mapping[str, Any] | None, kwargs: Mapping[str, Any]
    ) -> dict[str, Any]:
        given = {name: value for name, value in kwargs.items() if "__" not in name}
        for name, value in (defaults or {}).items():
            given[name] = value() if callable(value) else value
        unknown = sorted(set(given) - self.model._meta.init_names)
        if unknown:
            raise FieldError(
                f"Invalid field name(s) for model {self.model._meta.object_name}: "
                f"'{', '.join(unknown)}'."
            )
        return given

    def bulk_create(
        self,
        objs: Iterable[M],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
    ) -> list[M]:
        """Insert objects with few statements, without calling their ``save()``.

        Args:
            objs: Unsaved instances of this model.
            batch_size: Rows per statement; ``None`` chooses it.
            ignore_conflicts: Leave out rows that break a constraint.

        Returns:
            The same instances in the same order, each with its primary key.

        Raises:
            IntegrityError: A row breaks a constraint; none is inserted.
        """
        made = list(objs)
        if batch_size is not None and batch_size <= 0:
            raise ValueError("Batch size must be a positive integer.")
        if made:
            bulk_create(
                self.model,
                made,
                alias=self._alias,
                batch_size=batch_size,
                ignore=ignore_conflicts,
            )
        return made

    def update(self, **kwargs: Any) -> int:
        """Change fields of all rows at once; return how many rows there were.

        Raises:
            FieldError: A name is no field of the model itself.
        """
        return update(self._state, self._alias, kwargs)

    def delete(self) -> Deleted:
        """Delete all rows with what goes with them; return their number, also by model.

        Raises:
            ProtectedError: Another row refers to one of them and forbids it.
        """
        if self._state.is_sliced:
            raise TypeError("Cannot use 'limit' or 'offset' with delete().")
        if self._state.form != "instances":
            raise TypeError("Cannot call delete() after .values() or .values_list().")
        return delete_queryset(self._next(order=(), related=()))

    def only(self, *names: str) -> "QuerySet[M]":
        """Load these fields and the primary key; the others when they are asked for."""
        meta = self.model._meta
        wanted = {meta.pk if name == "pk" else meta.names[name] for name in names}
        return self._next(loaded=tuple(f for f in meta.concrete_fields if f in {*wanted, meta.pk}))
