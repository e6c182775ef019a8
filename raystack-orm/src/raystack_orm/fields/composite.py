"""The primary key of several fields.

https://docs.djangoproject.com/en/stable/topics/composite-primary-key/
"""

import json
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from .base import Field
from .checks import error

if TYPE_CHECKING:
    from raystack import CheckMessage


class CompositeAttribute:
    """``instance.pk``: the values of the fields, as a tuple.

    Args:
        field: The composite key.
    """

    def __init__(self, field: "CompositePrimaryKey") -> None:
        self.field = field

    @property
    def attnames(self) -> list[str]:
        """The attributes of the fields."""
        return [field.attname for field in self.field.fields]

    def __get__(self, instance: Any, owner: Any) -> Any:
        """Return the values."""
        if instance is None:
            return self
        return tuple(getattr(instance, attname) for attname in self.attnames)

    def __set__(self, instance: Any, values: Any) -> None:
        """Set the values; ``None`` sets all of them.

        Raises:
            ValueError: It is no list or tuple of as many values.
        """
        attnames = self.attnames
        if values is None:
            values = (None,) * len(attnames)
        if not isinstance(values, (list, tuple)):
            raise ValueError(f"{self.field.name!r} must be a list or a tuple.")  # noqa: TRY004 - Django's class
        if len(values) != len(attnames):
            raise ValueError(f"{self.field.name!r} must have {len(attnames)} elements.")
        for attname, value in zip(attnames, values, strict=True):
            setattr(instance, attname, value)


class CompositePrimaryKey(Field[tuple[Any, ...]]):
    """A primary key of several fields: ``pk = models.CompositePrimaryKey("store", "number")``.

    Args:
        field_names: The names of the fields.
        options: The options of every field.

    Raises:
        ValueError: The names are not several different ones, or an option makes no sense here.
    """

    descriptor_class = CompositeAttribute
    is_composite = True

    def __init__(self, *field_names: str, **options: Any) -> None:
        named = all(isinstance(name, str) for name in field_names)
        if not field_names or not named or len(set(field_names)) != len(field_names):
            raise ValueError("CompositePrimaryKey args must be unique strings.")
        if len(field_names) == 1:
            raise ValueError("CompositePrimaryKey must include at least two fields.")
        if options.setdefault("editable", False):
            raise ValueError("CompositePrimaryKey cannot be editable.")
        if not options.setdefault("primary_key", True):
            raise ValueError("CompositePrimaryKey must be a primary key.")
        if not options.setdefault("blank", True):
            raise ValueError("CompositePrimaryKey must be blank.")
        if options.get("db_column") is not None:
            raise ValueError("CompositePrimaryKey cannot have a db_column.")
        super().__init__(**options)
        if self.has_default():
            raise ValueError("CompositePrimaryKey cannot have a default.")
        if self.has_db_default():
            raise ValueError("CompositePrimaryKey cannot have a database default.")
        self.field_names = field_names

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        """Become the model's primary key."""
        super().contribute_to_class(cls, name, private_only)
        cls._meta.pk = self
        setattr(cls, self.attname, self.descriptor_class(self))

    def deconstruct(self) -> tuple[str | None, str, list[Any], dict[str, Any]]:
        """Return name, path, the fields' names, and the other arguments."""
        name, path, _, options = super().deconstruct()
        return name, path, list(self.field_names), options

    def get_attname_column(self) -> tuple[str, Any]:
        """Return the attribute; there is no column of its own."""
        return self.get_attname(), None

    @cached_property
    def fields(self) -> tuple[Field[Any, Any], ...]:
        """The fields."""
        return tuple(self.model._meta.get_field(name) for name in self.field_names)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of the fields."""
        return tuple(field.column for field in self.fields)

    def __iter__(self) -> Any:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.field_names)

    def get_pk_value_on_save(self, instance: Any) -> tuple[Any, ...]:
        """Return the key of a new object, its missing parts made by their defaults."""
        return tuple(
            field.get_pk_value_on_save(instance) if value is None else value
            for field, value in zip(self.fields, self.value_from_object(instance), strict=True)
        )

    def get_prep_value(self, value: Any) -> Any:
        """Convert the parts.

        Raises:
            ValueError: There are more or fewer of them than fields.
        """
        if value is None:
            return None
        if not isinstance(value, (list, tuple)) or len(value) != len(self):
            raise ValueError(f"{self.name!r} must be a tuple of {len(self)} elements.")
        return tuple(f.get_prep_value(v) for f, v in zip(self.fields, value, strict=True))

    def to_python(self, value: Any) -> Any:
        """Convert a fixture's JSON to a list of the parts."""
        if not isinstance(value, str):
            return value
        parts = json.loads(value)
        return [f.to_python(part) for f, part in zip(self.fields, parts, strict=True)]

    def value_to_string(self, obj: Any) -> str:
        """Return the parts as JSON, for fixtures."""
        texts = [
            field.value_to_string(SimpleNamespace(**{field.attname: value}))
            for field, value in zip(self.fields, self.value_from_object(obj), strict=True)
        ]
        return json.dumps(texts, ensure_ascii=False)

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        found = [m for m in super().check(**kwargs) if m.id != "fields.E003"]
        if self.name != "pk":
            message = f"{self} is a composite primary key, which is called pk."
            found.append(error(self, "fields.E013", message))
        return found
