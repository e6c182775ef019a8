"""The pool of connections, for drivers whose library has none."""

import threading
import time
from collections.abc import Callable

import pytest

from raystack_orm import OperationalError
from raystack_orm.databases.pool import Pool


class Wire:
    """Something that is opened and closed."""

    def __init__(self) -> None:
        self.works = True
        self.is_open = True

    def close(self) -> None:
        self.is_open = False


def pool_of(size: int, open_one: Callable[[], Wire] = Wire, timeout_s: float = 5) -> Pool[Wire]:
    """Make a pool of wires."""
    return Pool(
        open_one,
        lambda wire: wire.close(),
        lambda wire: wire.works,
        size=size,
        timeout_s=timeout_s,
        name="wires",
    )


def test_what_is_given_back_is_lent_again() -> None:
    """The one that was used last, so that the others stay idle."""
    pool = pool_of(2)
    first, second = pool.take(), pool.take()

    pool.give(first)
    pool.give(second)

    assert (pool.take(), pool.take()) == (second, first)


def test_what_does_not_work_any_more_is_replaced() -> None:
    """It is closed, not lent."""
    pool = pool_of(1)
    broken = pool.take()
    pool.give(broken)
    broken.works = False

    assert pool.take() is not broken
    assert not broken.is_open


def test_what_nobody_needs_is_closed_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the one above it is in use all the time: a firewall would forget the others."""
    pool = pool_of(3)
    wires = [pool.take() for _ in range(3)]
    for wire in wires:
        pool.give(wire)

    start = time.monotonic()
    for minutes in (5, 9, 11):
        monkeypatch.setattr(time, "monotonic", lambda now=start + 60 * minutes: now)
        pool.give(pool.take())
        assert [wire.is_open for wire in wires] == [minutes < 10, minutes < 10, True]


def test_nobody_waits_while_another_ones_connection_is_closed() -> None:
    """Closing may take its time."""
    closing, closed = threading.Event(), threading.Event()

    class Slow(Wire):
        def close(self) -> None:
            closing.set()
            assert closed.wait(5)
            super().close()

    pool = pool_of(3, Slow)
    broken, working = pool.take(), pool.take()
    pool.give(working)
    pool.give(broken)
    broken.works = False
    taking = threading.Thread(target=pool.take)
    taking.start()
    assert closing.wait(5)

    assert pool.take() is working
    closed.set()
    taking.join()


def test_those_who_wait_are_served_in_order() -> None:
    """Even if the one who gives back takes again at once."""
    pool, order = pool_of(1), []

    def use(number: int) -> None:
        wire = pool.take()
        order.append(number)
        pool.give(wire)

    held = pool.take()
    threads = [threading.Thread(target=use, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    pool.give(held)
    use(6)
    for thread in threads:
        thread.join()

    assert order == list(range(7))


def test_waiting_too_long_is_an_error_and_leaves_the_queue() -> None:
    """The next who gives back does not wait for those who have left."""
    pool = pool_of(1, timeout_s=0.05)
    wire = pool.take()

    for _ in range(3):
        with pytest.raises(OperationalError, match="wires within 0.05 s"):
            pool.take()
    pool.give(wire)

    assert pool.take() is wire


def test_a_failure_to_open_uses_nothing_up() -> None:
    """The place is free for the next attempt."""
    failing = True

    def open_one() -> Wire:
        if failing:
            raise OperationalError("nobody answers")
        return Wire()

    pool = pool_of(1, open_one, timeout_s=0.05)
    for _ in range(3):
        with pytest.raises(OperationalError, match="nobody answers"):
            pool.take()
    failing = False

    assert pool.take().is_open


def test_closing_closes_what_is_idle_now_and_the_rest_when_it_comes_back() -> None:
    """Nothing is taken away from who uses it."""
    pool = pool_of(2)
    idle, lent = pool.take(), pool.take()
    pool.give(idle)

    pool.close()
    assert (idle.is_open, lent.is_open) == (False, True)
    pool.give(lent)

    assert not lent.is_open
