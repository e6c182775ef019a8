"""The names of fields that an expression or a condition refers to."""

from collections.abc import Iterator
from typing import Any

from ..expressions import F, Q


def referenced_names(node: Any) -> Iterator[str]:
    """Return the names, with what follows them: transforms, lookups, the way over relations."""
    if isinstance(node, F):
        yield node.name
    elif isinstance(node, Q):
        for child in node.children:
            if isinstance(child, tuple):
                keyword, child = child
                yield keyword
            yield from referenced_names(child)
    elif isinstance(node, list | tuple):  # the values of one condition
        for value in node:
            yield from referenced_names(value)
    elif hasattr(node, "get_source_expressions"):
        for source in node.get_source_expressions():
            yield from referenced_names(source)
