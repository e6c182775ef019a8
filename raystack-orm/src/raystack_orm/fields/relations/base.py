"""What ForeignKey, OneToOneField and ManyToManyField have in common: they lead to a model."""

import copy
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

from ...exceptions import FieldError
from ...registry import ModelKey, apps
from ..base import Field
from ..choices import BLANK, offered
from ..declaration import N, V
from .hops import Hop
from .rels import Rel

if TYPE_CHECKING:  # rooms above
    from raystack import CheckMessage

    from ...models import Model


class RelationField(Field[V, N]):
    """The base of the relations."""

    is_relation = True
    expected = "an object or its key"
    empty_strings_allowed = False

    swappable: bool = True

    to: Any
    rel: Any
    _target: Any = None

    def _set_relation(self, to: Any, rel: Rel) -> None:
        """Say what it relates to.

        Raises:
            TypeError: ``to`` is neither a model nor a name.
        """
        if not isinstance(to, str) and not hasattr(to, "_meta"):
            raise TypeError(
                f"{type(self).__name__} takes a model, or the name of one, but got {to!r}."
            )
        self.to = to
        self.rel = rel
        self._given_names = rel.related_name, rel.related_query_name
        self._resolved: Any = None

    def __copy__(self) -> Self:
        """Copy it for another model, as an abstract one's is: a relation of its own, unresolved."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        made.rel = copy.copy(self.rel)
        made.rel.field = made
        made.rel.related_name, made.rel.related_query_name = self._given_names
        made._resolved = None
        made._target = None
        return made

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        made = memo[id(self)] = self.__copy__()
        made._resolved = self._resolved  # noqa: SLF001 - its own kind
        return made

    @property
    def remote_field(self) -> Any:
        """The other end."""
        return self.rel

    @property
    def related_name(self) -> str:
        """The name of the attribute on the other model; empty for the usual one."""
        return str(self.rel.related_name)

    @property
    def related_query_name(self) -> str:
        """The name in the other model's filters; empty for the usual one."""
        return str(self.rel.related_query_name)

    def set_name(self, model: "type[Model]", name: str) -> None:
        """Take the place of ``name`` in ``model``; ``%(class)s`` in names is filled in."""
        super().set_name(model, name)
        rel, meta = self.rel, model._meta
        filled = {
            "class": model.__name__.lower(),
            "model_name": model.__name__.lower(),
            "app_label": meta.app_label.lower(),
        }
        given = rel.related_name or getattr(meta, "default_related_name", None) or ""
        rel.related_name = given % filled
        rel.related_query_name %= filled

    def key_of(self, to: Any) -> ModelKey:
        """Return how the registry finds the model named ``to``."""
        if to == "self":
            to = self.model
        if isinstance(to, str):
            label, _, name = to.rpartition(".")
            return ModelKey(label or self.model._meta.app_label, name.lower())
        return ModelKey(to._meta.app_label, to._meta.model_name)

    def resolve(self, related: Any) -> None:
        """Be told the related model."""
        self._resolved = related
        self._target = None

    @property
    def is_resolved(self) -> bool:
        """Whether the related model is defined."""
        return self._resolved is not None

    @property
    def related_model(self) -> Any:
        """The model that the relation leads to.

        Raises:
            FieldError: It was named and never defined.
        """
        if self._resolved is None and not isinstance(self.to, str):
            return self.to  # of a field that is in no model
        if self._resolved is None:
            raise FieldError(
                f"{self.model._meta.label}.{self.name} refers to the model {self.to!r}, which is "
                f"not defined. Import its module, or correct the name."
            )
        return self._resolved

    @related_model.setter
    def related_model(self, value: Any) -> None:
        self._resolved = value

    @property
    def swappable_setting(self) -> str | None:
        """The setting that puts another model in the related one's place, if one does."""
        if not self.swappable:
            return None
        name = self.to if isinstance(self.to, str) else self.to._meta.label
        if isinstance(self.to, str) and self.is_resolved:
            name = self.related_model._meta.label
        return apps.get_swappable_settings_name(name)

    def deconstruct(self) -> tuple[str | None, str, list[Any], dict[str, Any]]:
        """Return name, import path, and arguments to make the field again."""
        name, path, args, options = super().deconstruct()
        related_name, query_name = self._given_names
        options["to"] = self._given_label()
        if related_name:
            options["related_name"] = related_name
        if query_name:
            options["related_query_name"] = query_name
        if self.rel.limit_choices_to:
            options["limit_choices_to"] = self.rel.limit_choices_to
        return name, path, args, options

    def _given_label(self) -> str:
        """Return how a migration names the related model."""
        if self.is_resolved:
            return str(self.related_model._meta.label_lower)
        if not isinstance(self.to, str):
            return str(self.to._meta.label_lower)
        return self.to.lower() if "." in self.to else self.to

    def get_limit_choices_to(self) -> Any:
        """Return the condition that validation puts on related objects; a callable is called."""
        given = self.rel.limit_choices_to
        return given() if callable(given) else given

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
        limit = limit_choices_to or self.get_limit_choices_to()
        blank = blank_choice if include_blank else ()
        return offered(
            self.related_model._meta.default_manager, self._choice_key, limit, ordering, blank
        )

    @property
    def _choice_key(self) -> str:
        return str(self.rel.get_related_field().attname)

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        from .checks import check_relation  # needed by `raystack check` alone

        return [*super().check(**kwargs), *check_relation(self)]

    def hops(self) -> tuple[Hop, ...]:
        """Return the way to the related model."""
        raise NotImplementedError

    def hops_back(self) -> tuple[Hop, ...]:
        """Return the way from the related model."""
        raise NotImplementedError
