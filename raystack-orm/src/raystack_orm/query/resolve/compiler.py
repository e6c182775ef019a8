"""The compiler: resolved expressions to SQLAlchemy constructs.

A node of ours has ``build``. A node that defines ``as_sql`` or ``as_<vendor>`` itself goes through
the bridge. Values that the query's shape gave away become numbered binds; all others belong to the
shape and stand in the statement.
"""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    String,
    any_,
    bindparam,
    cast,
    exists,
    false,
    literal_column,
    null,
    select,
    true,
    type_coerce,
)
from sqlalchemy.types import NullType, TypeEngine

from ...databases import Driver
from ...exceptions import EmptyResultSet, FullResultSet
from ...lookups.kinds import padded, tells_length

if TYPE_CHECKING:
    from .query import Query

BIND_PREFIX = "raystack_"
PLAIN_TEXT = re.compile(r"[\w $.,:%/+\"\[\]*-]*", re.ASCII)


class Slot(NamedTuple):
    """Where the value of a bind comes from.

    Args:
        place: Its index among the values of the query.
        item: Its index in a list; ``None`` for a value that is bound whole.
        prepare: Converts the value when the query runs.
    """

    place: int
    item: int | None = None
    prepare: Callable[[Any], Any] | None = None


class Context:
    """What the compilers of one statement share.

    Args:
        tokens: Who brought the values of the query, in their order; ``None`` where its shape could
            not be told.

    Attributes:
        slots: Where the values of the numbered binds come from, by the binds' names.
        uncacheable: The statement fits these values alone.
        skips_empty: A query that no row can fit is not asked.
    """

    def __init__(self, tokens: Sequence[Any] | None) -> None:
        self.shaped = tokens is not None
        self.index = {_key(token): index for index, token in enumerate(tokens or ())}
        self.uncacheable = tokens is None or len(self.index) < len(tokens)
        self.skips_empty = True
        self.slots: dict[str, Slot] = {}
        self.binds: dict[Any, BindParameter[Any]] = {}
        self.kept: list[Any] = []


def _key(token: Any) -> Any:
    return (id(token[0]), token[1]) if _is_of_slice(token) else id(token)


def _is_of_slice(token: Any) -> bool:
    return isinstance(token, tuple) and token[1:] in [("limit",), ("offset",)]


