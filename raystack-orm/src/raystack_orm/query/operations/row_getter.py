"""Getting one row by plain values: what is asked most often, without a QuerySet and its copies.

This is for a manager's ``get()`` with equal numbers and texts. The rest takes the general way.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from ...databases import connections
from ...lookups import Exact
from ...lookups.kinds import Kind
from ..execute import key_of_select, load
from ..plan.cache import plans
from ..resolve.targets import Q_KEYWORDS, resolve_target
from ..state import Condition, Filter, Node, State
from .fetch_modes import default_mode

GET_LIMIT = 21
MOST_KEPT = 50  # of one model


class RowGetter:
    """Finds the rows of a model that have given values.

    Args:
        model: The model.
        keywords: The filter keywords that the values are for.

    Raises:
        FieldError: A keyword is unknown.
    """

    __slots__ = ("keys", "model", "targets")

    def __init__(self, model: Any, keywords: Iterable[str]) -> None:
        self.model = model
        self.targets = [resolve_target(model, keyword, "get") for keyword in keywords]
        self.keys: dict[Hashable, Any] = {}  # of the plan, for each kind of database

    def find(self, values: Iterable[Any], alias: str) -> list[Any] | None:
        """Return the rows, no more than ``GET_LIMIT``; ``None`` where a value is not plain."""
        prepared = []
        for target, value in zip(self.targets, values, strict=True):
            type_ = type(value)
            if type_ is int and target.limits is not None:
                if not target.limits[0] <= value <= target.limits[1]:
                    return None
                prepared.append(value)
            elif type_ is str and target.lookup is Exact:
                made = Exact.prepare_value(target.converter, value)
                if made.kind is not Kind.SCALAR:
                    return None
                prepared.append(made.value)
            else:
                return None
        connection = connections[alias]
        kind = connection.driver.plan_key
        plan = plans.find(self.keys[kind]) if kind in self.keys else None
        if plan is None or plan.load is None:
            state = self._state(prepared)
            self.keys[kind] = key_of_select(state, connection.driver)
            return load(state, alias, default_mode())
        return plan.load(
            connection.fetch(plan.sql, plan.bind(prepared)).rows, alias, default_mode()
        )

    def _state(self, prepared: list[Any]) -> State:
        pairs = zip(self.targets, prepared, strict=True)
        conditions = tuple([Condition(target, Kind.SCALAR, value) for target, value in pairs])
        return State(self.model).step(
            Filter(Node("AND", False, conditions)), stop=GET_LIMIT, order=(), default_order=False
        )


def find_rows(model: Any, kwargs: Mapping[str, Any], alias: str) -> list[Any] | None:
    """Return the rows that fit keywords; ``None`` where the general way has to be taken."""
    known: dict[Any, RowGetter] = model._meta.row_getters
    keywords = tuple(kwargs)
    getter = known.get(keywords)
    if getter is None:
        if not Q_KEYWORDS.isdisjoint(keywords):
            return None
        getter = RowGetter(model, keywords)
        if len(known) >= MOST_KEPT:
            known.clear()
        known[keywords] = getter
    return getter.find(kwargs.values(), alias)


def only_one(model: Any, found: list[Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Return the one object that ``get()`` found.

    Raises:
        DoesNotExist: There is none.
        MultipleObjectsReturned: There are several.
    """
    if len(found) == 1:
        return found[0]
    said = ", ".join([*("Q" for _ in args), *(f"{name}=..." for name in kwargs)])
    name = model._meta.object_name
    if not found:
        raise model.DoesNotExist(f"get({said}): there is no such {name}.")
    number = f"{len(found)}" if len(found) < GET_LIMIT else f"more than {GET_LIMIT - 1}"
    raise model.MultipleObjectsReturned(
        f"get({said}): there are {number} of {name}, where one was expected."
    )
