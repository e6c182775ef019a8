"""``atomic``: changes that are made all together, or not at all."""

from collections.abc import Callable
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, overload

from ..databases import DEFAULT, Connection, connections, run_sync
from ..databases.ownership import here, name_of
from ..databases.spelling import call_site
from ..databases.transactions import Block
from ..exceptions import TransactionManagementError
from .ending import abandon, begin, begin_inner, leave

P = ParamSpec("P")
T = TypeVar("T")


class Atomic:
    """A block whose changes are made all together, or not at all.

    The outermost block is a transaction, those inside are savepoints. It is a context manager and a
    decorator, in both colours: ``with`` and ``async with``.

    Args:
        using: The database.
        savepoint: Whether an inner block can be rolled back alone.
        durable: It has to be the outermost block.
        read_only: The outermost block only reads: it takes no write lock on SQLite.
    """

    def __init__(
        self,
        using: str | None = None,
        savepoint: bool = True,
        durable: bool = False,
        *,
        read_only: bool = False,
    ) -> None:
        self.using = using or DEFAULT
        self.savepoint = savepoint
        self.durable = durable
        self.read_only = read_only
        self._entered: list[tuple[Any, Connection, Block]] = []

    def __enter__(self) -> None:
        self._enter(call_site())

    async def __aenter__(self) -> None:
        await run_sync(self._enter, call_site())

    def _enter(self, site: str) -> None:
        connection = connections[self.using]
        if not connection.blocks:
            connection = connection.for_block()
            block = begin(connection, site, read_only=self.read_only)
        else:
            block = self._enter_inner(connection, site)
        self._entered.append((here(), connection, block))

    def _enter_inner(self, connection: Connection, site: str) -> Block:
        connection.claim(site)
        try:
            self._check_durable(connection)
            return begin_inner(connection, savepoint=self.savepoint or connection.always_savepoint)
        except BaseException:
            connection.unclaim()
            raise

    def _check_durable(self, connection: Connection) -> None:
        if self.durable and not (connection.in_test_transaction and len(connection.blocks) == 1):
            raise RuntimeError(
                f"A durable atomic block cannot be inside of another one: that was entered at "
                f"{connection.site}."
            )

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave(exc)

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(exc, GeneratorExit):  # nothing can be awaited any more
            _, connection, block = self._pop()
            abandon(connection, block)
        else:
            await run_sync(self._leave, exc)

    def _leave(self, exc: BaseException | None) -> None:
        owner, connection, block = self._pop()
        if connection.owner is not None and connection.owner is not here():
            abandon(connection, block)
            raise TransactionManagementError(
                f'An atomic block on "{self.using}" was entered by {name_of(owner)} and left by '
                f"{name_of(here())}, so it was rolled back. Enter and leave it in the same "
                f"function; in a FastAPI dependency use transaction.atomic_request."
            )
        leave(connection, block, exc)

    def _pop(self) -> tuple[Any, Connection, Block]:
        """Return what was entered last here: several tasks may use one ``Atomic``."""
        mine = here()
        for index in range(len(self._entered) - 1, -1, -1):
            if self._entered[index][0] is mine:
                return self._entered.pop(index)
        return self._entered.pop()

    def _again(self) -> "Atomic":
        return Atomic(self.using, self.savepoint, self.durable, read_only=self.read_only)

    def __call__(self, func: Callable[P, T]) -> Callable[P, T]:
        """Run a function in such a block.

        Raises:
            TypeError: It is a generator, whose body runs when the block has ended.
        """
        if isgeneratorfunction(func) or isasyncgenfunction(func):
            raise TypeError(
                f"@transaction.atomic is for functions and async functions, and "
                f"{func.__qualname__} is a generator, whose body would run outside of the block. "
                f"Write `with transaction.atomic():` in its body; as a FastAPI dependency, use "
                f"transaction.atomic_request."
            )
        if iscoroutinefunction(func):

            @wraps(func)
            async def inside_async(*args: P.args, **kwargs: P.kwargs) -> Any:
                async with self._again():
                    return await func(*args, **kwargs)

            return inside_async  # type: ignore[return-value]  # it returns a coroutine as func does

        @wraps(func)
        def inside(*args: P.args, **kwargs: P.kwargs) -> T:
            with self._again():
                return func(*args, **kwargs)

        return inside


@overload
def atomic(using: Callable[P, T]) -> Callable[P, T]: ...
@overload
def atomic(
    using: str | None = ...,
    savepoint: bool = ...,
    durable: bool = ...,
    *,
    read_only: bool = ...,
) -> Atomic: ...
def atomic(
    using: Any = None, savepoint: bool = True, durable: bool = False, *, read_only: bool = False
) -> Any:
    """Make the changes of a block, or of a function, all together or not at all.

    Args:
        using: The database's alias, or the function to decorate.
        savepoint: Whether an inner block can be rolled back alone.
        durable: It has to be the outermost block; one that a test opened does not count.
        read_only: It only reads, and takes no write lock on SQLite.

    Raises:
        RuntimeError: A durable block is inside of another.
        TypeError: The function is a generator. Django takes one, and runs its body without a
            transaction.

    https://docs.djangoproject.com/en/stable/topics/db/transactions/#django.db.transaction.atomic
    """
    if callable(using):
        return Atomic()(using)
    return Atomic(using, savepoint, durable, read_only=read_only)


def non_atomic_requests(using: Any = None) -> Any:
    """Leave an endpoint out of ``atomic_request``.

    Args:
        using: The database, or the function to decorate, which is then left out on the default.

    https://docs.djangoproject.com/en/stable/topics/db/transactions/#django.db.transaction.non_atomic_requests
    """
    if callable(using):
        return _left_out(using, DEFAULT)
    return lambda func: _left_out(func, using or DEFAULT)


def _left_out(func: Any, alias: str) -> Any:
    func.__dict__["_non_atomic_requests"] = {*func.__dict__.get("_non_atomic_requests", ()), alias}
    return func


def leaves_out(endpoint: Any, alias: str) -> bool:
    """Say whether an endpoint has asked for no transaction on a database."""
    return alias in getattr(endpoint, "_non_atomic_requests", ())
