"""The methods that return another QuerySet.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#methods-that-return-new-querysets
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from ..exceptions import FieldError, NotSupportedError
from ..expressions import Expression, F, Q, Subquery
from ..lookups.kinds import is_query
from .execute import check
from .generic import M, OfRows, R
from .operations.fetch_modes import FetchMode
from .resolve.columns import check_related
from .resolve.locking import Lock
from .resolve.names import check_alias, check_key, check_order_name
from .resolve.targets import is_simple, make_node
from .state import Annotate, Filter, State, Values

if TYPE_CHECKING:  # a QuerySet is one of these
    import datetime as dt

    from .queryset import QuerySet


class Chaining(OfRows[M, R]):
    """What narrows or changes a query."""

    model: type[M]
    _state: State
    _db: str | None
    _fetch_mode: FetchMode | None
    _prefetch_related_lookups: tuple[Any, ...]

    def _next(self, **changes: Any) -> Self:
        """Return a QuerySet that differs in this."""
        raise NotImplementedError

    def _stepped(self, step: Any, **changes: Any) -> Self:
        return self._next(steps=(*self._state.steps, step), **changes)

    def _refuse_combined(self, method: str) -> None:
        if self._state.combinator:
            raise NotSupportedError(
                f"Calling QuerySet.{method}() after {self._state.combinator}() is not supported."
            )

    def all(self) -> Self:
        """Return the same query, which will ask the database anew."""
        return self._next()

    def none(self) -> Self:
        """Return a query that finds nothing and never asks the database."""
        return self._next(nothing=True)

    def using(self, alias: str | None) -> Self:
        """Ask another database."""
        made = self._next(using=alias)
        made._db = alias
        return made

    # Conditions ----------------------------------------------------------------------------------

    def filter(self, *args: Any, **kwargs: Any) -> Self:
        """Keep the rows that fit all conditions; over relations, one related row fits them all.

        Raises:
            FieldError: A field or a lookup is unknown.
        """
        return self._narrowed("filter", args, kwargs)

    def exclude(self, *args: Any, **kwargs: Any) -> Self:
        """Leave out the rows that fit all conditions.

        Raises:
            FieldError: A field or a lookup is unknown.
        """
        return self._narrowed("exclude", args, kwargs)

    def _narrowed(
        self,
        method: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        step: type[Filter] = Filter,
    ) -> Self:
        state = self._state
        if state.combinator:
            self._refuse_combined(method)
        if (args or kwargs) and state.is_sliced:
            raise TypeError("Cannot filter a query once a slice has been taken.")
        node = make_node(state, args, kwargs, negated=method == "exclude", method=method)
        if not node.children:
            return self._next()
        made = self._next(steps=(*state.steps, step(node)))
        if not is_simple(node):
            check(made._state)
        return made

    def complex_filter(self, filter_obj: Any) -> Self:
        """Keep the rows that fit a ``Q`` or a dictionary of keywords."""
        if isinstance(filter_obj, Q):
            return self.filter(filter_obj)
        return self.filter(**filter_obj)

    # Order and duplicates ------------------------------------------------------------------------

    def order_by(self, *field_names: Any) -> Self:
        """Order by fields, ``"-name"`` for the greatest first; without any, do not order.

        Raises:
            FieldError: A name is unknown.
        """
        if self._state.is_sliced:
            raise TypeError("Cannot reorder a query once a slice has been taken.")
        resolved = False
        for name in field_names:
            resolved = check_order_name(self._state, name) or resolved
        made = self._next(order=field_names, default_order=False, reverse=False)
        if resolved and not self._state.combinator:
            check(made._state)
        return made

    def reverse(self) -> Self:
        """Reverse the order."""
        if self._state.is_sliced:
            raise TypeError("Cannot reverse a query once a slice has been taken.")
        return self._next(reverse=not self._state.reverse)

    def distinct(self, *field_names: str) -> Self:
        """Leave out equal rows; with names (on PostgreSQL), rows that are equal in these fields."""
        self._refuse_combined("distinct")
        if self._state.is_sliced:
            raise TypeError("Cannot create distinct fields once a slice has been taken.")
        for name in field_names:
            if self._state.annotations.get(name) is False:
                raise FieldError(f"distinct({name!r}): an alias is not selected: annotate() it.")
            check_order_name(self._state, name)
        return self._next(distinct=True, distinct_on=field_names)

    # Related objects and columns -----------------------------------------------------------------

    def select_related(self, *fields: Any) -> Self:
        """Load related objects in the same query; ``None`` takes earlier ones back.

        Raises:
            FieldError: A name leads to no single object.
        """
        self._refuse_combined("select_related")
        if self._state.columns is not None:
            raise TypeError("Cannot call select_related() after .values() or .values_list()")
        if fields == (None,):
            return self._next(related=False)
        if not fields:
            return self._next(related=True)
        check_related(self.model, fields, set(self._state.annotations))
        before = self._state.related if isinstance(self._state.related, tuple) else ()
        paths = [tuple(name.split("__")) for name in fields]
        return self._next(related=tuple(dict.fromkeys((*before, *paths))))

    def prefetch_related(self, *lookups: Any) -> Self:
        """Load related objects with one query more for each relation; ``None`` takes all back."""
        self._refuse_combined("prefetch_related")
        made = self._next()
        if lookups == (None,):
            made._prefetch_related_lookups = ()
            return made
        for lookup in lookups:
            name = getattr(lookup, "prefetch_to", lookup).split("__")[0]
            if self._state.annotations.get(name) is False:
                raise ValueError("prefetch_related() is not supported with FilteredRelation.")
        made._prefetch_related_lookups = (*self._prefetch_related_lookups, *lookups)
        return made

    def fetch_mode(self, mode: FetchMode) -> Self:
        """Choose what happens when its instances are asked for what is not loaded."""
        made = self._next()
        made._fetch_mode = mode
        return made

    def defer(self, *fields: Any) -> Self:
        """Leave fields out until they are asked for; ``None`` takes earlier ones back."""
        self._refuse_combined("defer")
        if self._state.columns is not None:
            raise TypeError("Cannot call defer() after .values() or .values_list()")
        if fields == (None,):
            return self._next(deferred=(frozenset(), True))
        names, defer = self._state.deferred
        if defer:
            return self._next(deferred=(names.union(fields), True))
        left = names.difference(fields)
        if left:
            return self._next(deferred=(left, False))
        return self._next(deferred=(frozenset(fields) - names, True))

    def only(self, *fields: Any) -> Self:
        """Load these fields and the primary key alone."""
        self._refuse_combined("only")
        if self._state.columns is not None:
            raise TypeError("Cannot call only() after .values() or .values_list()")
        if fields == (None,):
            raise TypeError("Cannot pass None as an argument to only().")
        chosen = {self.model._meta.pk.name if name == "pk" else name for name in fields}
        names, defer = self._state.deferred
        left = frozenset(chosen - names) if defer else frozenset(chosen)
        return self._next(deferred=(left, False))

    # Annotations and values ----------------------------------------------------------------------

    def annotate(self, *args: Any, **kwargs: Any) -> Self:
        """Add computed columns to each object.

        Raises:
            FieldError: An expression names something unknown.
            ValueError: A name is a field's already.
        """
        self._refuse_combined("annotate")
        return self._annotated("annotate", args, kwargs, select=True)

    def alias(self, *args: Any, **kwargs: Any) -> Self:
        """Name expressions for later use, without selecting them."""
        self._refuse_combined("alias")
        return self._annotated("alias", args, kwargs, select=False)

    def _annotated(
        self, method: str, args: Sequence[Any], kwargs: dict[str, Any], *, select: bool
    ) -> Self:
        expressions: dict[str, Any] = {
            name: Subquery(one) if is_query(one) else one
            for name, one in named_expressions(method, args, kwargs).items()
        }
        if not expressions:
            return self._next()
        known = self._field_names()
        for name, expression in expressions.items():
            check_alias(name, method)
            if name in known:
                raise ValueError(f"The annotation '{name}' conflicts with a field on the model.")
            if not hasattr(expression, "resolve_expression"):
                raise TypeError(f"QuerySet.{method}() received non-expression(s): {expression!r}.")
        chosen = {
            name: select and not hasattr(expression, "relation_name")
            for name, expression in expressions.items()
        }
        for name, expression in expressions.items():
            if hasattr(expression, "relation_name"):
                expression.alias = name
        annotations = {**self._state.annotations, **chosen}
        made = self._stepped(Annotate(expressions, select), annotations=annotations)
        check(made._state)
        return made

    def _field_names(self) -> set[str]:
        if self._state.columns is not None:
            return {name for name in self._state.columns if name not in self._state.annotations}
        meta = self.model._meta
        names = {name for f in meta.get_fields() for name in (f.name, getattr(f, "attname", ""))}
        return names - {""}

    def values(self, *fields: Any, **expressions: Any) -> "QuerySet[M, dict[str, Any]]":
        """Return dictionaries instead of instances."""
        names = tuple(dict.fromkeys((*fields, *expressions)))
        return self._valued("dicts", names, expressions)

    @overload
    def values_list(
        self, *fields: Any, flat: Literal[False] = ..., named: Literal[False] = ...
    ) -> "QuerySet[M, tuple[Any, ...]]": ...
    @overload
    def values_list(
        self, *fields: Any, flat: bool = ..., named: bool = ...
    ) -> "QuerySet[M, Any]": ...
    def values_list(self, *fields: Any, flat: bool = False, named: bool = False) -> Any:
        """Return tuples instead of instances.

        Args:
            fields: Names of fields, or expressions.
            flat: Return the values of the one field.
            named: Return named tuples.
        """
        if flat and named:
            raise TypeError("'flat' and 'named' can't be used together.")
        if flat and len(fields) > 1:
            raise TypeError(
                "'flat' is not valid when values_list is called with more than one field."
            )
        if flat and not fields:
            fields = (self.model._meta.concrete_fields[0].attname,)
        names, expressions, counters = [], {}, 1
        taken = {f for f in fields if isinstance(f, str)}
        for field in fields:
            if is_query(field):
                field = Subquery(field)
            if not hasattr(field, "resolve_expression"):
                names.append(field)
                continue
            prefix = (
                getattr(field, "default_alias", type(field).__name__.lower())
                if not isinstance(field, F)
                else field.name
            )
            name = prefix
            while name in taken or (not isinstance(field, F) and name == prefix):
                name = f"{prefix}{counters}"
                counters += 1
            taken.add(name)
            expressions[name] = field
            names.append(name)
        form = "named" if named else "flat" if flat else "tuples"
        return self._valued(form, tuple(names), expressions)

    def _valued(
        self, form: str, names: tuple[str, ...], expressions: dict[str, Any]
    ) -> "QuerySet[M, Any]":
        made: Any = self._next()
        if expressions and self._state.columns is None:
            known = self._field_names()  # an F() of a field under its own name is the field
            expressions = {
                name: one
                for name, one in expressions.items()
                if not (name in known and isinstance(one, F) and one.name == name)
            }
        if expressions:
            made = made._annotated("values", (), expressions, select=True)
        annotations = made._state.annotations
        for name in names:
            if annotations.get(name) is False:
                raise FieldError(f"Cannot select the '{name}' alias. Use annotate() to promote it.")
        if names:
            annotations = {name: name in names for name in annotations}
        if self._state.combinator:
            valued: QuerySet[M, Any] = made._next(columns=names, form=form, related=False)
            return valued
        for name in names:
            if name not in annotations and check_order_name(made._state, name):
                check_key(name)
        chosen: QuerySet[M, Any] = made._stepped(
            Values(names),
            columns=names,
            form=form,
            related=False,
            annotations=annotations,
            deferred=(frozenset(), True),
        )
        check(chosen._state)
        return chosen

    def dates(self, field_name: str, kind: str, order: str = "ASC") -> "QuerySet[M, dt.date]":
        """Return the dates that a field has, each once, as precisely as ``kind`` says.

        Args:
            field_name: The field.
            kind: ``year``, ``month``, ``week`` or ``day``.
            order: ``ASC`` or ``DESC``.
        """
        from ..expressions.functions import Trunc
        from ..fields import DateField

        if kind not in {"year", "month", "week", "day"}:
            raise ValueError("'kind' must be one of 'year', 'month', 'week', or 'day'.")
        _check_direction(order)
        return self._moments(field_name, Trunc(field_name, kind, output_field=DateField()), order)

    def datetimes(
        self, field_name: str, kind: str, order: str = "ASC", tzinfo: Any = None
    ) -> "QuerySet[M, dt.datetime]":
        """Return the datetimes that a field has, each once, as precisely as ``kind`` says.

        Args:
            field_name: The field.
            kind: ``year``, ``month``, ``week``, ``day``, ``hour``, ``minute`` or ``second``.
            order: ``ASC`` or ``DESC``.
            tzinfo: The time zone; the current one by default.
        """
        from ..expressions.functions import Trunc
        from ..fields import DateTimeField

        if kind not in {"year", "month", "week", "day", "hour", "minute", "second"}:
            raise ValueError(
                "'kind' must be one of 'year', 'month', 'week', 'day', 'hour', 'minute', or "
                "'second'."
            )
        _check_direction(order)
        trunc = Trunc(field_name, kind, output_field=DateTimeField(), tzinfo=tzinfo)
        return self._moments(field_name, trunc, order)

    def _moments(self, name: str, trunc: Any, order: str) -> "QuerySet[M, Any]":
        made: Any = self.annotate(datefield=trunc, plain_field=F(name))
        made = made.values_list("datefield", flat=True).distinct().filter(plain_field__isnull=False)
        return made.order_by(("-" if order == "DESC" else "") + "datefield")  # type: ignore[no-any-return]  # values

    # Combining -----------------------------------------------------------------------------------

    def union(self, *other_qs: "QuerySet[Any, Any]", all: bool = False) -> Self:  # noqa: A002 - Django's name
        """Return the rows of this and other queries, equal ones once unless ``all``."""
        if self._state.nothing:
            others: list[Any] = [one for one in other_qs if not one._state.nothing]
            if not others:
                return self._next()
            if len(others) == 1:
                return others[0]._next()  # type: ignore[no-any-return]  # another QuerySet
            return others[0]._combined("union", others[1:], all_=all)  # type: ignore[no-any-return]  # as above
        return self._combined("union", other_qs, all_=all)

    def intersection(self, *other_qs: "QuerySet[Any, Any]") -> Self:
        """Return the rows that this and the other queries share."""
        operands: tuple[Any, ...] = (self, *other_qs)
        for one in operands:
            if one._state.nothing:
                return one._next()  # type: ignore[no-any-return]  # one of the QuerySets
        return self._combined("intersection", other_qs)

    def difference(self, *other_qs: "QuerySet[Any, Any]") -> Self:
        """Return the rows of this query that the others have not."""
        if self._state.nothing:
            return self._next()
        return self._combined("difference", other_qs)

    def _combined(self, combinator: str, others: Sequence[Any], *, all_: bool = False) -> Self:
        parts = tuple(_unsorted(one._state) for one in (self, *others))
        state = State(self.model).with_(
            combinator=combinator,
            combine_all=all_,
            parts=parts,
            form=self._state.form,
            columns=self._state.columns,
            annotations=self._state.annotations,
        )
        made = self._next()
        made._state = state
        return made

    # Locks ---------------------------------------------------------------------------------------

    def select_for_update(
        self,
        nowait: bool = False,
        skip_locked: bool = False,
        of: Sequence[str] = (),
        no_key: bool = False,
    ) -> Self:
        """Lock the rows until the transaction ends.

        Args:
            nowait: Fail where a row is locked already.
            skip_locked: Leave out rows that are locked.
            of: The relations whose rows are locked too; ``"self"`` for the model's own.
            no_key: Let others refer to the rows meanwhile (PostgreSQL).
        """
        if nowait and skip_locked:
            raise ValueError("The nowait option cannot be used with skip_locked.")
        self._refuse_combined("select_for_update")
        return self._next(lock=Lock(nowait, skip_locked, tuple(of), no_key))


def _unsorted(state: State) -> State:
    """Return a part of a combined query: only an order that was asked for stays, or that cuts."""
    return state if state.is_sliced else state.with_(default_order=False)


def named_expressions(method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return expressions by name; those that came without get their default name.

    Raises:
        TypeError: An expression has no default name, or something is none.
    """
    found: dict[str, Any] = {}
    for expression in args:
        name = None
        if isinstance(expression, Expression):
            try:
                name = getattr(expression, "default_alias", None)
            except (AttributeError, TypeError):
                name = None
        if not hasattr(expression, "resolve_expression"):
            raise TypeError(f"QuerySet.{method}() received non-expression(s): {expression}.")
        if name is None:
            raise TypeError("Complex annotations require an alias")
        if name in kwargs:
            raise ValueError(
                f"The named annotation '{name}' conflicts with the default name for another "
                f"annotation."
            )
        found[name] = expression
    return {**found, **kwargs}


def _check_direction(order: str) -> None:
    if order not in {"ASC", "DESC"}:
        raise ValueError("'order' must be either 'ASC' or 'DESC'.")