class Compiler:
    """Builds the constructs of one query.

    Args:
        query: The query; ``None`` for expressions that stand in no query.
        driver: The database.
        context: What it shares with the queries around it.

    Attributes:
        mapped: Constructs that stand for expressions: the columns of a query below this one.
    """

    def __init__(self, query: "Query | None", driver: Driver, context: Context) -> None:
        self.query = query
        self.driver = driver
        self.context = context
        self.mapped: dict[Any, ColumnElement[Any]] = {}

    @property
    def vendor(self) -> str:
        """The database's name."""
        return self.driver.vendor

    @property
    def uncacheable(self) -> bool:
        """The statement fits these values alone."""
        return self.context.uncacheable

    @uncacheable.setter
    def uncacheable(self, value: bool) -> None:
        self.context.uncacheable = value

    # Nodes ---------------------------------------------------------------------------------------

    def build(self, node: Any) -> ColumnElement[Any]:
        """Return the construct of a resolved expression."""
        if self.mapped:
            found = self.mapped.get(node.identity)
            if found is not None:
                return found
        if getattr(node, "follows_value", False):
            self.context.uncacheable = True
        method = bridged(type(node), self.vendor)
        if method is not None:
            return self.bridge(node, getattr(node, method))
        return node.build(self)  # type: ignore[no-any-return]  # any node's

    def condition(self, node: Any) -> ColumnElement[bool]:
        """Return the construct of something that is true or false."""
        return self.build(node)

    def value_of(self, node: Any) -> ColumnElement[Any]:
        """Return the construct of something whose value is needed, even if no row can fit.

        Raises:
            EmptyResultSet: Its value is not known then.
        """
        try:
            return self.build(node)
        except EmptyResultSet:
            value = getattr(node, "empty_result_set_value", NotImplemented)
            if getattr(node, "conditional", False) and value is NotImplemented:
                value = False
            if value is NotImplemented:
                raise
            return self._constant_of(value, node)
        except FullResultSet:
            return self.boolean(True)

    def selected(self, node: Any) -> ColumnElement[Any]:
        """Return the construct of something that is selected: 0, if nothing is known of it."""
        try:
            return self.value_of(node)
        except EmptyResultSet:
            return self.constant(0)

    def _constant_of(self, value: Any, node: Any) -> ColumnElement[Any]:
        from ...expressions.values import Value

        if value is None:
            type_ = node.sa_type
            return null() if isinstance(type_, NullType) else cast(null(), type_)
        if isinstance(value, bool):
            return self.boolean(value)
        return self.build(Value(value, output_field=node.output_field))

    def bridge(self, node: Any, method: Callable[..., Any]) -> ColumnElement[Any]:
        """Return the construct of a node that writes its SQL itself."""
        from .bridge import Bridge  # it needs this module

        if not node.cacheable:
            self.context.uncacheable = True
        return Bridge(self, method, node)

    def boolean(self, value: bool) -> ColumnElement[Any]:
        """Return a truth value that can be selected."""
        return true() if value else false()

    def typed(self, element: ColumnElement[Any], type_: TypeEngine[Any]) -> ColumnElement[Any]:
        """Return an element that SQLAlchemy takes for one of a type."""
        return element if isinstance(type_, NullType) else type_coerce(element, type_)

    def constant(self, value: str | int) -> ColumnElement[Any]:
        """Return a constant that belongs to the query's shape, written out.

        Text is written out if nothing in it could need escaping, and bound otherwise.
        """
        if isinstance(value, int):
            return literal_column(str(value), Integer())
        if PLAIN_TEXT.fullmatch(value):
            return literal_column(f"'{value}'", String())
        return self._once(("constant", value), value, String())

    def _once(self, known: Any, value: Any, type_: TypeEngine[Any]) -> ColumnElement[Any]:
        """Return the bind of a value that belongs to the shape: the same one wherever it stands.

        An expression that is selected and grouped by is the same then for the database, too.
        """
        found = self.context.binds.get(known)
        if found is None:
            found = self.context.binds[known] = bindparam(None, value, type_, unique=True)
        return found

    def reference(self, name: str, source: Any) -> ColumnElement[Any]:
        """Return an annotation by its name."""
        return self.build(source)

    # Values --------------------------------------------------------------------------------------

    def bind(
        self,
        token: object,
        value: Any,
        type_: TypeEngine[Any],
        prepare: Callable[[Any], Any] | None,
        item: int | None = None,
    ) -> ColumnElement[Any]:
        """Return the bind of a value.

        Args:
            token: Who brought it.
            value: The value, for a statement that fits it alone.
            type_: The type that it is bound as.
            prepare: Converts it.
            item: Its index in the list that the token brought.
        """
        index = self.context.index.get(_key(token))
        if index is None:
            prepared = value if prepare is None else prepare(value)
            if _is_of_slice(token):  # its numbers are not in the shape
                self.context.uncacheable = True
            if self.context.shaped and type(prepared) is int and isinstance(type_, Integer):
                return literal_column(str(prepared), type_)
            self.context.kept.append(token)  # its id stands for it
            return self._once((_key(token), repr(type_), prepare), prepared, type_)
        known = (index, item, repr(type_), prepare)  # a Q may stand in conditions of two fields
        found = self.context.binds.get(known)
        if found is None:
            name = f"{BIND_PREFIX}{len(self.context.binds)}"
            found = bindparam(name, type_=type_)
            self.context.binds[known] = found
            self.context.slots[name] = Slot(index, item, prepare)
        return found

    def within(
        self,
        left: ColumnElement[Any],
        token: object,
        values: Sequence[Any],
        type_: TypeEngine[Any],
        prepare: Any,
    ) -> ColumnElement[bool]:
        """Return IN: one array where the database takes them, or a bind for each value."""
        if _key(token) not in self.context.index:
            prepared = values if prepare is None else prepare(values)
            return left.in_([bindparam(None, value, type_, unique=True) for value in prepared])
        if self.driver.takes_arrays:
            from sqlalchemy.dialects.postgresql import ARRAY  # heavy

            return left == any_(self.bind(token, values, ARRAY(type_), prepare))
        self.uncacheable |= not tells_length(token)
        number = padded(len(values))
        return left.in_([self.bind(token, values, type_, prepare, item) for item in range(number)])

    def bind_item(
        self,
        token: object,
        values: Any,
        type_: TypeEngine[Any],
        prepare: Callable[[Any], Any] | None,
        item: int,
    ) -> ColumnElement[Any]:
        """Return the bind of one of several values, or of what ``prepare`` makes of one."""
        if _key(token) in self.context.index:
            return self.bind(token, values, type_, prepare, item)
        prepared = values if prepare is None else prepare(values)
        return bindparam(None, prepared[item], type_, unique=True)

    def bind_each(
        self,
        token: object,
        values: Any,
        type_: TypeEngine[Any],
        prepare: Any,
        number: int | None = None,
    ) -> list[ColumnElement[Any]]:
        """Return one bind for each of some values.

        Args:
            token: Who brought them.
            values: The values, or one of which ``prepare`` makes several.
            type_: The type that they are bound as.
            prepare: Converts them.
            number: How many it makes.
        """
        self.uncacheable |= number is None and not tells_length(token)
        count = number or len(values)
        return [self.bind_item(token, values, type_, prepare, item) for item in range(count)]

    # Subqueries ----------------------------------------------------------------------------------

    def subselect(self, query: "Query") -> Any:
        """Return the SELECT of an inner query.

        Raises:
            EmptyResultSet: It finds nothing.
        """
        from .select import inner_select

        return inner_select(query, self.context)

    def within_query(self, left: ColumnElement[Any], node: Any) -> ColumnElement[bool]:
        """Return IN what a subquery finds, or what SQL of the developer's does."""
        resolved = getattr(node, "resolved", None)
        if resolved is None:
            return left.op("IN", is_comparison=True)(self.build(node))
        found = self.subselect(resolved)
        if resolved.state.is_sliced and not self.driver.allow_sliced_subqueries_with_in:
            found = select(*found.subquery().c)
        return left.in_(found)

    def exists(self, query: "Query") -> ColumnElement[bool]:
        """Return EXISTS of an inner query."""
        from .select import inner_exists

        return exists(inner_exists(query, self.context))


_BRIDGED: dict[tuple[type, str], str | None] = {}


def bridged(cls: type, vendor: str) -> str | None:
    """Return the method with which a class writes its SQL itself; ``None`` if it has ``build``."""
    key = (cls, vendor)
    if key not in _BRIDGED:
        _BRIDGED[key] = _find_bridged(cls, f"as_{vendor}")
    return _BRIDGED[key]


def _find_bridged(cls: type, by_vendor: str) -> str | None:
    if hasattr(cls, by_vendor):
        return by_vendor
    for base in cls.__mro__:
        if "build" in vars(base):
            return None
        if "as_sql" in vars(base):
            return "as_sql"
    return None
