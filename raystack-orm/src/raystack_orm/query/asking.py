"""The methods that ask the database and return something else than a QuerySet.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#methods-that-do-not-return-querysets
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ..exceptions import NotSupportedError
from ..expressions import Count
from . import execute
from .chaining import Chaining
from .explaining import explain
from .generic import M, R
from .operations.in_bulk import in_bulk
from .operations.row_getter import GET_LIMIT, only_one
from .resolve.names import check_alias
from .resolve.paths import NoSuchField, follow, unknown_name


class Asking(Chaining[M, R]):
    """What can be asked of a model's rows."""

    _result_cache: list[Any] | None

    def _results(self) -> list[Any]:
        """Return the results, asking the database the first time."""
        raise NotImplementedError

    @property
    def db(self) -> str:
        """The database that it asks."""
        raise NotImplementedError

    def get(self, *args: Any, **kwargs: Any) -> R:
        """Return the one object that fits.

        Raises:
            DoesNotExist: There is none.
            MultipleObjectsReturned: There are several.
        """
        if self._state.combinator and (args or kwargs):
            raise NotSupportedError(
                f"Calling QuerySet.get(...) with filters after {self._state.combinator}() is not "
                f"supported."
            )
        found: Any = self.filter(*args, **kwargs) if args or kwargs else self._next()
        state = found._state
        if not state.is_sliced and not state.combinator:
            if state.distinct_on:
                found._state = state.with_(stop=GET_LIMIT)
            else:
                found._state = state.with_(stop=GET_LIMIT, order=(), default_order=False)
        return only_one(self.model, found._results(), args, kwargs)  # type: ignore[no-any-return]  # results may be of any form

    @property
    def ordered(self) -> bool:
        """Whether the rows have an order."""
        state = self._state
        if state.nothing or state.order:
            return True
        grouped = any(_aggregates(step) for step in state.steps)
        return bool(state.default_order and state.order is None and self.model._meta.ordering
                    and not grouped)  # fmt: skip

    @property
    def totally_ordered(self) -> bool:
        """Whether no two rows can be in either order: a unique key is among the sort keys."""
        from .total_order import is_total

        return self.ordered and is_total(self)

    def first(self) -> R | None:
        """Return the first object, by primary key where there is no order; None for none."""
        sorted_ = self.ordered or self._state.order is not None  # order_by() took it away
        ordered: Any = self if sorted_ else self._by_key("first").order_by("pk")
        for obj in ordered[:1]:
            return obj  # type: ignore[no-any-return]  # results may be of any form
        return None

    def last(self) -> R | None:
        """Return the last object, by primary key where there is no order; None for none."""
        if self._state.is_sliced:
            raise TypeError("Cannot reverse a query once a slice has been taken.")
        sorted_ = self.ordered or self._state.order is not None
        ordered: Any = self.reverse() if sorted_ else self._by_key("last").order_by("-pk")
        for obj in ordered[:1]:
            return obj  # type: ignore[no-any-return]  # results may be of any form
        return None

    def _by_key(self, method: str) -> Any:
        """Refuse to sort groups by a key that they do not have."""
        if not any(_aggregates(step) for step in self._state.steps):
            return self
        groups = execute.groups_of(self._state)
        keys = self.model._meta.pk_fields
        if groups is not None and not {f for e in groups for f in _fields(e)}.issuperset(keys):
            raise TypeError(
                f"Cannot use QuerySet.{method}() on an unordered queryset performing "
                f"aggregation. Add an ordering with order_by()."
            )
        return self

    def earliest(self, *fields: Any) -> R:
        """Return the first object by fields, or by ``Meta.get_latest_by``.

        Raises:
            DoesNotExist: There is none.
        """
        return self._at_end(fields, last=False)

    def latest(self, *fields: Any) -> R:
        """Return the last object by fields, or by ``Meta.get_latest_by``.

        Raises:
            DoesNotExist: There is none.
        """
        return self._at_end(fields, last=True)

    def _at_end(self, fields: tuple[Any, ...], *, last: bool) -> R:
        if not fields:
            by = self.model._meta.get_latest_by
            if not by:
                raise ValueError(
                    "earliest() and latest() require either fields as positional arguments or "
                    "'get_latest_by' in the model's Meta."
                )
            fields = (by,) if isinstance(by, str) else tuple(by)
        if self._state.is_sliced:
            raise TypeError("Cannot change a query once a slice has been taken.")
        ordered = self.order_by(*fields)
        return (ordered.reverse() if last else ordered)._next(stop=1).get()

    def count(self) -> int:
        """Count the rows."""
        if self._result_cache is not None:
            return len(self._result_cache)
        if self._state.nothing:
            return 0
        state = self._state.with_(related=False, lock=None)
        return int(execute.aggregate(state, self.db, {"__count": Count("*")})["__count"] or 0)

    def exists(self) -> bool:
        """Say whether there is a row."""
        if self._result_cache is not None:
            return bool(self._result_cache)
        return execute.exists(self._state, self.db)

    def contains(self, obj: M) -> bool:
        """Say whether an object is among the rows."""
        self._refuse_combined("contains")
        if self._state.columns is not None:
            raise TypeError("Cannot call QuerySet.contains() after .values() or .values_list().")
        if not hasattr(obj, "_meta"):
            raise TypeError("'obj' must be a model instance.")
        if obj._meta.concrete_model is not self.model._meta.concrete_model:
            return False
        if not obj._is_pk_set():
            raise ValueError("QuerySet.contains() cannot be used on unsaved objects.")
        if self._result_cache is not None:
            return obj in self._result_cache
        return self.filter(pk=obj.pk).exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Compute aggregates over all rows.

        Returns:
            The values by name; an aggregate without a name is called ``<field>__<function>``.
        """
        if self._state.distinct_on:
            raise NotImplementedError("aggregate() + distinct(fields) not implemented.")
        expressions: dict[str, Any] = {}
        for one in args:
            name = (
                getattr(one, "default_alias", None) if hasattr(one, "resolve_expression") else None
            )
            if name is None:
                raise TypeError("Complex aggregates require an alias")
            expressions[name] = one
        for name, one in kwargs.items():
            check_alias(name, "aggregate")
            expressions[name] = one
        for one in expressions.values():
            if not hasattr(one, "resolve_expression"):
                raise TypeError(f"QuerySet.aggregate() received non-expression(s): {one}.")
        if not expressions:
            return {}
        return execute.aggregate(self._state.with_(related=False, lock=None), self.db, expressions)

    def in_bulk(
        self, id_list: Iterable[Any] | None = None, *, field_name: str = "pk"
    ) -> dict[Any, R]:
        """Return objects by a unique field, those of ``id_list`` or all.

        Raises:
            ValueError: The field is not unique.
        """
        if self._state.is_sliced:
            raise TypeError("Cannot use 'limit' or 'offset' with in_bulk().")
        meta = self.model._meta
        said = f'in_bulk(field_name="{field_name}")'
        if field_name != "pk" and field_name not in meta.names:
            raise unknown_name(self.model, field_name, said, error=NoSuchField)
        path = follow(self.model, (field_name,), said)
        unique = {c.fields[0] for c in meta.total_unique_constraints if len(c.fields) == 1}
        if (
            field_name != "pk"
            and not path.field.unique
            and field_name not in unique
            and self._state.distinct_on != (field_name,)
        ):
            raise ValueError(f"in_bulk() needs a unique field, and {field_name!r} is not.")
        return in_bulk(self, id_list, field_name)

    def explain(self, *, format: str | None = None, **options: Any) -> str:  # noqa: A002 - Django's name
        """Return how the database would run the query.

        Args:
            format: ``TEXT``, ``JSON`` and the like, where the database has them.
            options: What the database's EXPLAIN takes.
        """
        return explain(self._state, self.db, format, options)


def _aggregates(step: Any) -> bool:
    expressions = getattr(step, "expressions", {}).values()
    return any(getattr(e, "contains_aggregate", False) for e in expressions)


def _fields(expression: Any) -> list[Any]:
    """Return the fields of a column, or of a key of several."""
    columns = getattr(expression, "cols", None) or [getattr(expression, "source", expression)]
    return [column.output_field for column in columns]


def defaults_of(defaults: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return defaults with the callable ones called."""
    return {n: v() if callable(v) else v for n, v in (defaults or {}).items()}
