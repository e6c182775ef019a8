"""Pickling an instance: its values, and the version that it was pickled with."""

import copy
import warnings
from importlib.metadata import version
from typing import Any

from ..registry import apps

VERSION_KEY = "_raystack_orm_version"
VIEWS_KEY = "_memoryview_attrs"


def orm_version() -> str:
    """Return the version of the distribution."""
    return version("raystack-orm")


def reduce(instance: Any) -> Any:
    """Return what pickle makes the instance of again."""
    state = instance.__getstate__()
    state[VERSION_KEY] = orm_version()
    model = type(instance)
    meta = model._meta
    known = apps.all_models.get(meta.app_label, {}).get(meta.model_name) is model
    # A model of a registry of its own is found by its class.
    return unpickle, ((meta.app_label, meta.object_name) if known else model,), state


def unpickle(model_id: Any) -> Any:
    """Make an instance without values, of a model or of its label and name."""
    model: Any = apps.get_model(*model_id) if isinstance(model_id, tuple) else model_id
    return model.__new__(model)


def get_state(instance: Any) -> dict[str, Any]:
    """Return the values that are pickled: all, memory views as bytes."""
    state: dict[str, Any] = instance.__dict__.copy()
    if "_state" in state:
        state["_state"] = copy.copy(state["_state"])
    views = [(name, bytes(value)) for name, value in state.items() if isinstance(value, memoryview)]
    if views:
        state[VIEWS_KEY] = views
        for name, _ in views:
            del state[name]
    return state


def set_state(instance: Any, state: dict[str, Any]) -> None:
    """Take pickled values; warn when another version pickled them."""
    state = dict(state)
    pickled = state.pop(VERSION_KEY, None)
    if pickled != orm_version():
        said = "is not specified" if pickled is None else f"{pickled} is not the current one"
        warnings.warn(
            f"The version of raystack-orm that pickled this {type(instance).__name__} {said}.",
            RuntimeWarning,
            stacklevel=3,
        )
    for name, value in state.pop(VIEWS_KEY, ()):
        state[name] = memoryview(value)
    instance.__dict__.update(state)
