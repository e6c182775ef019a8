"""How blocks begin and end: what is sent to the database, and what becomes of callbacks."""

from ..databases import Connection
from ..databases.async_driver import AsyncDriver
from ..databases.callbacks import call
from ..databases.colour import in_job
from ..databases.ownership import forget, here, remember
from ..databases.transactions import Block, Callback
from ..exceptions import Error


def begin(connection: Connection, site: str, *, read_only: bool) -> Block:
    """Begin a transaction; with autocommit off, where there is one already, a savepoint."""
    if not connection.autocommit_is_on:
        return begin_inner(connection, savepoint=True)
    connection.site = site
    raw = connection.lease()
    driver = connection.driver
    try:
        if isinstance(driver, AsyncDriver):
            driver.locate(raw, site)
        with connection.translated():
            driver.begin(raw, read_only=read_only)
    except BaseException:
        driver.release(raw)
        raise
    block = Block(None)
    connection.held = raw
    connection.owner = None if connection.is_lent else here()
    connection.blocks.append(block)
    connection.needs_rollback = False
    remember(connection)
    return block


def begin_inner(connection: Connection, *, savepoint: bool) -> Block:
    """Create a savepoint, unless a rollback is due anyway."""
    wanted = savepoint and not connection.needs_rollback
    block = Block(connection.savepoint() if wanted else None)
    connection.blocks.append(block)
    return block


def leave(connection: Connection, block: Block, exc: BaseException | None) -> None:
    """End a block: commit, release, or roll back; then call what waited for the commit."""
    failed = exc is not None or connection.needs_rollback
    inner = _leave_blocks(connection, block)
    if connection.blocks or not connection.autocommit_is_on:
        try:
            _leave_inner(connection, block, failed=failed, buried=inner)
        finally:
            connection.unclaim()
        return
    waiting = _leave_outermost(connection, exc, failed=failed)
    for _, callback, robust in waiting:
        call(callback, robust=robust)


def _leave_blocks(connection: Connection, block: Block) -> list[Block]:
    """Take a block off the connection.

    Returns:
        Blocks that were entered later and are still open: those of other tasks or threads that
        share the connection in a test.
    """
    if block not in connection.blocks:
        return []
    index = connection.blocks.index(block)
    later = connection.blocks[index + 1 :]
    del connection.blocks[index]
    return later


def _leave_outermost(
    connection: Connection, exc: BaseException | None, *, failed: bool
) -> list[Callback]:
    committed = False
    try:
        if connection.held is None:  # it was closed inside of the block
            return []
        if failed:
            _roll_back(connection)
            return []
        try:
            connection.control("COMMIT")
            committed = True
        except Error:
            _roll_back(connection)
            raise
    finally:
        waiting = reset(connection)
    return waiting if committed else []


def _roll_back(connection: Connection) -> None:
    """Roll back; where that fails, drop the connection rather than hide why it was needed."""
    try:
        with connection.translated():
            connection.driver.rollback(connection.held)
    except Error:
        connection.drop()


def _leave_inner(
    connection: Connection, block: Block, *, failed: bool, buried: list[Block]
) -> None:
    depth = len(connection.blocks)
    waiting, name = connection.run_on_commit, block.savepoint
    if not failed:  # from now on they share the fate of the block around this one
        connection.run_on_commit = [(min(d, depth), f, robust) for d, f, robust in waiting]
        if name is not None and not buried:
            _release(connection, name)
        return
    connection.run_on_commit = [entry for entry in waiting if entry[0] <= depth]
    held = connection.held
    if name is None or held is None or not connection.driver.in_transaction(held):
        connection.needs_rollback = True  # no savepoint, or none left: the block around has to
        return
    connection.needs_rollback = False
    for other in buried:
        other.savepoint = None  # it goes with this one
    try:
        connection.savepoint_rollback(name)
        connection.savepoint_commit(name)
    except Error:
        connection.needs_rollback = True


def _release(connection: Connection, name: str) -> None:
    try:
        connection.savepoint_commit(name)
    except Error:  # a deferred constraint, say: undo the block, and tell why
        try:
            connection.savepoint_rollback(name)
            connection.savepoint_commit(name)
        except Error:
            connection.needs_rollback = True
        raise


def reset(connection: Connection) -> list[Callback]:
    """Forget the transaction, and give the driver's connection back."""
    raw, connection.held = connection.held, None
    waiting, connection.run_on_commit = connection.run_on_commit, []
    connection.blocks = []
    connection.owner = None
    connection.needs_rollback = False
    connection.clean_savepoints()
    forget(connection)
    if raw is not None:
        connection.driver.release(raw)
    return waiting


def abandon(connection: Connection, block: Block) -> None:
    """Roll back a transaction from where it does not belong, or where nothing can be awaited."""
    if block not in connection.blocks:
        return  # it has ended already
    if connection.is_lent:
        connection.needs_rollback = True
        _leave_blocks(connection, block)
        connection.unclaim()
        return
    if not in_job() and isinstance(connection.driver, AsyncDriver):
        connection.drop()
    elif connection.held is not None:
        _roll_back(connection)
    reset(connection)
