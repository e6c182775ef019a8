"""Lookups of stores of keys: ``words__has_key="a"``, ``words__a="b"``."""

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Text

from ...fields import TextField
from ...fields.postgres import ArrayField, HStoreField
from ...lookups import Transform
from .operators import ContainedBy, Contains, OperatorLookup

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler

HStoreField.register_lookup(Contains)
HStoreField.register_lookup(ContainedBy)


@HStoreField.register_lookup
class HasKey(OperatorLookup):
    """A key is there."""

    lookup_name = "has_key"
    operator = "?"

    @classmethod
    def prepare_scalar(cls, field: Any, value: Any) -> Any:
        """Convert to text."""
        return str(value)

    @classmethod
    def bound_field(cls, field: Any) -> Any:
        """Bind text."""
        return TextField()


class _HasSome(OperatorLookup):
    @classmethod
    def prepare_scalar(cls, field: Any, value: Any) -> Any:
        """Convert to a list of text."""
        return [str(item) for item in value]

    @classmethod
    def bound_field(cls, field: Any) -> Any:
        """Bind an array of text."""
        return ArrayField(TextField())


@HStoreField.register_lookup
class HasKeys(_HasSome):
    """All of some keys are there."""

    lookup_name = "has_keys"
    operator = "?&"


@HStoreField.register_lookup
class HasAnyKeys(_HasSome):
    """One of some keys is there."""

    lookup_name = "has_any_keys"
    operator = "?|"


@HStoreField.register_lookup
class Keys(Transform):
    """The keys, as an array."""

    lookup_name = "keys"
    function = "akeys"
    output_field: Any = ArrayField(TextField())


@HStoreField.register_lookup
class Values(Transform):
    """The values, as an array."""

    lookup_name = "values"
    function = "avals"
    output_field: Any = ArrayField(TextField())


class KeyTransform(Transform):
    """The value of a ``key``."""

    output_field: Any = TextField()

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return ``store -> key``, the key bound."""
        store = compiler.build(self.lhs)
        return store.op("->", return_type=Text())(compiler.constant(self.extra["key"]))


def _value(field: HStoreField[Any], name: str) -> Any:
    return partial(KeyTransform, key=name)


HStoreField.item_transform = staticmethod(_value)
