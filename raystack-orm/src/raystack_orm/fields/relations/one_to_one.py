"""OneToOneField: a column that holds the key of another model's row, which no other row has."""

from typing import TYPE_CHECKING, Any, Unpack

from ..declaration import N, NamedOptions, V
from .foreign_key import ForeignKey
from .on_delete import Action
from .rels import OneToOneRel


class OneToOneField(ForeignKey[V, N]):
    """A reference to one object of another model, which no other object has.

    Args:
        to: The model, or its name.
        on_delete: What happens when the other object is deleted.
        to_field: The other model's field that it refers to; its primary key by default.
        options: As of a ForeignKey.

    https://docs.djangoproject.com/en/stable/ref/models/fields/#onetoonefield
    """

    many_to_one = False
    one_to_one = True
    default_db_index = False  # being unique is an index
    rel_class = OneToOneRel

    if TYPE_CHECKING:

        def __init__(
            self,
            to: type[V] | str,
            on_delete: Action,
            to_field: str | None = ...,
            *,
            null: N = False,  # type: ignore[assignment]  # N's own default
            related_name: str | None = ...,
            related_query_name: str | None = ...,
            limit_choices_to: Any = ...,
            parent_link: bool = ...,
            db_constraint: bool = ...,
            swappable: bool = ...,
            **options: Unpack[NamedOptions],
        ) -> None: ...

    else:

        def __init__(
            self, to: Any, on_delete: Action, to_field: str | None = None, **options: Any
        ) -> None:
            super().__init__(to, on_delete, to_field=to_field, **{**options, "unique": True})

    def deconstruct(self) -> tuple[str | None, str, list[Any], dict[str, Any]]:
        """Return name, import path, and arguments to make the field again."""
        name, path, args, options = super().deconstruct()
        options.pop("unique", None)  # it always is
        return name, path, args, options
