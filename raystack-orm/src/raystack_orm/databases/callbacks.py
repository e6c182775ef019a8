"""Calling what waited for a commit."""

import logging
from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from ..exceptions import SynchronousOnlyOperation
from .colour import in_job, wait

_log = logging.getLogger("raystack_orm.transaction")


def call(callback: Callable[[], object], *, robust: bool) -> None:
    """Call a callback; one that is asynchronous is awaited.

    Args:
        callback: The callback.
        robust: Log its error instead of raising it.
    """
    try:
        answer: Any = callback()
        if isawaitable(answer):
            _await(callback, answer)
    except Exception:
        if not robust:
            raise
        _log.exception("The on_commit() callback %s failed", _name(callback))


def _await(callback: Callable[[], object], answer: Any) -> None:
    if in_job():
        wait(answer)
        return
    if hasattr(answer, "close"):
        answer.close()
    raise SynchronousOnlyOperation(
        f"The on_commit() callback {_name(callback)} is asynchronous, and nothing awaits it here. "
        f"Register it inside of `async with transaction.atomic()`; without a transaction, await it."
    )


def _name(callback: Callable[[], object]) -> str:
    return str(getattr(callback, "__qualname__", callback))
