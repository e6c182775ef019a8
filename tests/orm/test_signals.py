"""Signals: who is told, in which order, and with what."""

import gc
from typing import Any

import pytest

from raystack_orm.signals import ModelSignal, Signal, receiver


def test_receivers_are_called_in_the_order_they_were_connected() -> None:
    """send() returns each receiver with what it returned."""
    signal, called = Signal(), []

    def make(number: int) -> Any:
        def note(**kwargs: Any) -> int:
            called.append((number, kwargs["sender"], kwargs["size"]))
            return number

        return note

    receivers = [make(number) for number in range(5)]
    for one in receivers:
        signal.connect(one)

    assert signal.send("me", size=3) == list(zip(receivers, range(5), strict=True))
    assert called == [(number, "me", 3) for number in range(5)]


def test_a_receiver_listens_to_one_sender_or_to_all() -> None:
    """Connected to both, it is called twice, as in Django."""
    signal, called = Signal(), []

    class Pizza:
        pass

    def note(sender: Any, **kwargs: Any) -> None:
        called.append(sender)

    signal.connect(note, sender=Pizza)
    signal.send(sender=str)
    assert called == []
    signal.send(sender=Pizza)
    assert called == [Pizza]
    signal.connect(note)
    signal.send(sender=Pizza)
    assert called == [Pizza, Pizza, Pizza]


def test_connecting_twice_connects_once() -> None:
    """Receivers are told apart by identity, or by dispatch_uid."""
    signal, called = Signal(), []

    def first(**kwargs: Any) -> None:
        called.append(1)

    def second(**kwargs: Any) -> None:
        called.append(2)

    signal.connect(first)
    signal.connect(first)
    signal.connect(second, dispatch_uid="one")
    signal.connect(second, dispatch_uid="one")

    signal.send(None)

    assert called == [1, 2]
    assert signal.disconnect(dispatch_uid="one") is True
    assert signal.disconnect(dispatch_uid="one") is False


def test_a_receiver_that_nothing_else_refers_to_is_forgotten() -> None:
    """Receivers are weak unless told otherwise; bound methods too."""
    signal = Signal()

    class Listener:
        def note(self, **kwargs: Any) -> str:
            return "heard"

    kept, gone = Listener(), Listener()
    signal.connect(kept.note)
    signal.connect(gone.note)
    signal.connect(lambda **kwargs: "strong", weak=False)
    signal.connect(lambda **kwargs: "weak")
    del gone
    gc.collect()

    assert [answer for _, answer in signal.send(None)] == ["heard", "strong"]


def test_send_robust_returns_what_receivers_raise(caplog: pytest.LogCaptureFixture) -> None:
    """The next receivers are called, and the error is logged."""
    signal = Signal()

    def fails(**kwargs: Any) -> None:
        raise ValueError("no")

    def works(**kwargs: Any) -> str:
        return "yes"

    signal.connect(fails)
    signal.connect(works)

    (_, error), (_, answer) = signal.send_robust(None)

    assert (str(error), answer) == ("no", "yes")
    assert "fails failed: no" in caplog.text
    with pytest.raises(ValueError, match="no"):
        signal.send(None)


def test_async_receivers_are_called_from_sync_code() -> None:
    """They come last, as in Django."""
    signal = Signal()

    async def later(**kwargs: Any) -> str:
        return "later"

    def now(**kwargs: Any) -> str:
        return "now"

    signal.connect(later)
    signal.connect(now)

    assert [answer for _, answer in signal.send(None)] == ["now", "later"]
    assert [answer for _, answer in signal.send_robust(None)] == ["now", "later"]


async def _answers(signal: Signal) -> list[Any]:
    return [answer for _, answer in await signal.asend(None)]


def test_sync_receivers_are_called_from_async_code() -> None:
    """asend() awaits what has to be awaited."""
    import asyncio

    signal = Signal()

    async def later(**kwargs: Any) -> str:
        raise KeyError("later")

    def now(**kwargs: Any) -> str:
        return "now"

    signal.connect(now)
    assert asyncio.run(_answers(signal)) == ["now"]
    signal.connect(later)
    with pytest.raises(KeyError, match="later"):
        asyncio.run(_answers(signal))
    robust = asyncio.run(signal.asend_robust(None))
    assert [type(answer) for _, answer in robust] == [str, KeyError]


def test_has_listeners_asks_for_a_sender() -> None:
    """Nothing is built for a signal that nobody waits for."""
    signal = Signal()

    class Pizza:
        pass

    def note(**kwargs: Any) -> None:
        pass

    assert not signal.has_listeners(Pizza)
    signal.connect(note, sender=Pizza)
    assert signal.has_listeners(Pizza)
    assert not signal.has_listeners(str)


def test_the_decorator_connects_to_several_signals() -> None:
    """@receiver takes a signal or a list of them."""
    first, second, called = Signal(), ModelSignal(), []

    @receiver([first, second], sender=str)
    def note(signal: Signal, **kwargs: Any) -> None:
        called.append(signal)

    first.send(str)
    second.send(str)

    assert called == [first, second]


def test_a_receiver_has_to_be_callable() -> None:
    """The error says what was given."""
    with pytest.raises(TypeError, match="'text' is not"):
        Signal().connect("text")  # type: ignore[arg-type]
