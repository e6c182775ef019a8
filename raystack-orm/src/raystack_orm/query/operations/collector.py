"""The collector: what a deletion takes with it, and what forbids it.

Each relation that leads to a collected object tells by its ``on_delete`` what becomes of the
objects that refer. What nothing refers to is deleted by its condition alone, without being fetched.

https://docs.djangoproject.com/en/stable/ref/models/fields/#django.db.models.ForeignKey.on_delete
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from ...databases import connections
from ...exceptions import ProtectedError, RestrictedError
from ...expressions import Q
from ...fields import CASCADE
from ...signals import post_delete, pre_delete


class Collector:
    """Collects what is deleted together.

    Args:
        using: The database.
        origin: The instance or QuerySet whose deletion it is, for signals.

    Attributes:
        data: The objects to delete, by model.
        field_updates: Keys that get another value first: the field, the value, which objects.
        fast_deletes: QuerySets whose rows are deleted without being fetched.
    """

    def __init__(self, using: str, origin: Any = None) -> None:
        self.using = using
        self.origin = origin
        self.data: dict[Any, set[Any]] = {}
        self.field_updates: list[tuple[Any, Any, list[Any]]] = []
        self.fast_deletes: list[Any] = []
        self._restricted: dict[Any, dict[Any, set[Any]]] = {}  # by model and field
        self._dependencies: dict[Any, set[Any]] = {}  # model to models that are deleted before

    # What on_delete asks for ---------------------------------------------------------------------

    def cascade(self, field: Any, objs: Any) -> None:
        """Delete the objects that refer by ``field`` too."""
        self.collect(
            objs, source=field.related_model, nullable=field.null, fail_on_restricted=False
        )
        driver = connections[self.using].driver
        if field.null and not driver.can_defer_constraint_checks:
            self.set_value(field, None, objs)

    def protect(self, field: Any, objs: Any) -> None:
        """Refuse the deletion.

        Raises:
            ProtectedError: Always.
        """
        raise ProtectedError(_refused(field, objs, "PROTECT"), objs)

    def restrict(self, field: Any, objs: Any) -> None:
        """Refuse the deletion, unless the objects are deleted with something else."""
        by_field = self._restricted.setdefault(type(objs[0]), {})
        by_field.setdefault(field, set()).update(objs)
        self._depends(field.related_model, field.model)

    def set_value(self, field: Any, value: Any, objs: Any) -> None:
        """Let the objects that refer by ``field`` refer to a value."""
        for known, same, listed in self.field_updates:
            if known is field and same == value:
                listed.append(objs)
                return
        self.field_updates.append((field, value, [objs]))

    # Collecting ----------------------------------------------------------------------------------

    def collect(
        self,
        objs: Any,
        source: Any = None,
        *,
        nullable: bool = False,
        collect_related: bool = True,
        reverse_dependency: bool = False,
        keep_parents: bool = False,
        fail_on_restricted: bool = True,
    ) -> None:
        """Collect objects, and all that goes with them.

        Args:
            objs: Instances of one model, or a QuerySet.
            source: The model whose deletion takes them along.
            nullable: The key by which they refer may be null, so the order does not matter.
            collect_related: Ask what refers to them.
            reverse_dependency: ``source`` is deleted before them, as a child before its parent.
            keep_parents: Leave the rows of the models that they inherit from.
            fail_on_restricted: Nothing is collected after this that could lift a restriction.

        Raises:
            ProtectedError: An object refers to one of them and forbids it.
            RestrictedError: The same, and the object is not deleted with something else.
        """
        if self.can_fast_delete(objs):
            self.fast_deletes.append(objs)
            return
        new = self._add(objs, source, nullable=nullable, reverse=reverse_dependency)
        if not new:
            return
        model = type(new[0])
        if not keep_parents:
            self._collect_parents(model, new)
        if not collect_related:
            return
        self._follow_relations(model, new, keep_parents=keep_parents)
        if fail_on_restricted:
            self._check_restricted()

    def _add(self, objs: Any, source: Any, *, nullable: bool, reverse: bool) -> list[Any]:
        """Add objects; return those that were not there yet."""
        if not objs:
            return []
        model = type(objs[0])
        known = self.data.setdefault(model, set())
        new = [obj for obj in objs if obj not in known]
        known.update(new)
        if source is not None and not nullable:
            pair = (model, source) if reverse else (source, model)
            self._depends(*pair)
        return new

    def _depends(self, model: Any, before: Any) -> None:
        """Remember that rows of ``before`` have to be deleted before those of ``model``."""
        needed = self._dependencies.setdefault(model._meta.concrete_model, set())
        needed.add(before._meta.concrete_model)
        self.data.setdefault(before, set())

    def _collect_parents(self, model: Any, objs: Sequence[Any]) -> None:
        for link in parent_links(model):
            parents = [getattr(obj, link.name) for obj in objs]
            self.collect(
                parents,
                source=model,
                collect_related=False,  # relations to parents are among the child's
                reverse_dependency=True,
                fail_on_restricted=False,
            )

    def _follow_relations(self, model: Any, objs: list[Any], *, keep_parents: bool) -> None:
        fast: dict[Any, list[Any]] = {}
        protected: dict[str, set[Any]] = {}
        for rel in relations_to(model):
            field = rel.field
            if keep_parents and _is_parent(rel.model._meta.concrete_model, model):
                continue
            if _is_skipped(field.on_delete):
                continue
            if self.can_fast_delete(field.model, from_field=field):
                fast.setdefault(field.model, []).append(field)
                continue
            for batch in self._batches(objs, 1):
                try:
                    self._follow(field, batch)
                except ProtectedError as error:
                    protected.setdefault(str(error), set()).update(error.protected_objects)
        if protected:
            raise ProtectedError("\n".join(protected), chain.from_iterable(protected.values()))
        for related, fields in fast.items():
            for batch in self._batches(objs, len(fields)):
                self.fast_deletes.append(self._referring(related, fields, batch))

    def _follow(self, field: Any, objs: Sequence[Any]) -> None:
        """Ask a field what becomes of the objects that refer by it."""
        found = self._referring(field.model, [field], objs)
        if not has_listeners(field.model):  # nobody will see more of them
            needed = {rel.field.target_field.attname for rel in relations_to(field.model)}
            found = found.only(*sorted(needed or {"pk"}))
        if getattr(field.on_delete, "lazy_sub_objs", False) or found:
            field.on_delete(self, field, found, self.using)

    def _referring(self, model: Any, fields: Iterable[Any], objs: Sequence[Any]) -> Any:
        refers = Q()
        for field in fields:
            refers |= Q((f"{field.name}__in", objs))
        return model._meta.base_manager.using(self.using).filter(refers)

    def _batches(self, objs: list[Any], fields: int) -> Iterator[list[Any]]:
        limit = connections[self.using].driver.max_query_params
        size = len(objs) if limit is None else max(limit // fields, 1)
        for start in range(0, len(objs), size):
            yield objs[start : start + size]

    def can_fast_delete(self, objs: Any, from_field: Any = None) -> bool:
        """Say whether rows can be deleted without being fetched.

        So it is where nothing refers to them, they have no parents, and nobody listens.

        Args:
            objs: A model, an instance or a QuerySet.
            from_field: The key whose object's deletion takes them along.
        """
        if from_field is not None and from_field.on_delete is not CASCADE:
            return False
        if hasattr(objs, "_meta"):
            model = objs._meta.model
        elif hasattr(objs, "_raw_delete"):
            model = objs.model
        else:
            return False
        return (
            not has_listeners(model)
            and all(link == from_field for link in parent_links(model))
            and all(_is_skipped(rel.field.on_delete) for rel in relations_to(model))
        )

    # RESTRICT ------------------------------------------------------------------------------------

    def _check_restricted(self) -> None:
        for related, instances in self.data.items():
            self._release(related, instances)
        for queryset in self.fast_deletes:
            by_field = self._restricted.get(queryset.model, {})
            keys = {obj.pk for objs in by_field.values() for obj in objs}
            if keys:
                self._release(queryset.model, set(queryset.filter(pk__in=keys)))
        kept = {
            field: objs
            for by_field in self._restricted.values()
            for field, objs in by_field.items()
            if objs
        }
        if kept:
            said = "\n".join(_refused(field, objs, "RESTRICT") for field, objs in kept.items())
            raise RestrictedError(said, chain.from_iterable(kept.values()))

    def _release(self, model: Any, deleted: set[Any]) -> None:
        """Forget restrictions by objects that are deleted themselves."""
        by_field = self._restricted.get(model, {})
        for field in by_field:
            by_field[field] = by_field[field] - deleted

    # Order ---------------------------------------------------------------------------------------

    def sorted_models(self) -> list[Any]:
        """Return the models so that what is referred to comes after what refers.

        Where they refer to each other in a circle, the order is that of collecting.
        """
        ordered: list[Any] = []
        done: set[Any] = set()
        while len(ordered) < len(self.data):
            known = len(ordered)
            # Each pass goes on to the end: a model whose turn comes late waits for no other pass.
            for model in self.data:
                needed = self._dependencies.get(model._meta.concrete_model, set())
                if model not in ordered and needed <= done:
                    ordered.append(model)
                    done.add(model._meta.concrete_model)
            if len(ordered) == known:
                return list(self.data)
        return ordered


def relations_to(model: Any) -> tuple[Any, ...]:
    """Return the other ends of the keys that lead to a model, the hidden ones too."""
    return model._meta.relations_here  # type: ignore[no-any-return]


def parent_links(model: Any) -> list[Any]:
    """Return the keys to the models that a model inherits from."""
    return [link for link in model._meta.concrete_model._meta.parents.values() if link is not None]


def _is_parent(other: Any, model: Any) -> bool:
    return other is not model._meta.concrete_model and issubclass(model, other)


def has_listeners(model: Any) -> bool:
    """Say whether anybody wants to know of deleted objects of a model."""
    return pre_delete.has_listeners(model) or post_delete.has_listeners(model)


def _is_skipped(on_delete: Any) -> bool:
    return bool(getattr(on_delete, "is_skipped", False))


def _refused(field: Any, objs: Any, action: str) -> str:
    return (
        f"Cannot delete some {field.related_model._meta.verbose_name_plural}: {len(objs)} of "
        f"{field.model._meta.verbose_name_plural} refer to them, and {field.model.__name__}."
        f"{field.name} has on_delete={action}."
    )
