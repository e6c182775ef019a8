"""What a connection knows of its transaction: Django's low-level methods.

The package ``transaction`` has the functions that one uses, above all ``atomic``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from ..configuration import DatabaseKey
from ..exceptions import Error, TransactionManagementError
from .callbacks import call
from .driver import Driver
from .errors import translate
from .instrumentation import QueryLog, recorders
from .ownership import forget, here, remember
from .spelling import call_site

_places: dict[DatabaseKey, int] = {}


def place_of(key: DatabaseKey) -> int:
    """Number the databases: a number is a faster key than a URL."""
    return _places.setdefault(key, len(_places))


class Block:
    """An open ``atomic`` block; ``savepoint`` is its savepoint's name, if it has one."""

    __slots__ = ("savepoint",)

    def __init__(self, savepoint: str | None) -> None:
        self.savepoint = savepoint


Callback = tuple[int, Callable[[], object], bool]


class Transactions:
    """A connection's transaction.

    Attributes:
        alias: The database's name in the settings.
        driver: The database.
        held: The driver's connection, for as long as there is a transaction.
        blocks: The open ``atomic`` blocks, outermost first.
        run_on_commit: What waits for the commit, each with the number of blocks around it.
        owner: The task or thread that may use the transaction; ``None`` for all that inherit it.
        site: The file and line where it was entered.
        is_lent: The transaction is for everyone who inherits it: a test's, a request's.
        is_of_loop: All tasks of an event loop share it, so it never holds a connection.
        in_test_transaction: The outermost block is a test's, or a sandbox's.
        always_savepoint: Every block inside of another is a savepoint, whatever it says.
        rollback_exc: The error that made a rollback necessary.
    """

    always_savepoint = False
    in_test_transaction = False

    def __init__(self, key: DatabaseKey, driver: Driver, log: QueryLog) -> None:
        self.key = key
        self.place = place_of(key)
        self.alias = key[0]
        self.driver = driver
        self.log = log
        self.held: Any = None
        self.blocks: list[Block] = []
        self.run_on_commit: list[Callback] = []
        self.owner: Any = None
        self.site = ""
        self.is_lent = False
        self.is_of_loop = False
        self.rollback_exc: BaseException | None = None
        self.guarded = False  # the transaction has to be looked at before each query
        self._needs_rollback = False
        self._autocommit = True
        self._begun = False
        self._savepoints = 0

    @property
    def is_held(self) -> bool:
        """Whether a transaction is open, or autocommit is off."""
        return bool(self.blocks) or not self._autocommit

    @property
    def in_atomic_block(self) -> bool:
        """Whether an ``atomic`` block is open."""
        return bool(self.blocks)

    @property
    def needs_rollback(self) -> bool:
        """Whether a statement failed: nothing more runs until the block is rolled back."""
        return self._needs_rollback

    @needs_rollback.setter
    def needs_rollback(self, value: bool) -> None:
        self._needs_rollback = value
        if not value:
            self.rollback_exc = None
        self.look()

    def look(self) -> None:
        """Find out whether the transaction lets queries take the short way."""
        self.guarded = self._needs_rollback or not self._autocommit

    # Running control statements ------------------------------------------------------------------

    def lease(self) -> Any:
        """Lease a connection of the driver's, which the caller gives back."""
        try:
            return self.driver.lease()
        except self.driver.error_class as error:
            self.fail(error)

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn the driver's errors into the ORM's."""
        try:
            yield
        except self.driver.error_class as error:
            self.fail(error)

    def fail(self, error: Exception) -> NoReturn:
        """Raise the ORM's error for the driver's."""
        raise translate(error) from error

    def control(self, sql: str) -> None:
        """Run a statement of transaction control on the held connection."""
        with self.translated():
            self.driver.control(self.held, sql)

    def _savepoint(self, sql: str) -> None:
        for record in recorders:  # they count among the queries, as in Django
            record(self.alias, sql, ())
        if self.log.is_on:
            with self.log.timed(self.alias, sql, ()):
                self.control(sql)
        else:
            self.control(sql)

    # Autocommit ----------------------------------------------------------------------------------

    def get_autocommit(self) -> bool:
        """Say whether each statement is committed by itself."""
        return self._autocommit and not self.blocks

    def set_autocommit(self, autocommit: bool) -> None:
        """Turn autocommit on or off. Turned off, commit and rollback are the caller's.

        Raises:
            TransactionManagementError: An ``atomic`` block is open, or this is an event loop.
        """
        self.check_no_atomic_block("change autocommit")
        if autocommit == self._autocommit:
            return
        if autocommit:
            self._commit()
            raw, self.held = self.held, None
            self._autocommit, self.owner = True, None
            forget(self)
            self.look()
            self.driver.release(raw)
            self._call_back()  # when all is done, for one may raise
        elif self.is_of_loop:
            raise TransactionManagementError(
                "Autocommit cannot be turned off on an event loop, whose tasks have connections "
                "of their own only inside of `async with transaction.atomic()`."
            )
        else:
            self.held = self.lease()
            self._autocommit, self.owner, self.site = False, here(), call_site()
            remember(self)
            self.look()

    @property
    def autocommit_is_on(self) -> bool:
        """Whether a statement outside of all blocks is committed by itself."""
        return self._autocommit

    @property
    def autocommit(self) -> bool:
        """Whether each statement is committed by itself."""
        return self.get_autocommit()

    def begin_if_needed(self) -> None:
        """Begin the transaction that a statement opens where autocommit is off."""
        if not self._autocommit and not self._begun:
            with self.translated():
                self.driver.begin(self.held, read_only=False)
            self._begun = True

    def commit(self) -> None:
        """Commit what was done with autocommit off.

        Raises:
            TransactionManagementError: An ``atomic`` block is open.
        """
        self.check_no_atomic_block("commit")
        self._commit()
        self._call_back()

    def _commit(self) -> None:
        if self._begun:
            self.control("COMMIT")
            self._begun = False

    def _call_back(self) -> None:
        waiting, self.run_on_commit = self.run_on_commit, []
        for _, callback, robust in waiting:
            call(callback, robust=robust)

    def rollback(self) -> None:
        """Undo what was done with autocommit off.

        Raises:
            TransactionManagementError: An ``atomic`` block is open.
        """
        self.check_no_atomic_block("roll back")
        if self._begun:
            self._begun = False
            with self.translated():
                self.driver.rollback(self.held)
        self.needs_rollback = False
        self.run_on_commit = []

    def check_no_atomic_block(self, wanted: str) -> None:
        """Refuse what would break an open block."""
        if self.blocks:
            raise TransactionManagementError(
                f'Cannot {wanted} on "{self.alias}": an atomic block is open, entered at '
                f"{self.site or 'an unknown place'}, which alone decides that."
            )

    # Inner blocks ------------------------------------------------------------------------------

    def claim(self, site: str) -> None:
        """Wait until the code may enter an inner block, where tests share a connection."""

    def unclaim(self) -> None:
        """Let others enter theirs, when a block has ended."""

    # Savepoints ----------------------------------------------------------------------------------

    def savepoint(self) -> str | None:
        """Create a savepoint and return its name; nothing happens in autocommit mode."""
        if self.get_autocommit():
            return None
        self.begin_if_needed()
        self._savepoints += 1
        name = f"raystack_{self._savepoints}"
        self._savepoint(f"SAVEPOINT {name}")
        return name

    def savepoint_commit(self, sid: str | None) -> None:
        """Release a savepoint."""
        if sid is not None and not self.get_autocommit():
            self._savepoint(f"RELEASE SAVEPOINT {self._known(sid)}")

    def savepoint_rollback(self, sid: str | None) -> None:
        """Undo what was done since a savepoint."""
        if sid is not None and not self.get_autocommit():
            self._savepoint(f"ROLLBACK TO SAVEPOINT {self._known(sid)}")

    def _known(self, sid: str) -> str:
        """Let no other text than a savepoint's name into the statement."""
        if not (sid.startswith("raystack_") and sid[9:].isdecimal()):
            raise TransactionManagementError(
                f"{sid!r} is no savepoint. savepoint_create() returns their names."
            )
        return sid

    def clean_savepoints(self) -> None:
        """Start to number savepoints anew."""
        self._savepoints = 0

    # The end of a block --------------------------------------------------------------------------

    def get_rollback(self) -> bool:
        """Say whether the innermost block will be rolled back.

        Raises:
            TransactionManagementError: There is no block.
        """
        self._check_block()
        return self._needs_rollback

    def set_rollback(self, rollback: bool) -> None:
        """Decide whether the innermost block is rolled back when it ends.

        Raises:
            TransactionManagementError: There is no block.
        """
        self._check_block()
        self.needs_rollback = rollback

    def _check_block(self) -> None:
        if not self.blocks:
            raise TransactionManagementError(
                "The rollback flag does not work outside of an atomic block."
            )

    def validate_no_broken_transaction(self) -> None:
        """Refuse queries after a failed one.

        Raises:
            TransactionManagementError: The block has to be rolled back first.
        """
        if self._needs_rollback:
            raise TransactionManagementError(
                "An earlier query in this atomic block failed, so nothing more runs until the "
                "block ends. Put what may fail into an inner `with transaction.atomic():`."
            ) from self.rollback_exc

    def drop(self) -> None:
        """End the transaction at once, without asking the database: the connection is closed."""
        raw, self.held = self.held, None
        if raw is not None:
            discard = getattr(self.driver, "discard", self.driver.release)
            try:
                discard(raw)
            except (self.driver.error_class, Error):  # closing is all that can be done
                return
