"""``on_commit()``: doing something once a transaction is committed.

https://docs.djangoproject.com/en/stable/topics/db/transactions/#performing-actions-after-commit
"""

import logging
from collections.abc import Callable
from functools import partial

import pytest

from raystack_orm import models, transaction
from raystack_orm.testing import capture_on_commit_callbacks


class Account(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_on_commit"


class Oops(Exception):
    pass


@pytest.fixture
def done() -> list[str]:
    return []


def test_it_runs_after_the_commit(committed_db: str, done: list[str]) -> None:
    with transaction.atomic():
        transaction.on_commit(lambda: done.append("a"))
        assert done == []
    assert done == ["a"]


def test_it_runs_at_once_outside_of_a_transaction(committed_db: str, done: list[str]) -> None:
    transaction.on_commit(partial(done.append, "a"))
    assert done == ["a"]


def test_it_is_discarded_when_rolled_back(committed_db: str, done: list[str]) -> None:
    with pytest.raises(Oops), transaction.atomic():
        transaction.on_commit(partial(done.append, "a"))
        raise Oops
    with transaction.atomic():
        pass
    assert done == []


def test_the_order_is_that_of_registration(committed_db: str, done: list[str]) -> None:
    with transaction.atomic():
        transaction.on_commit(partial(done.append, "a"))
        with transaction.atomic():
            transaction.on_commit(partial(done.append, "b"))
        transaction.on_commit(partial(done.append, "c"))
    assert done == ["a", "b", "c"]


def test_an_inner_rollback_discards_its_own(committed_db: str, done: list[str]) -> None:
    with transaction.atomic():
        transaction.on_commit(partial(done.append, "a"))
        with pytest.raises(Oops), transaction.atomic():
            transaction.on_commit(partial(done.append, "b"))
            raise Oops
    assert done == ["a"]


def test_an_outer_rollback_discards_what_inner_blocks_registered(
    committed_db: str, done: list[str]
) -> None:
    with pytest.raises(Oops), transaction.atomic():
        with transaction.atomic():
            transaction.on_commit(partial(done.append, "a"))
        raise Oops
    assert done == []


def test_a_failing_callback_stops_the_later_ones(committed_db: str, done: list[str]) -> None:
    def fail() -> None:
        raise Oops

    with pytest.raises(Oops), transaction.atomic():
        Account.objects.create(name="kept")
        transaction.on_commit(fail)
        transaction.on_commit(partial(done.append, "b"))
    assert done == []
    assert Account.objects.get().name == "kept"


def test_a_robust_callback_lets_the_others_run(
    committed_db: str, done: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise Oops("robust")

    with caplog.at_level(logging.ERROR), transaction.atomic():
        transaction.on_commit(fail, robust=True)
        transaction.on_commit(partial(done.append, "b"))
    assert done == ["b"]
    assert len(caplog.records) == 1


def test_a_robust_callback_may_fail_outside_of_a_transaction(
    committed_db: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise Oops("robust")

    with caplog.at_level(logging.ERROR):
        transaction.on_commit(fail, robust=True)
    assert len(caplog.records) == 1


def test_a_callback_may_query_and_open_a_transaction(committed_db: str) -> None:
    def work() -> None:
        with transaction.atomic():
            Account.objects.create(name="later")

    with transaction.atomic():
        transaction.on_commit(work)
        assert Account.objects.count() == 0
    assert Account.objects.count() == 1


def test_a_callback_may_register_another(committed_db: str, done: list[str]) -> None:
    def work() -> None:
        transaction.on_commit(partial(done.append, "inner"))

    with transaction.atomic():
        transaction.on_commit(work)
    assert done == ["inner"]


def test_something_that_cannot_be_called_is_refused(committed_db: str) -> None:
    with transaction.atomic(), pytest.raises(TypeError):
        transaction.on_commit("text")  # type: ignore[arg-type]


def test_without_autocommit_and_atomic_it_is_refused(committed_db: str) -> None:
    transaction.set_autocommit(False)
    try:
        with pytest.raises(transaction.TransactionManagementError):
            transaction.on_commit(lambda: None)
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)


def test_a_tests_transaction_is_never_committed(db: str, done: list[str]) -> None:
    with transaction.atomic():
        transaction.on_commit(partial(done.append, "a"))
    assert done == []


def test_callbacks_can_be_captured_in_a_test(db: str, done: list[str]) -> None:
    with capture_on_commit_callbacks() as callbacks:
        transaction.on_commit(partial(done.append, "a"))
    assert len(callbacks) == 1
    assert done == []


def test_captured_callbacks_can_be_run(db: str, done: list[str]) -> None:
    def twice() -> None:
        done.append("first")
        transaction.on_commit(partial(done.append, "second"))

    with capture_on_commit_callbacks(execute=True) as callbacks:
        transaction.on_commit(twice)
    assert done == ["first", "second"]
    assert len(callbacks) == 2


def test_on_commit_takes_a_method(committed_db: str) -> None:
    calls: list[Callable[..., object]] = []

    class Mailer:
        def send(self) -> None:
            calls.append(self.send)

    with transaction.atomic():
        transaction.on_commit(Mailer().send)
    assert len(calls) == 1
