"""A transaction for a request: Django's ``ATOMIC_REQUESTS``, as a FastAPI dependency."""

from collections.abc import AsyncIterator

from starlette.requests import HTTPConnection

from ..databases import DEFAULT, connections
from .atomic import Atomic, leaves_out


class AtomicRequest:
    """Run an endpoint in a transaction, which it shares with its dependencies.

    FastAPI runs a synchronous endpoint and each synchronous dependency in threads of their own: a
    transaction entered in one of them is not the others'. This one is entered by the request's
    task, and is theirs too. An exception rolls it back, an ``HTTPException`` as well.

    Args:
        using: The database.
        read_only: It only reads.

    Example::

        atomic = Depends(transaction.atomic_request, scope="function")
        router = APIRouter(dependencies=[atomic])

    With ``scope="function"`` it is committed before the response is sent, so that no client is told
    of something that then fails.
    """

    def __init__(self, using: str | None = None, *, read_only: bool = False) -> None:
        self.using = using or DEFAULT
        self.read_only = read_only

    async def __call__(self, request: HTTPConnection) -> AsyncIterator[None]:
        """Enter the transaction; leave it when the endpoint has returned."""
        if leaves_out(request.scope.get("endpoint"), self.using):
            yield
            return
        with connections.lending(self.using):
            async with Atomic(self.using, read_only=self.read_only):
                yield


atomic_request = AtomicRequest()
