"""The rows of the table between two models: adding and removing pairs, and telling receivers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ... import transaction
from ...expressions import Q
from ...fields import ForeignKey
from ...signals import m2m_changed
from ..databases_of import check_allowed


class Membership:
    """Which objects are related to an instance by a ManyToManyField.

    Args:
        manager: The instance's manager.
        using: The database.
    """

    def __init__(self, manager: Any, using: str) -> None:
        self.manager = manager
        self.through = manager.through
        self.using = using
        self.rows = self.through._meta.default_manager.using(using)

    # Adding --------------------------------------------------------------------------------------

    def add(self, objs: Sequence[Any], through_defaults: Mapping[str, Any] | None) -> None:
        """Add pairs; a symmetrical relation gets them both ways."""
        if not objs:
            return
        manager = self.manager
        with transaction.atomic(self.using, savepoint=False):
            self._add(manager.source_field, manager.target_field, objs, through_defaults)
            if manager.symmetrical:
                self._add(manager.target_field, manager.source_field, objs, through_defaults)

    def _add(
        self,
        source: ForeignKey[Any, Any],
        target: ForeignKey[Any, Any],
        objs: Sequence[Any],
        through_defaults: Mapping[str, Any] | None,
    ) -> None:
        extra = {
            name: value() if callable(value) else value
            for name, value in (through_defaults or {}).items()
        }
        keys = self._keys(target, objs)
        # In a table that was made for us, a conflict can only be a pair that is there already.
        ignore = self.through._meta.auto_created is not False
        is_mirror = source is not self.manager.source_field and not self.manager.is_reverse
        tells = not is_mirror and m2m_changed.has_listeners(self.through)
        if ignore and not tells:
            self._insert(source, target, keys, {}, ignore=True)
            return
        missing = keys - self._known(source, target, keys)
        with transaction.atomic(self.using, savepoint=False):
            if tells:
                self._send("pre_add", missing)
            self._insert(source, target, missing, extra, ignore=ignore)
            if tells:
                self._send("post_add", missing)

    def _insert(
        self,
        source: ForeignKey[Any, Any],
        target: ForeignKey[Any, Any],
        keys: Iterable[Any],
        extra: Mapping[str, Any],
        *,
        ignore: bool,
    ) -> None:
        here = self.manager.related_val[0]
        made = [
            self.through(**extra, **{source.attname: here, target.attname: key}) for key in keys
        ]
        self.rows.bulk_create(made, ignore_conflicts=ignore)

    def _known(
        self, source: ForeignKey[Any, Any], target: ForeignKey[Any, Any], keys: Iterable[Any]
    ) -> set[Any]:
        pairs = self.rows.filter(
            **{source.name: self.manager.related_val[0], f"{target.name}__in": list(keys)}
        )
        return set(pairs.values_list(target.name, flat=True))

    def _keys(self, target: ForeignKey[Any, Any], objs: Iterable[Any]) -> set[Any]:
        """Return the keys of objects, or the keys that were given in their place."""
        model = self.manager.model
        keys = set()
        for obj in objs:
            if isinstance(obj, model):
                key = target.key_in(obj)
                if key is None:
                    raise ValueError(
                        f'Cannot add "{obj!r}": the value for field "{target.name}" is None. '
                        f"Save it first."
                    )
                check_allowed(obj, self.manager.instance, 'Cannot add "{!r}"')
            elif hasattr(obj, "_meta"):
                raise TypeError(f"'{model._meta.object_name}' instance expected, got {obj!r}")
            else:
                key = target.get_prep_value(obj)
            keys.add(key)
        return keys

    # Removing ------------------------------------------------------------------------------------

    def remove(self, objs: Sequence[Any]) -> None:
        """Remove pairs."""
        if not objs:
            return
        manager, target = self.manager, self.manager.target_field
        keys = {target.key_in(obj) if isinstance(obj, manager.model) else obj for obj in objs}
        with transaction.atomic(self.using, savepoint=False):
            self._send("pre_remove", keys)
            own = manager.unrelated_queryset().using(self.using)
            found: Any = keys
            if own._has_filters():  # objects that the manager hides stay related
                found = own.filter(**{f"{target.target_field.attname}__in": keys})
            self.rows.filter(self._removing(found)).delete()
            self._send("post_remove", keys)

    def clear(self) -> None:
        """Remove all pairs."""
        with transaction.atomic(self.using, savepoint=False):
            self._send("pre_clear", None)
            own = self.manager.unrelated_queryset().using(self.using)
            self.rows.filter(self._removing(own if own._has_filters() else None)).delete()
            self._send("post_clear", None)

    def _removing(self, found: Any) -> Q:
        """Return the condition on pairs with some objects, ``None`` for all."""
        manager = self.manager
        here, source, target = manager.related_val[0], manager.source_field, manager.target_field
        made = self._pairs(source.name, here, target.name, found)
        if manager.symmetrical:
            made |= self._pairs(target.name, here, source.name, found)
        return made

    def _pairs(self, near: str, key: Any, far: str, found: Any) -> Q:
        made = Q(**{near: key})
        return made if found is None else made & Q(**{f"{far}__in": found})

    def _send(self, action: str, keys: set[Any] | None) -> None:
        m2m_changed.send(
            sender=self.through,
            action=action,
            instance=self.manager.instance,
            reverse=self.manager.is_reverse,
            model=self.manager.model,
            pk_set=keys,
            using=self.using,
            raw=False,
        )
