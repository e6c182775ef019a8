"""Kinds of indexes that PostgreSQL alone has.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/indexes/
"""

import re
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement, Table

from ..expressions.functions.base import BuiltFunc
from ..models.ddl import only_with
from ..models.indexes import Index

if TYPE_CHECKING:
    from ..query.resolve.compiler import Compiler

OPCLASS = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)


class PostgresIndex(Index):
    """The base of PostgreSQL's indexes.

    Attributes:
        parameters: What stands in WITH, and is an argument of the class.
    """

    parameters: ClassVar[tuple[str, ...]] = ()

    @property
    def max_name_length(self) -> int:  # type: ignore[override]  # follows the suffix
        """How long the name may be: a longer suffix is not counted."""
        return Index.max_name_length - len(Index.suffix) + len(self.suffix)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return the path of the class and the arguments that make the same index again."""
        path, args, kwargs = super().deconstruct()
        for name in self.parameters:
            if getattr(self, name) is not None:
                kwargs[name] = getattr(self, name)
        return path, args, kwargs

    def add_to(self, table: Table, model: Any) -> None:
        """Add the index to a table that is being built, for PostgreSQL alone."""
        super().add_to(table, model)
        for made in table.indexes:
            if made.name == self.name:
                only_with(made, expressions=self.contains_expressions, more=True)

    def options(self, model: Any, table: Table) -> dict[str, Any]:
        """Return the kind of the index, its parameters, and what every index says."""
        made = {**super().options(model, table), "postgresql_using": self.suffix}
        given = self.storage()
        return {**made, "postgresql_with": given} if given else made

    def storage(self) -> dict[str, Any]:
        """Return what stands in WITH."""
        given = {name: getattr(self, name) for name in self.parameters}
        return {
            name: ("on" if value else "off") if isinstance(value, bool) else int(value)
            for name, value in given.items()
            if value is not None
        }


class BloomIndex(PostgresIndex):
    """A bloom index: for equality in any of many columns.

    Args:
        expressions: As for ``Index``.
        length: The length of a signature in bits.
        columns: The number of bits for each column.
        kwargs: As for ``Index``.
    """

    suffix = "bloom"

    def __init__(
        self, *expressions: Any, length: int | None = None, columns: Any = (), **kwargs: Any
    ) -> None:
        super().__init__(*expressions, **kwargs)
        if len(self.fields) > 32:
            raise ValueError("Bloom indexes support a maximum of 32 fields.")
        if not isinstance(columns, list | tuple):
            raise ValueError("BloomIndex.columns must be a list or tuple.")  # noqa: TRY004 - Django's
        if len(columns) > len(self.fields):
            raise ValueError("BloomIndex.columns cannot have more values than fields.")
        if not all(0 < number <= 4095 for number in columns):
            raise ValueError("BloomIndex.columns must contain integers from 1 to 4095.")
        if length is not None and not 0 < length <= 4096:
            raise ValueError("BloomIndex.length must be None or an integer from 1 to 4096.")
        self.length = length
        self.columns = columns

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return the path of the class and the arguments that make the same index again."""
        path, args, kwargs = super().deconstruct()
        if self.length is not None:
            kwargs["length"] = self.length
        if self.columns:
            kwargs["columns"] = self.columns
        return path, args, kwargs

    def storage(self) -> dict[str, Any]:
        """Return what stands in WITH."""
        made = {} if self.length is None else {"length": int(self.length)}
        return made | {f"col{n}": int(bits) for n, bits in enumerate(self.columns, start=1)}


class BrinIndex(PostgresIndex):
    """A BRIN index: for columns whose values follow the order of the rows on disk.

    Args:
        expressions: As for ``Index``.
        autosummarize: Autovacuum summarizes new rows.
        pages_per_range: How many pages one entry speaks of.
        kwargs: As for ``Index``.
    """

    suffix = "brin"
    parameters = ("autosummarize", "pages_per_range")

    def __init__(
        self,
        *expressions: Any,
        autosummarize: bool | None = None,
        pages_per_range: int | None = None,
        **kwargs: Any,
    ) -> None:
        if pages_per_range is not None and pages_per_range <= 0:
            raise ValueError("pages_per_range must be None or a positive integer")
        self.autosummarize = autosummarize
        self.pages_per_range = pages_per_range
        super().__init__(*expressions, **kwargs)


class BTreeIndex(PostgresIndex):
    """A B-tree index: PostgreSQL's usual one, with its parameters.

    Args:
        expressions: As for ``Index``.
        fillfactor: How full its pages are packed, in percent.
        deduplicate_items: Equal keys are stored once.
        kwargs: As for ``Index``.
    """

    suffix = "btree"
    parameters = ("fillfactor", "deduplicate_items")

    def __init__(
        self,
        *expressions: Any,
        fillfactor: int | None = None,
        deduplicate_items: bool | None = None,
        **kwargs: Any,
    ) -> None:
        self.fillfactor = fillfactor
        self.deduplicate_items = deduplicate_items
        super().__init__(*expressions, **kwargs)


class GinIndex(PostgresIndex):
    """A GIN index: for the items of arrays, JSON and texts.

    Args:
        expressions: As for ``Index``.
        fastupdate: New rows wait in a list.
        gin_pending_list_limit: The size of that list in kilobytes.
        kwargs: As for ``Index``.
    """

    suffix = "gin"
    parameters = ("fastupdate", "gin_pending_list_limit")

    def __init__(
        self,
        *expressions: Any,
        fastupdate: bool | None = None,
        gin_pending_list_limit: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.fastupdate = fastupdate
        self.gin_pending_list_limit = gin_pending_list_limit
        super().__init__(*expressions, **kwargs)


class GistIndex(PostgresIndex):
    """A GiST index: for ranges and shapes.

    Args:
        expressions: As for ``Index``.
        buffering: It is built with buffers.
        fillfactor: How full its pages are packed, in percent.
        kwargs: As for ``Index``.
    """

    suffix = "gist"
    parameters = ("buffering", "fillfactor")

    def __init__(
        self,
        *expressions: Any,
        buffering: bool | None = None,
        fillfactor: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.buffering = buffering
        self.fillfactor = fillfactor
        super().__init__(*expressions, **kwargs)


class _FilledIndex(PostgresIndex):
    """The base of indexes with a fill factor alone.

    Args:
        expressions: As for ``Index``.
        fillfactor: How full its pages are packed, in percent.
        kwargs: As for ``Index``.
    """

    parameters = ("fillfactor",)

    def __init__(self, *expressions: Any, fillfactor: int | None = None, **kwargs: Any) -> None:
        self.fillfactor = fillfactor
        super().__init__(*expressions, **kwargs)


class HashIndex(_FilledIndex):
    """A hash index: for equality."""

    suffix = "hash"


class SpGistIndex(_FilledIndex):
    """An SP-GiST index: for values that divide space."""

    suffix = "spgist"


class OpClass(BuiltFunc):
    """An expression in an index or a constraint, compared by an operator class.

    Args:
        expression: The expression.
        name: The operator class.
    """

    constraint_validation_compatible = False

    def __init__(self, expression: Any, name: str) -> None:
        if not OPCLASS.fullmatch(name):
            raise ValueError(f"Invalid operator class: {name!r}.")
        super().__init__(expression)
        self.opclass = name

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the expression: the table's definition names the class."""
        return compiler.build(self.source_expressions[0])
