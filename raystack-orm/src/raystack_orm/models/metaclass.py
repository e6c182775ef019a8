"""The metaclass: from a class body to a model.

It takes the fields off the class, so that an instance's attributes are plain ones, and puts there
what relations need. Nothing is read from a database.
"""

from typing import TYPE_CHECKING, Any

from ..fields import Field
from ..query.manager import BaseManager
from ..registry import current_registry
from ..signals import class_prepared
from .exception_classes import add_exceptions
from .inheritance import inherit_fields, inherit_options, set_up_proxy
from .options import Options
from .preparation import add_attribute, prepare

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ..schemas import Kind


class ModelBase(type):
    """The type of models."""

    _meta: Options

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **kwargs: Any
    ) -> "ModelBase":
        """Make a model of a class body."""
        parents: list[Any] = [base for base in bases if isinstance(base, ModelBase)]
        if not parents:
            return super().__new__(cls, name, bases, namespace, **kwargs)
        own = {key: value for key, value in namespace.items() if _joins_class(value)}
        rest = {key: value for key, value in namespace.items() if key not in own}
        given = rest.pop("Meta", None)
        model: Any = super().__new__(cls, name, bases, rest, **kwargs)
        inherited = getattr(model, "_meta", None)  # of the nearest model, unless that is Model
        meta = given or getattr(model, "Meta", None)
        model._meta = Options(model, meta, current_registry())
        model._meta.base = [base for base in model.__mro__ if isinstance(base, ModelBase)][-1]
        if not model._meta.abstract:
            add_exceptions(model, parents)
            inherit_options(model, inherited, meta)
        for key, value in own.items():
            add_attribute(model, key, value)
        model._meta.concrete_model = model
        if model._meta.proxy:
            set_up_proxy(model, parents)
        inherit_fields(model, parents)
        if model._meta.abstract:
            given.abstract = False  # the children that inherit Meta are not
            model.Meta = given
            return model  # type: ignore[no-any-return]  # a class made by type()
        prepare(model)
        class_prepared.send(sender=model)
        return model  # type: ignore[no-any-return]  # as above

    def add_to_class(cls, name: str, value: Any) -> None:
        """Add a field, a manager or anything else to a model."""
        add_attribute(cls, name, value)

    # On the metaclass, a field or attribute of this name goes before it.
    def schema(cls, kind: "Kind" = "read", **options: Any) -> "type[BaseModel]":
        """Return a pydantic model of the fields; see ``Model._meta.schema()``."""
        return cls._meta.schema(kind, **options)

    @property
    def _default_manager(cls) -> Any:
        return cls._meta.default_manager

    @property
    def _base_manager(cls) -> Any:
        return cls._meta.base_manager

    def __repr__(cls) -> str:
        return f"<class '{cls.__module__}.{cls.__qualname__}'>"


def _joins_class(value: Any) -> bool:
    """Say whether a value of a class body wants to be told its class and name."""
    if isinstance(value, type):
        return False
    return isinstance(value, (Field, BaseManager)) or hasattr(value, "contribute_to_class")
