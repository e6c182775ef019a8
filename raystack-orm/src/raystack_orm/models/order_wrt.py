"""``order_with_respect_to``: the children of an object in an order that one sets.

https://docs.djangoproject.com/en/stable/ref/models/options/#order-with-respect-to
"""

from collections.abc import Iterable
from functools import partialmethod
from typing import Any

from ..expressions.aggregates import Max
from ..fields import IntegerField


class OrderWrt(IntegerField[Any]):
    """The place of an object among those that belong to the same other one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "name": "_order", "editable": False})


def add_order_methods(model: Any) -> None:
    """Give the model its next and previous one, and the other model the order of its children."""
    for name, is_next in (("get_next_in_order", True), ("get_previous_in_order", False)):
        setattr(model, name, partialmethod(next_in_order, is_next=is_next))
    relation = model._meta.order_with_respect_to
    if relation.remote_field is None:
        return

    def resolved(related: Any) -> None:
        name = model.__name__.lower()
        setattr(related, f"get_{name}_order", partialmethod(_get_order, ordered=model))
        setattr(related, f"set_{name}_order", partialmethod(_set_order, ordered=model))

    origin = f"{model._meta.label}.{relation.name}"
    model._meta.apps.when_defined(relation.key_of(relation.to), origin, resolved)


def _filter(relation: Any, key: Any) -> dict[str, Any]:
    return {relation.attname: key}


def _key_of(instance: Any, relation: Any) -> Any:
    return getattr(instance, relation.target_field.attname)


def _get_order(self: Any, ordered: Any) -> Any:
    """Return the keys of the children in their order."""
    relation = ordered._meta.order_with_respect_to
    children = ordered._default_manager.filter(**_filter(relation, _key_of(self, relation)))
    return children.order_by("_order").values_list("pk", flat=True)


def _set_order(
    self: Any, id_list: Iterable[Any], using: str | None = None, *, ordered: Any
) -> None:
    """Set the order of the children.

    Args:
        self: The object that they belong to.
        id_list: Their keys in the order to be.
        using: The database.
        ordered: The children's model.
    """
    relation = ordered._meta.order_with_respect_to
    children = ordered._default_manager.db_manager(using)
    children = children.filter(**_filter(relation, _key_of(self, relation)))
    made = [ordered(pk=key, _order=place) for place, key in enumerate(id_list)]
    children.bulk_update(made, ["_order"])


def next_in_order(self: Any, *, is_next: bool) -> Any:
    """Return the next child of the same object, or the one before."""
    cache = f"__{is_next}_order_cache"
    if cache not in self.__dict__:
        manager = type(self)._default_manager
        relation = self._meta.order_with_respect_to
        siblings = manager.filter(**_filter(relation, getattr(self, relation.attname)))
        place = manager.filter(pk=self.pk).values("_order")
        found = siblings.filter(**{f"_order__{'gt' if is_next else 'lt'}": place})
        self.__dict__[cache] = found.order_by("_order" if is_next else "-_order")[:1].get()
    return self.__dict__[cache]


def next_place(model: Any, instance: Any, using: str) -> int:
    """Return the place after the last sibling's."""
    relation = model._meta.order_with_respect_to
    siblings = model._base_manager.using(using).filter(
        **_filter(relation, getattr(instance, relation.attname))
    )
    last = siblings.order_by("-_order").values_list("_order", flat=True)[:1]
    return max((place + 1 for place in last), default=0)


def number_new(model: Any, objs: Iterable[Any], using: str) -> None:
    """Give new objects that have no place yet the places after their siblings', in their order."""
    relation = model._meta.order_with_respect_to
    new = [obj for obj in objs if getattr(obj, "_order", None) is None]
    keys = {getattr(obj, relation.attname) for obj in new}
    siblings = model._base_manager.using(using).filter(**{f"{relation.attname}__in": keys})
    last = siblings.order_by().values_list(relation.attname).annotate(last=Max("_order"))
    places = {key: place + 1 for key, place in last}
    for obj in new:
        key = getattr(obj, relation.attname)
        obj._order = places.get(key, 0)
        places[key] = obj._order + 1
