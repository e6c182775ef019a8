"""Transactions: ``atomic()``, savepoints, autocommit.

https://docs.djangoproject.com/en/stable/topics/db/transactions/
"""

from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import IntegrityError, connection, models, transaction
from raystack_orm.exceptions import TransactionManagementError
from raystack_orm.testing import capture_queries


class Account(models.Model):
    name = models.CharField(max_length=20, unique=True)
    money = models.IntegerField(default=0)

    class Meta:
        app_label = "c1_transactions"


class Oops(Exception):
    pass


def create(name: str) -> Account:
    return Account.objects.create(name=name)


def names() -> set[str]:
    return set(Account.objects.values_list("name", flat=True))


def test_without_atomic_each_query_is_committed(committed_db: str) -> None:
    assert transaction.get_autocommit() is True
    assert connection.in_atomic_block is False
    create("a")
    with pytest.raises(IntegrityError):
        create("a")
    assert names() == {"a"}


def test_atomic_commits_when_it_ends_well(committed_db: str) -> None:
    with transaction.atomic():
        create("a")
        assert connection.in_atomic_block is True
    assert names() == {"a"}
    assert connection.in_atomic_block is False


def test_atomic_rolls_back_on_an_exception(committed_db: str) -> None:
    with pytest.raises(Oops), transaction.atomic():
        create("a")
        raise Oops
    assert names() == set()


def test_an_inner_block_can_fail_alone(committed_db: str) -> None:
    with transaction.atomic():
        create("outer")
        with pytest.raises(Oops), transaction.atomic():
            create("inner")
            raise Oops
        create("after")
    assert names() == {"outer", "after"}


def test_an_inner_block_is_undone_with_the_outer(committed_db: str) -> None:
    with pytest.raises(Oops), transaction.atomic():
        with transaction.atomic():
            create("inner")
        raise Oops
    assert names() == set()


def test_an_integrity_error_is_caught_around_an_inner_block(committed_db: str) -> None:
    create("taken")
    with transaction.atomic():
        create("parent")
        with pytest.raises(IntegrityError), transaction.atomic():
            create("taken")
        create("child")
    assert names() == {"taken", "parent", "child"}


def test_after_an_error_inside_atomic_queries_are_refused(committed_db: str) -> None:
    create("taken")
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            create("taken")
        with pytest.raises(TransactionManagementError):
            names()
    assert names() == {"taken"}


def test_that_block_is_rolled_back_in_the_end(committed_db: str) -> None:
    create("taken")
    with transaction.atomic():
        create("lost")
        with pytest.raises(IntegrityError):
            create("taken")
    assert names() == {"taken"}


def test_inner_blocks_are_savepoints(db: str) -> None:
    with capture_queries() as captured, transaction.atomic(), transaction.atomic():
        create("a")
    words = [query["sql"].split()[0] for query in captured.captured_queries]
    assert words == ["SAVEPOINT", "SAVEPOINT", "INSERT", "RELEASE", "RELEASE"]


def test_a_savepoint_may_be_left_out(db: str) -> None:
    with capture_queries() as captured, transaction.atomic(savepoint=False):
        create("a")
    assert len(captured) == 1


def test_without_a_savepoint_the_next_block_out_is_rolled_back(committed_db: str) -> None:
    with transaction.atomic():
        create("kept")
        with pytest.raises(Oops), transaction.atomic():
            create("middle")
            with transaction.atomic(savepoint=False):
                create("inner")
                raise Oops
    assert names() == {"kept"}


def test_atomic_is_a_decorator(committed_db: str) -> None:
    @transaction.atomic
    def fails(name: str) -> None:
        """Fail."""
        create(name)
        raise Oops

    @transaction.atomic(savepoint=False)
    def works(name: str) -> str:
        create(name)
        return name

    with pytest.raises(Oops):
        fails("a")
    assert works("b") == "b"
    assert names() == {"b"}
    assert (fails.__name__, fails.__doc__) == ("fails", "Fail.")


