"""Django's functions beside ``atomic``: savepoints, autocommit, the rollback flag, callbacks.

https://docs.djangoproject.com/en/stable/topics/db/transactions/#low-level-apis
"""

import logging

import pytest
from loops import names, run
from press import Author, Tag
from vendors import only

from raystack_orm import (
    IntegrityError,
    SynchronousOnlyOperation,
    TransactionManagementError,
    connection,
    connections,
    run_sync,
    transaction,
)


def create(name: str) -> None:
    Author.objects.create(name=name)


def test_savepoints_undo_a_part(committed_db: str) -> None:
    """savepoint_create() returns a name for the other two functions."""
    with transaction.atomic():
        create("Ann")
        sid = transaction.savepoint_create()
        create("Bob")
        transaction.savepoint_rollback(sid)
        sid = transaction.savepoint()
        create("Eve")
        transaction.savepoint_commit(sid)
        transaction.clean_savepoints()

    assert names() == ["Ann", "Eve"]


def test_savepoints_do_nothing_in_autocommit_mode(committed_db: str) -> None:
    """There is no transaction that they could be in."""
    sid = transaction.savepoint_create()

    assert sid is None
    create("Ann")
    transaction.savepoint_rollback(sid)
    transaction.savepoint_commit(sid)
    assert names() == ["Ann"]


def test_no_other_text_than_a_savepoints_name_is_run(committed_db: str) -> None:
    """Names are not quoted, so they are checked."""
    with transaction.atomic(), pytest.raises(TransactionManagementError, match="no savepoint"):
        transaction.savepoint_rollback("x; DROP TABLE press_author")


def test_a_savepoint_and_the_flag_save_a_failed_block(committed_db: str) -> None:
    """Rolling back to a good state, and saying so."""
    Tag.objects.create(name="a")
    with transaction.atomic():
        create("Ann")
        sid = transaction.savepoint_create()
        with pytest.raises(IntegrityError):
            Tag.objects.create(name="a")
        assert transaction.get_rollback()
        transaction.savepoint_rollback(sid)
        transaction.set_rollback(False)
        create("Bob")

    assert names() == ["Ann", "Bob"]


def test_the_flag_needs_a_block(committed_db: str) -> None:
    """Outside there is nothing to roll back."""
    for ask in (transaction.get_rollback, lambda: transaction.set_rollback(True)):
        with pytest.raises(TransactionManagementError, match="outside of an atomic block"):
            ask()


def test_autocommit_can_be_turned_off(committed_db: str) -> None:
    """Then commit() and rollback() are the caller's, and blocks are savepoints."""
    assert transaction.get_autocommit()
    transaction.set_autocommit(False)
    try:
        assert not transaction.get_autocommit()
        create("Ann")
        transaction.rollback()
        assert names() == []
        create("Bob")
        transaction.commit()
        with pytest.raises(KeyError), transaction.atomic():
            create("Eve")
            raise KeyError
        with transaction.atomic():
            create("Fay")
        with pytest.raises(TransactionManagementError, match="needs an atomic block"):
            transaction.on_commit(print)
        transaction.rollback()
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)

    assert transaction.get_autocommit()
    assert names() == ["Bob"]


def test_callbacks_wait_for_a_commit_by_hand(committed_db: str) -> None:
    """With autocommit off, the end of a block is not yet the commit."""
    called: list[str] = []
    transaction.set_autocommit(False)
    try:
        with transaction.atomic():
            transaction.on_commit(lambda: called.append("now"))
            create("Ann")
        assert called == []
        transaction.commit()
        assert called == ["now"]
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)


def test_autocommit_is_on_again_though_a_callback_raises(committed_db: str) -> None:
    """Callbacks come last: the transaction is committed, and its connection given back."""

    def fail() -> None:
        raise KeyError("callback")

    transaction.set_autocommit(False)
    with transaction.atomic():
        transaction.on_commit(fail)
        create("Ann")
    with pytest.raises(KeyError, match="callback"):
        transaction.set_autocommit(True)

    assert transaction.get_autocommit()
    assert connection.held is None
    assert names() == ["Ann"]


