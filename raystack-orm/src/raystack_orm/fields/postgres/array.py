"""The field of arrays."""

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from ...exceptions import ValidationError
from ..base import Field
from ..checks import error
from ..declaration import N, NamedOptions
from .hstore import HStoreField, StoreArray
from .validators import ArrayMaxLengthValidator

if TYPE_CHECKING:
    from raystack import CheckMessage

    from ...models import Model


class ArrayField(Field[list[Any], N]):
    """A list of values of one field; a table of arrays is an array of arrays.

    Args:
        base_field: The field that each item is like.
        size: The greatest number of items; PostgreSQL itself does not check it.
        null: It may be ``None``.
        options: The options of every field.
    """

    empty_strings_allowed = False
    expected = "a list"
    default_error_messages: ClassVar[dict[str, str]] = {
        "item_invalid": "Item %(nth)s in the array did not validate:",
        "nested_array_mismatch": "Nested arrays must have the same length.",
    }
    base_field: Any
    size: int | None
    item_transform: ClassVar[Any] = None
    """What ``tags__0`` and ``tags__0_2`` mean; the lookups, a room above, set it."""
    slice_transform: ClassVar[Any] = None
    """What ``F("tags")[:2]`` means; they set it too."""

    if TYPE_CHECKING:

        def __init__(
            self,
            base_field: Field[Any, Any],
            size: int | None = ...,
            *,
            null: N = ...,
            **options: Unpack[NamedOptions],
        ) -> None: ...

    else:

        def __init__(self, base_field: Any, size: int | None = None, **options: Any) -> None:
            self.base_field = base_field
            self.size = size
            if size:
                self.default_validators = (ArrayMaxLengthValidator(size),)
            super().__init__(**options)

    @property
    def description(self) -> str:
        """What the field holds, for people."""
        return f"Array of {self.base_field.description}"

    def set_name(self, model: "type[Model]", name: str) -> None:
        """Take the place of ``name`` in ``model``, and the base field with it."""
        super().set_name(model, name)
        self.base_field.set_name(model, name)

    def deconstruct(self) -> tuple[str | None, str, list[Any], dict[str, Any]]:
        """Return name, path and arguments."""
        name, path, args, options = super().deconstruct()
        options["base_field"] = self.base_field.clone()
        if self.size is not None:
            options["size"] = self.size
        return name, path, args, options

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration, or with its base field."""
        found: list[CheckMessage] = super().check(**kwargs)
        if isinstance(self.default, list):
            message = f"{self}: all objects would share the default. Give a callable: list."
            found.append(error(self, "fields.E010", message))
        if self.base_field.is_relation:
            message = f"{self}: an array holds values, not relations."
            return [*found, error(self, "postgres.E002", message)]
        inner = [f"{message.message} ({message.id})" for message in self.base_field.check(**kwargs)]
        if inner:
            message = f"{self}: the base field has errors: {' '.join(inner)}"
            found.append(error(self, "postgres.E001", message))
        return found

    def slice_expression(self, expression: Any, start: int, length: int | None) -> Any:
        """Return some items of an array: what ``F("tags")[:2]`` means.

        Args:
            expression: The array.
            start: The place of the first item, from 1.
            length: Their number; ``None`` for all that follow.
        """
        end = None if length is None else start - 1 + length
        return self.slice_transform(expression, start=start - 1, end=end)

    def get_transform(self, lookup_name: str) -> Any:
        """Return a registered transform, or the one of an item or a slice."""
        found = super().get_transform(lookup_name)
        return found or (self.item_transform and self.item_transform(self, lookup_name))

    # Values --------------------------------------------------------------------------------------

    def to_python(self, value: Any) -> Any:
        """Convert the items, and a fixture's JSON."""
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise self.invalid("invalid", "“%(value)s” is no list.", value=value) from None
        if not isinstance(value, (list, tuple)):
            return value
        return [self.base_field.to_python(item) for item in value]

    def get_prep_value(self, value: Any) -> Any:
        """Convert the items."""
        value = super().get_prep_value(value)
        if value is None:
            return None
        if not isinstance(value, (list, tuple, set, frozenset)):
            raise self.refuse(value)
        return [self.base_field.get_prep_value(item) for item in value]

    @property
    def from_db_value(self) -> Any:
        """What the base field does with each loaded item; nothing if it does nothing."""
        read = self.base_field.from_db_value  # AttributeError: this has none either

        def from_db_value(value: Any, expression: Any, connection: Any) -> Any:
            return None if value is None else [read(v, expression, connection) for v in value]

        return from_db_value

    def value_to_string(self, obj: Any) -> str:
        """Return the items as JSON, for fixtures."""
        name = self.base_field.attname
        texts = [
            None if v is None else self.base_field.value_to_string(SimpleNamespace(**{name: v}))
            for v in self.value_from_object(obj)
        ]
        return json.dumps(texts, ensure_ascii=False)

    def validate(self, value: Any, model_instance: Any) -> None:
        """Validate the items too."""
        super().validate(value, model_instance)
        items = value or ()
        self._each(items, lambda item: self.base_field.validate(item, model_instance))
        if isinstance(self.base_field, ArrayField) and len({len(item) for item in items}) > 1:
            raise self.invalid("nested_array_mismatch")

    def run_validators(self, value: Any) -> None:
        """Run the base field's validators on the items too."""
        super().run_validators(value)
        self._each(value or (), self.base_field.run_validators)

    def _each(self, items: Any, check: Any) -> None:
        """Check the items; an error says which one it is about."""
        for number, item in enumerate(items, 1):
            try:
                check(item)
            except ValidationError as wrong:
                prefix = self.error_messages["item_invalid"]
                raise ValidationError(
                    [_prefixed(one, prefix, number) for one in wrong.error_list]
                ) from wrong

    def make_type(self) -> TypeEngine[Any]:
        """Return an array of the base field's type."""
        dimensions, base = 1, self.base_field
        while isinstance(base, ArrayField):
            dimensions, base = dimensions + 1, base.base_field
        kind = StoreArray if isinstance(base, HStoreField) else ARRAY
        return kind(base.sa_type(), dimensions=dimensions)


def _prefixed(wrong: ValidationError, prefix: str, number: int) -> ValidationError:
    params = {**(wrong.params or {}), "nth": number}
    return ValidationError(f"{prefix} {wrong.message}", "item_invalid", params)