def test_a_durable_block_is_the_outermost(committed_db: str) -> None:
    with transaction.atomic(durable=True):
        create("a")
    with transaction.atomic(), pytest.raises(RuntimeError):
        transaction.atomic(durable=True).__enter__()
    assert names() == {"a"}


def test_a_durable_block_works_inside_of_a_tests_transaction(db: str) -> None:
    with transaction.atomic(durable=True):
        create("a")
    assert names() == {"a"}


def test_an_atomic_object_can_be_used_again(committed_db: str) -> None:
    block = transaction.atomic()
    with block:
        create("a")
        with block:
            create("b")
    with block:
        create("c")
    assert names() == {"a", "b", "c"}


@pytest.mark.parametrize("name", ["commit", "rollback"])
def test_committing_inside_atomic_is_refused(committed_db: str, name: str) -> None:
    with transaction.atomic(), pytest.raises(TransactionManagementError):
        getattr(transaction, name)()


def test_autocommit_cannot_be_changed_inside_atomic(committed_db: str) -> None:
    with transaction.atomic(), pytest.raises(TransactionManagementError):
        transaction.set_autocommit(False)


def test_autocommit_off_wants_commit_and_rollback(committed_db: str) -> None:
    transaction.set_autocommit(False)
    try:
        assert transaction.get_autocommit() is False
        create("a")
        transaction.rollback()
        create("b")
        transaction.commit()
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)
    assert names() == {"b"}


def test_savepoints_by_hand(committed_db: str) -> None:
    with transaction.atomic():
        create("a")
        point = transaction.savepoint()
        create("b")
        transaction.savepoint_rollback(point)
        create("c")
        second = transaction.savepoint()
        create("d")
        transaction.savepoint_commit(second)
    assert names() == {"a", "c", "d"}


def test_clean_savepoints_starts_counting_anew(committed_db: str) -> None:
    def points() -> list[str]:
        transaction.clean_savepoints()
        return [transaction.savepoint() for _ in range(3)]

    with transaction.atomic():
        assert points() == points()


def test_set_rollback_undoes_without_an_exception(committed_db: str) -> None:
    with transaction.atomic():
        create("a")
        assert transaction.get_rollback() is False
        transaction.set_rollback(True)
        assert transaction.get_rollback() is True
    assert names() == set()


def test_a_broken_block_is_repaired_by_a_savepoint(committed_db: str) -> None:
    create("taken")
    with transaction.atomic():
        create("a")
        point = transaction.savepoint()
        with pytest.raises(IntegrityError):
            create("taken")
        transaction.set_rollback(False)
        transaction.savepoint_rollback(point)
        create("b")
    assert names() == {"taken", "a", "b"}


def test_outside_atomic_there_is_no_rollback_flag(committed_db: str) -> None:
    with pytest.raises(TransactionManagementError):
        transaction.get_rollback()
    with pytest.raises(TransactionManagementError):
        transaction.set_rollback(True)


def test_objects_keep_their_values_when_rolled_back(committed_db: str) -> None:
    account = create("a")
    with pytest.raises(Oops), transaction.atomic():
        account.money = 5
        account.save()
        raise Oops
    assert account.money == 5
    assert Account.objects.get().money == 0


def test_select_for_update_wants_a_transaction(committed_db: str) -> None:
    create("a")
    if committed_db != "sqlite":  # where it is ignored
        with pytest.raises(TransactionManagementError):
            list(Account.objects.select_for_update())
    with transaction.atomic():
        assert Account.objects.select_for_update().get().name == "a"


def test_async_code_takes_part_in_the_transaction(db: str, run: Callable[..., Any]) -> None:
    create("a")
    assert run(Account.objects.acount()) == 1
    run(Account.objects.acreate(name="b"))
    assert names() == {"a", "b"}
