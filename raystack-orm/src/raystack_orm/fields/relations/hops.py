"""A hop: one step along a relation, from a table to the next.

The resolver joins along hops, in either direction, without knowing which kind of field they came
from.
"""

from typing import Any, NamedTuple


class Hop(NamedTuple):
    """One step from a table to the next.

    Args:
        model: The model whose table comes next.
        source: The field on this side.
        target: The field on the other side.
        many: There may be several rows on the other side.
        nullable: There may be none.
    """

    model: Any
    source: Any
    target: Any
    many: bool
    nullable: bool
