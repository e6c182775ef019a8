"""Making the managers that stand on an instance: ``author.articles`` and ``article.tags``.

A related manager is of the model's own manager class, with the relation's methods before it. The
class is made once for each relation; asking an instance for its manager fills in the instance.
"""

from typing import Any

from ...query import Manager


class ManagerMaker:
    """Makes the managers of one relation.

    Args:
        kind: The class of the relation's methods.
        base: The manager that it starts from, of the model at the other side.
        namespace: What the managers know of their relation.
    """

    def __init__(self, kind: type[Any], base: Any, namespace: dict[str, Any]) -> None:
        self.kind = kind
        base_class = type(base)
        bases = (kind,) if base_class is Manager else (kind, base_class)
        given = {**namespace, "__module__": kind.__module__, "has_plain_base": len(bases) == 1}
        given["_maker"] = self
        self.manager_class: type[Any] = type(kind.__name__, bases, given)
        self.namespace = namespace
        self._template = dict(vars(base))

    def __call__(self, instance: Any) -> Any:
        """Return the manager of ``instance``."""
        made = object.__new__(self.manager_class)
        made.__dict__.update(self._template)
        made.bind(instance)
        return made

    def on(self, base: Any) -> "ManagerMaker":
        """Return the maker that starts from another manager of the model."""
        return type(self)(self.kind, base, self.namespace)
