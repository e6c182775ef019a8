"""Enumerations whose members have a label, for a field's ``choices``.

https://docs.djangoproject.com/en/stable/ref/models/fields/#enumeration-types
"""

import enum
from enum import EnumType, IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    enum_property = property  # the same, as type checkers know it
else:
    enum_property = enum.property


class ChoicesType(EnumType):
    """The type of enumerations with labels: takes the label off a member's value."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: Any, **kwargs: Any
    ) -> "ChoicesType":
        """Make an enumeration: ``NAME = value, "label"``, or a label made of the name."""
        labels = []
        for member in namespace._member_names:  # noqa: SLF001 - the names that Enum collected
            value, label = _apart(member, namespace[member])
            labels.append(label)
            dict.__setitem__(namespace, member, value)  # Enum's own refuses a second value
        made: Any = super().__new__(cls, name, bases, namespace, **kwargs)
        for member, label in zip(made.__members__.values(), labels, strict=True):
            member._label_ = label
        return enum.unique(made)  # type: ignore[no-any-return]  # the same class

    def __contains__(cls, member: Any) -> bool:
        """Say whether something is a member, or the value of one."""
        if isinstance(member, enum.Enum):
            return super().__contains__(member)
        return any(one.value == member for one in cls)  # type: ignore[var-annotated]  # members

    @property
    def names(cls) -> list[str]:
        """The names of the members, ``"__empty__"`` first if there is an empty label."""
        empty = ["__empty__"] if hasattr(cls, "__empty__") else []
        return [*empty, *(member.name for member in cls)]  # type: ignore[var-annotated]  # members

    @property
    def choices(cls) -> list[tuple[Any, str]]:
        """Pairs of value and label, ``None`` first if there is an empty label."""
        empty = [(None, cls.__empty__)] if hasattr(cls, "__empty__") else []
        return [*empty, *((member.value, member.label) for member in cls)]  # type: ignore[var-annotated]  # members

    @property
    def labels(cls) -> list[str]:
        """The labels."""
        return [label for _, label in cls.choices]

    @property
    def values(cls) -> list[Any]:
        """The values."""
        return [value for value, _ in cls.choices]


def _apart(name: str, value: Any) -> tuple[Any, Any]:
    if isinstance(value, (list, tuple)) and len(value) > 1 and _is_label(value[-1]):
        *rest, label = value
        return (rest[0] if len(rest) == 1 else tuple(rest)), label
    return value, name.replace("_", " ").title()


def _is_label(value: Any) -> bool:
    """Say whether it is text, or acts as text: a translation made when it is read."""
    return isinstance(value, str) or hasattr(value, "casefold")


class Choices(enum.Enum, metaclass=ChoicesType):
    """An enumeration with labels; mix in the type of its values: ``class Day(date, Choices)``."""

    if not TYPE_CHECKING:
        do_not_call_in_templates = enum.nonmember(True)

    @enum_property
    def label(self) -> str:
        """What people read."""
        return self._label_  # type: ignore[attr-defined, no-any-return]  # ChoicesType sets it

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}.{self.name}"

    def __str__(self) -> str:
        """Return the value as text, as templates and columns need it."""
        return str(self.value)


class IntegerChoices(Choices, IntEnum):
    """Whole numbers with labels."""

    if TYPE_CHECKING:  # or else a member's label would have to be a number

        def __new__(cls, value: int, label: Any = ...) -> Self:  # noqa: D102 - never called
            ...


class TextChoices(Choices, StrEnum):
    """Texts with labels."""

    if TYPE_CHECKING:  # as above

        def __new__(cls, value: str, label: Any = ...) -> Self:  # noqa: D102 - never called
            ...

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[Any]) -> str:
        """Use a member's name where its value is left to ``auto()`` or to a list of names."""
        return name