def test_an_open_block_alone_decides(committed_db: str) -> None:
    """Inside of it commit, rollback and autocommit are refused; the error says where it is."""
    calls = (transaction.commit, transaction.rollback, lambda: transaction.set_autocommit(False))
    with transaction.atomic():
        assert not transaction.get_autocommit()
        for call in calls:
            with pytest.raises(TransactionManagementError, match="test_transaction_api.py"):
                call()


def test_outside_of_a_transaction_commit_and_rollback_do_nothing(committed_db: str) -> None:
    """As in Django."""
    create("Ann")
    transaction.rollback()
    transaction.commit()

    assert names() == ["Ann"]


def test_on_commit_takes_what_can_be_called(committed_db: str) -> None:
    """Anything else is a mistake at once, not at the commit."""
    with transaction.atomic(), pytest.raises(TypeError, match="something to call"):
        transaction.on_commit("print")  # type: ignore[arg-type]  # the mistake


def test_a_robust_callback_may_fail(committed_db: str, caplog: pytest.LogCaptureFixture) -> None:
    """Its error is logged, and the next ones run; one that is not robust stops them."""
    called: list[str] = []

    def fail() -> None:
        raise KeyError

    with caplog.at_level(logging.ERROR, "raystack_orm.transaction"), transaction.atomic():
        transaction.on_commit(fail, robust=True)
        transaction.on_commit(lambda: called.append("next"))
    assert called == ["next"]
    assert "fail failed" in caplog.records[0].getMessage()
    with pytest.raises(KeyError), transaction.atomic():
        create("Ann")
        transaction.on_commit(fail)
        transaction.on_commit(lambda: called.append("never"))

    assert called == ["next"]
    assert names() == ["Ann"]


def test_callbacks_of_a_rolled_back_savepoint_are_forgotten(committed_db: str) -> None:
    """Also those of blocks inside of it that had ended well."""
    called: list[int] = []
    with transaction.atomic():
        transaction.on_commit(lambda: called.append(1))
        with pytest.raises(KeyError), transaction.atomic():
            with transaction.atomic():
                transaction.on_commit(lambda: called.append(2))
            raise KeyError
        with transaction.atomic():
            transaction.on_commit(lambda: called.append(3))

    assert called == [1, 3]


def test_an_asynchronous_callback_needs_somebody_who_awaits(committed_db: str) -> None:
    """In synchronous code nobody does."""

    async def later() -> None:
        raise AssertionError

    with (
        pytest.raises(SynchronousOnlyOperation, match="nothing awaits it"),
        transaction.atomic(),
    ):
        transaction.on_commit(later)


def test_an_error_can_mark_the_block_around_it(committed_db: str) -> None:
    """Without a block it only passes."""
    with pytest.raises(KeyError), transaction.mark_for_rollback_on_error():
        raise KeyError
    with transaction.atomic():
        create("Ann")
        with pytest.raises(KeyError), transaction.mark_for_rollback_on_error():
            raise KeyError
        with pytest.raises(TransactionManagementError, match="An earlier query") as caught:
            names()
        assert isinstance(caught.value.__cause__, KeyError)

    assert names() == []


def test_an_inner_block_without_a_savepoint(committed_db: str) -> None:
    """Its error rolls the block around it back, when that ends."""
    with transaction.atomic():
        create("Ann")
        with pytest.raises(KeyError), transaction.atomic(savepoint=False):
            raise KeyError
        assert transaction.get_rollback()

    assert names() == []


def test_a_block_can_be_used_again(committed_db: str) -> None:
    """One object for several blocks, also inside of each other."""
    block = transaction.atomic()
    with block:
        create("Ann")
        with pytest.raises(KeyError), block:
            create("Bob")
            raise KeyError
    with block:
        create("Eve")

    assert names() == ["Ann", "Eve"]


@pytest.mark.parametrize("colour", ["sync", "async"])
@only("sqlite")
@pytest.mark.usefixtures("committed_db")
def test_low_level_functions_in_both_colours(colour: str) -> None:
    """On an event loop they run in run_sync()."""

    def work() -> None:
        with transaction.atomic():
            create("Ann")
            sid = transaction.savepoint_create()
            create("Bob")
            transaction.savepoint_rollback(sid)

    if colour == "sync":
        work()
    else:
        run(lambda: run_sync(work))
    assert names() == ["Ann"]
    assert not connection.in_atomic_block
    assert connections["default"].get_autocommit()
