"""Q: conditions that can be combined.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#q-objects
"""

import copy
from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import ColumnElement, false, not_, true

from ..exceptions import EmptyResultSet, FullResultSet
from .base import Expression
from .shape import Collector, hashable

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler

CONNECTORS = ("AND", "OR", "XOR")


class Q:
    """Conditions: ``Q(name="ann") | ~Q(age__lt=18)``.

    Args:
        args: Other conditions: Q objects, expressions that are true or false, pairs.
        _connector: What joins them: ``Q.AND``, ``Q.OR`` or ``Q.XOR``.
        _negated: Whether the whole is negated.
        kwargs: Field paths, each with a lookup, and the value.
    """

    AND = "AND"
    OR = "OR"
    XOR = "XOR"
    default = AND
    conditional = True
    connectors = CONNECTORS

    def __init__(
        self, *args: Any, _connector: str | None = None, _negated: bool = False, **kwargs: Any
    ) -> None:
        if _connector is not None and _connector not in CONNECTORS:
            raise ValueError(
                f"_connector must be one of 'AND', 'OR', 'XOR', or None, not {_connector!r}."
            )
        self.children: list[Any] = [*args, *sorted(kwargs.items())]
        self.connector = _connector or self.AND
        self.negated = _negated

    @classmethod
    def create(
        cls, children: list[Any] | None = None, connector: str | None = None, negated: bool = False
    ) -> Self:
        """Make one of children, without sorting them."""
        made = cls()
        made.children = list(children or ())
        made.connector = connector or cls.AND
        made.negated = negated
        return made

    def _combine(self, other: Any, connector: str) -> "Q":
        if getattr(other, "conditional", False) is False:
            raise TypeError(other)
        if not self:
            return copy.copy(other) if not isinstance(other, Q) else other.copy()
        if isinstance(other, Q) and not other:
            return self.copy()
        made = self.create(connector=connector)
        made.add(self, connector)
        made.add(other, connector)
        return made

    def add(self, data: Any, connector: str) -> Any:
        """Add a condition, joining the ones that are there by ``connector``."""
        if self.connector != connector:
            self.children = [self.create(self.children, self.connector, self.negated), data]
            self.connector, self.negated = connector, False
            return data
        joinable = isinstance(data, Q) and not data.negated
        if joinable and (data.connector == connector or len(data.children) == 1):
            self.children += data.children
            return self
        self.children.append(data)
        return data

    def copy(self) -> Self:
        """Return a copy."""
        return self.create(self.children, self.connector, self.negated)

    def __and__(self, other: Any) -> "Q":
        return self._combine(other, self.AND)

    def __or__(self, other: Any) -> "Q":
        return self._combine(other, self.OR)

    def __xor__(self, other: Any) -> "Q":
        return self._combine(other, self.XOR)

    def __invert__(self) -> "Q":
        made = self.copy()
        made.negated = not made.negated
        return made

    def __bool__(self) -> bool:
        return bool(self.children)

    def __len__(self) -> int:
        return len(self.children)

    def __contains__(self, other: Any) -> bool:
        return other in self.children

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Any:
        """Return the conditions of a query, over columns."""
        clause, joins = query.add_q_inner(
            self,
            reuse,
            allow_joins=allow_joins,
            split_subq=False,
            check_filterable=False,
            summarize=summarize,
        )
        query.promote_joins(joins)
        return clause

    def flatten(self) -> Iterator[Any]:
        """Return this object and all expressions in it."""
        yield self
        for child in self.children:
            value = child[1] if isinstance(child, tuple) else child
            if hasattr(value, "flatten"):
                yield from value.flatten()
            else:
                yield value

    def replace_expressions(self, replacements: dict[Any, Any]) -> Any:
        """Return a copy in which expressions are replaced by others."""
        if not replacements:
            return self
        made = self.create(connector=self.connector, negated=self.negated)
        for child in self.children:
            if isinstance(child, tuple):
                keyword, value = child
                made.children.append((keyword, _replaced(value, replacements)))
            else:
                made.children.append(_replaced(child, replacements))
        return made

    @property
    def referenced_base_fields(self) -> set[str]:
        """The first parts of all names in it."""
        return set(_first_names(self))

    def shape(self, collector: Collector) -> Hashable:
        """Return the keywords and the kinds of their values."""
        from ..lookups.kinds import kind_of

        children = []
        for child in self.children:
            if isinstance(child, tuple):
                children.append((child[0], kind_of(child, child[1], collector)))
            else:
                children.append(child.shape(collector))
        return (type(self), self.connector, self.negated, tuple(children))

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return the import path of the class and the arguments that make it again."""
        kwargs: dict[str, Any] = {}
        if self.connector != self.default:
            kwargs["_connector"] = self.connector
        if self.negated:
            kwargs["_negated"] = True
        return f"{type(self).__module__}.{type(self).__qualname__}", tuple(self.children), kwargs

    @property
    def identity(self) -> tuple[Any, ...]:
        """What makes two of them the same."""
        children = tuple(
            (child[0], hashable(child[1])) if isinstance(child, tuple) else child
            for child in self.children
        )
        return (type(self), self.connector, self.negated, children)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Q) and self.identity == other.identity

    def __hash__(self) -> int:
        return hash(self.identity)

    def __str__(self) -> str:
        template = "(NOT (%s: %s))" if self.negated else "(%s: %s)"
        return template % (self.connector, ", ".join(str(c) for c in self.children))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"


def _replaced(value: Any, replacements: dict[Any, Any]) -> Any:
    replace = getattr(value, "replace_expressions", None)
    return value if replace is None else replace(replacements)


def _first_names(node: Any) -> Iterator[str]:
    if isinstance(node, Q):
        for child in node.children:
            if isinstance(child, tuple):
                yield child[0].partition("__")[0]
                yield from _first_names(child[1])
            else:
                yield from _first_names(child)
    elif hasattr(node, "name") and hasattr(node, "resolve_expression"):
        yield node.name.partition("__")[0]
    elif hasattr(node, "get_source_expressions"):
        for source in node.get_source_expressions():
            yield from _first_names(source)


class NegatedExpression(Expression):
    """``~`` before an expression that is true or false.

    Args:
        expression: The expression.
    """

    def __init__(self, expression: Any) -> None:
        from ..fields import BooleanField

        super().__init__(output_field=BooleanField())
        self.expression = expression

    def get_source_expressions(self) -> list[Any]:
        """Return the expression."""
        return [self.expression]

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take the expression."""
        (self.expression,) = exprs

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """Resolve the expression, which has to be true or false."""
        resolved = super().resolve_expression(*args, **kwargs)
        if not getattr(resolved.expression, "conditional", False):
            raise TypeError("Cannot negate non-conditional expressions.")
        return resolved

    def __invert__(self) -> Any:
        return copy.copy(self.expression)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return NOT of it."""
        try:
            return not_(compiler.build(self.expression))
        except EmptyResultSet:
            return true()
        except FullResultSet:
            return false()
