"""The async twins: the same code, run where the driver can await.

https://docs.djangoproject.com/en/stable/topics/db/queries/#asynchronous-queries
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..databases.colour import run_sync
from .generic import M, R
from .writing import Writing


class AsyncTwins(Writing[M, R]):
    """Each method that asks the database, to be awaited."""

    async def aget(self, *args: Any, **kwargs: Any) -> R:
        """Return the one object that fits; see ``get()``."""
        return await run_sync(self.get, *args, **kwargs)

    async def acreate(self, **kwargs: Any) -> M:
        """Make an object and save it; see ``create()``."""
        return await run_sync(self.create, **kwargs)

    async def aget_or_create(
        self, defaults: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> tuple[M, bool]:
        """Return the object that fits, or create it; see ``get_or_create()``."""
        return await run_sync(self.get_or_create, defaults, **kwargs)

    async def aupdate_or_create(
        self,
        defaults: Mapping[str, Any] | None = None,
        create_defaults: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> tuple[M, bool]:
        """Update the object that fits, or create it; see ``update_or_create()``."""
        return await run_sync(self.update_or_create, defaults, create_defaults, **kwargs)

    async def abulk_create(
        self,
        objs: Iterable[M],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Sequence[str] | None = None,
        unique_fields: Sequence[str] | None = None,
    ) -> list[M]:
        """Insert objects with few statements; see ``bulk_create()``."""
        return await run_sync(
            self.bulk_create,
            objs,
            batch_size,
            ignore_conflicts,
            update_conflicts,
            update_fields,
            unique_fields,
        )

    async def abulk_update(
        self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        """Update fields of objects with few statements; see ``bulk_update()``."""
        return await run_sync(self.bulk_update, objs, fields, batch_size)

    async def acount(self) -> int:
        """Count the rows; see ``count()``."""
        return await run_sync(self.count)

    async def ain_bulk(
        self, id_list: Iterable[Any] | None = None, *, field_name: str = "pk"
    ) -> dict[Any, R]:
        """Return objects by a unique field; see ``in_bulk()``."""
        return await run_sync(self.in_bulk, id_list, field_name=field_name)

    async def alatest(self, *fields: Any) -> R:
        """Return the last object by fields; see ``latest()``."""
        return await run_sync(self.latest, *fields)

    async def aearliest(self, *fields: Any) -> R:
        """Return the first object by fields; see ``earliest()``."""
        return await run_sync(self.earliest, *fields)

    async def afirst(self) -> R | None:
        """Return the first object; see ``first()``."""
        return await run_sync(self.first)

    async def alast(self) -> R | None:
        """Return the last object; see ``last()``."""
        return await run_sync(self.last)

    async def aaggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Compute aggregates over all rows; see ``aggregate()``."""
        return await run_sync(self.aggregate, *args, **kwargs)

    async def aexists(self) -> bool:
        """Say whether there is a row; see ``exists()``."""
        return await run_sync(self.exists)

    async def acontains(self, obj: M) -> bool:
        """Say whether an object is among the rows; see ``contains()``."""
        return await run_sync(self.contains, obj)

    async def aupdate(self, **kwargs: Any) -> int:
        """Change fields of all rows at once; see ``update()``."""
        return await run_sync(self.update, **kwargs)

    async def aexplain(self, *, format: str | None = None, **options: Any) -> str:  # noqa: A002 - Django's name
        """Return how the database would run the query; see ``explain()``."""
        return await run_sync(self.explain, format=format, **options)
