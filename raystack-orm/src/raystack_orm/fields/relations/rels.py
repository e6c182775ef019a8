"""The other ends of relations, as the models that they lead to see them.

``Author._meta.get_field("article")`` is one: it has no column, and describes the field that has.

https://docs.djangoproject.com/en/stable/ref/models/meta/
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..choices import BLANK, offered
from .cached import CachedRelation
from .hops import Hop

if TYPE_CHECKING:  # a field makes its own
    from .base import RelationField
    from .foreign_key import ForeignKey
    from .many_to_many import ManyToManyField


class Rel(CachedRelation):
    """The base of the other ends.

    Args:
        field: The field that made the relation.
        related_name: The name of the attribute on the other model; ending in ``+`` for none.
        related_query_name: The name in the other model's filters.
        limit_choices_to: Which objects validation accepts: a dictionary, a Q, a callable.
    """

    is_relation = True
    auto_created = True
    concrete = False
    editable = False
    primary_key = False
    unique = False
    many_to_one = False
    many_to_many = False
    one_to_many = False
    one_to_one = False
    multiple = True
    null = True
    parent_link = False
    on_delete: Any = None
    symmetrical = False
    empty_strings_allowed = False

    def __init__(
        self,
        field: "RelationField[Any, Any]",
        related_name: str = "",
        related_query_name: str = "",
        limit_choices_to: Any = None,
    ) -> None:
        self.field: Any = field
        self.related_name = related_name
        self.related_query_name = related_query_name
        self.limit_choices_to = {} if limit_choices_to is None else limit_choices_to

    @property
    def model(self) -> Any:
        """The model that the relation leads to."""
        return self.field.related_model

    @property
    def related_model(self) -> Any:
        """The model that has the field."""
        return self.field.model

    @property
    def remote_field(self) -> Any:
        """The field that made the relation."""
        return self.field

    @property
    def target_field(self) -> Any:
        """The field that the relation refers to."""
        return self.field.target_field

    @property
    def hidden(self) -> bool:
        """Whether there is no way back: ``related_name="+"``."""
        return self.related_name.endswith("+")

    def is_hidden(self) -> bool:
        """Say whether there is no way back."""
        return self.hidden

    @property
    def name(self) -> str:
        """The name in filters."""
        if self.related_query_name:
            return self.related_query_name
        if self.hidden:  # resolvable, for the manager of a ManyToManyField, and never typed
            return f"{self._model_name}_{self.field.name}+"
        return self.related_name or self._model_name

    @property
    def verbose_name(self) -> str:
        """What people call the field."""
        return str(self.field.verbose_name)

    @property
    def _model_name(self) -> str:
        return str(self.field.model._meta.model_name)

    def get_accessor_name(self, model: Any = None) -> str:
        """Return the name of the attribute on the other model, whether it is hidden or not."""
        if self.related_name:
            return self.related_name
        return f"{self._model_name}_set" if self.multiple else self._model_name

    @property
    def accessor_name(self) -> str:
        """The name of the attribute on the other model."""
        return self.get_accessor_name()

    @property
    def cache_name(self) -> str:
        """The attribute that remembers the object at the other end, where there is only one."""
        return f"_{self.name if self.hidden else self.get_accessor_name()}_cache"

    @property
    def cache_key_name(self) -> str:
        """The attribute that the field refers to."""
        return str(self.field.target_field.attname)

    def cached_key_of(self, related: Any) -> Any:
        """Return the key that the object at the other end refers to."""
        return getattr(related, self.field.attname)

    def get_internal_type(self) -> str:
        """Return the kind of the field."""
        return str(self.field.get_internal_type())

    def get_choices(
        self,
        include_blank: bool = True,
        blank_choice: Iterable[tuple[Any, Any]] = (BLANK,),
        limit_choices_to: Any = None,
        ordering: Sequence[str] = (),
    ) -> list[tuple[Any, Any]]:
        """Return the objects to choose from, by their keys; the blank choice comes first.

        Args:
            include_blank: Add the blank choice.
            blank_choice: The blank choice.
            limit_choices_to: Which objects to offer; the relation's own limit by default.
            ordering: Their order; the model's own by default.
        """
        limit = limit_choices_to or self.limit_choices_to
        blank = blank_choice if include_blank else ()
        return offered(self.related_model._meta.default_manager, "pk", limit, ordering, blank)

    def hops(self) -> tuple[Hop, ...]:
        """Return the way from the related model to the field's."""
        back: tuple[Hop, ...] = self.field.hops_back()
        return back

    def __repr__(self) -> str:
        label = f"{self.field.model._meta.label_lower}"
        return f"<{type(self).__name__}: {label}.{self.field.name} backwards>"


class ManyToOneRel(Rel):
    """The other end of a ForeignKey.

    Args:
        field: The ForeignKey.
        related_name: The name of the manager on the other model.
        related_query_name: The name in the other model's filters.
        limit_choices_to: Which objects validation accepts.
        parent_link: The field links a model to its parent.
        on_delete: What happens when the other object is deleted.
    """

    one_to_many = True

    def __init__(
        self,
        field: "ForeignKey[Any, Any]",
        related_name: str = "",
        related_query_name: str = "",
        limit_choices_to: Any = None,
        parent_link: bool = False,
        on_delete: Any = None,
    ) -> None:
        super().__init__(field, related_name, related_query_name, limit_choices_to)
        self.parent_link = parent_link
        self.on_delete = on_delete

    @property
    def field_name(self) -> str:
        """The name of the field that the key refers to."""
        return str(self.get_related_field().name)

    def get_related_field(self) -> Any:
        """Return the field that the key refers to."""
        return self.field.target_field


class OneToOneRel(ManyToOneRel):
    """The other end of a OneToOneField: one object, or none."""

    one_to_many = False
    one_to_one = True
    multiple = False


class ManyToManyRel(Rel):
    """The other end of a ManyToManyField.

    Args:
        field: The ManyToManyField.
        related_name: The name of the manager on the other model.
        related_query_name: The name in the other model's filters.
        limit_choices_to: Which objects validation accepts.
        symmetrical: Being related goes both ways.
        through: The model of the table between, or its name.
        through_fields: The names of its two keys.
        db_constraint: Whether the table between has foreign keys.
    """

    many_to_many = True

    def __init__(
        self,
        field: "ManyToManyField[Any]",
        related_name: str = "",
        related_query_name: str = "",
        limit_choices_to: Any = None,
        symmetrical: bool = False,
        through: Any = None,
        through_fields: Sequence[str] | None = None,
        db_constraint: bool = True,
    ) -> None:
        super().__init__(field, related_name, related_query_name, limit_choices_to)
        self.symmetrical = symmetrical
        self.through = through
        self.through_fields = through_fields
        self.db_constraint = db_constraint

    def get_related_field(self) -> Any:
        """Return the field that the table between refers to."""
        return self.field.target_key.target_field
