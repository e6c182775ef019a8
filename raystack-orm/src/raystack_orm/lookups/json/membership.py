"""Lookups of the keys of JSON documents: has_key, has_keys, has_any_keys."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Text, and_, func, or_

from ...expressions.values import Bound
from ...fields import JSONField, TextField
from ..base import BuiltinLookup
from ..kinds import NOT_NULL, NOTHING, Kind, OtherKind, Prepared, padded
from .keys import KeyTransform
from .paths import json_path, steps_of

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler


class _Membership(BuiltinLookup):
    """The base of what asks for keys.

    Attributes:
        operator: PostgreSQL's.
    """

    operator: str
    prepare_rhs = False

    @classmethod
    def bound_field(cls, field: Any) -> Any:
        """Bind text."""
        return TextField()

    def get_prep_lookup(self) -> Any:
        """Leave the keys to ``prepare_value``."""
        return self.rhs

    def _bound(self) -> Bound:
        if isinstance(self.rhs, Bound):
            return self.rhs
        return Bound(self._token, self._original, TextField(), self._prepare)

    def _prepare(self, value: Any) -> Any:
        kind, made = self.prepare_value(None, value)
        if kind in {Kind.NOTHING, Kind.NOT_NULL}:
            raise OtherKind
        return made

    def _has(self, left: Any, key: ColumnElement[Any], compiler: "Compiler") -> ColumnElement[Any]:
        """Return whether the document has what the path leads to."""
        if compiler.vendor == "mysql":
            found = func.json_contains_path(left, compiler.constant("one"), key)
            return found == compiler.constant(1)
        return func.raystack_json_part(left, key).is_not(None)

    def _place(self, compiler: "Compiler") -> tuple[ColumnElement[Any], Callable[[str], str]]:
        """Return the document, and what makes of a key the path in it."""
        inside = isinstance(self.lhs, KeyTransform)
        before = self.lhs.keys if inside else []
        document = compiler.build(self.lhs.document if inside else self.lhs)
        if compiler.vendor == "sqlite":
            return document, lambda key: steps_of([*before, key], final_is_key=True)
        return document, lambda key: json_path([*before, key], compiler, final_is_key=True)


@JSONField.register_lookup
class HasKey(_Membership):
    """Has the key."""

    lookup_name = "has_key"
    operator = "?"

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Take text."""
        return Prepared(Kind.SCALAR, str(value))

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return whether the document has the key."""
        if isinstance(self.rhs, KeyTransform):
            return self._has_path(self.rhs.keys, compiler)
        bound = self._bound()
        if compiler.vendor == "postgresql":
            return compiler.build(self.lhs).op(self.operator, is_comparison=True)(
                compiler.build(bound)
            )
        document, path_of = self._place(compiler)
        prepare = bound.prepare or str
        path = compiler.bind(bound.token, bound.value, Text(), lambda v: path_of(prepare(v)))
        return self._has(document, path, compiler)

    def _has_path(self, keys: list[str], compiler: "Compiler") -> ColumnElement[Any]:
        """Return whether the document has what a path of keys leads to."""
        document = self.lhs
        for key in keys[:-1]:
            document = KeyTransform(key, document)
        return HasKey(document, keys[-1]).build(compiler)


@JSONField.register_lookup
class HasKeys(_Membership):
    """Has all the keys."""

    lookup_name = "has_keys"
    operator = "?&"
    of_no_keys = NOT_NULL

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Take a list of texts; of none, every document has all and no document has one."""
        keys = [str(item) for item in value]
        return Prepared(Kind.LIST, keys) if keys else cls.of_no_keys

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return whether the document has the keys."""
        decided = self.decided(compiler)
        if decided is not None:
            return decided
        bound = self._bound()
        if compiler.vendor == "postgresql":
            from sqlalchemy.dialects.postgresql import ARRAY  # heavy

            array = compiler.bind(bound.token, bound.value, ARRAY(Text()), bound.prepare)
            return compiler.build(self.lhs).op(self.operator, is_comparison=True)(array)
        document, path_of = self._place(compiler)
        prepare = bound.prepare or list
        keys = [str(key) for key in bound.value]
        values = [*keys, *keys[-1:] * (padded(len(keys)) - len(keys))]
        paths = compiler.bind_each(
            bound.token, values, Text(), lambda given: [path_of(key) for key in prepare(given)]
        )
        return self.joined([self._has(document, path, compiler) for path in paths])

    def joined(self, conditions: list[Any]) -> ColumnElement[Any]:
        """Return whether all hold."""
        return and_(*conditions)


@JSONField.register_lookup
class HasAnyKeys(HasKeys):
    """Has one of the keys."""

    lookup_name = "has_any_keys"
    operator = "?|"
    of_no_keys = NOTHING

    def joined(self, conditions: list[Any]) -> ColumnElement[Any]:
        """Return whether one holds."""
        return or_(*conditions).self_group()
