"""Signals: connecting, sending, receivers that are coroutines.

https://docs.djangoproject.com/en/stable/topics/signals/
"""

import gc
import logging
from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import signals
from raystack_orm.signals import Signal, receiver


class Listener(models.Model):
    class Meta:
        app_label = "c1_topic_signals"


class Other(models.Model):
    class Meta:
        app_label = "c1_topic_signals"


@pytest.fixture
def signal() -> Signal:
    return Signal()


@pytest.fixture
def calls() -> list[Any]:
    return []


def test_send_calls_receivers_and_returns_their_answers(signal: Signal) -> None:
    def one(sender: Any, **kwargs: Any) -> Any:
        return kwargs["size"]

    def two(sender: Any, **kwargs: Any) -> Any:
        return sender

    signal.connect(one)
    signal.connect(two)
    assert signal.send(sender="me", size=3) == [(one, 3), (two, "me")]


def test_receivers_get_the_signal(signal: Signal) -> None:
    def answer(signal: Any, **_: Any) -> Any:
        return signal

    signal.connect(answer)
    assert signal.send(sender=None)[0][1] is signal


def test_without_receivers_the_answer_is_empty(signal: Signal) -> None:
    assert signal.send(sender=None) == []
    assert signal.has_listeners() is False


def test_a_receiver_may_wait_for_one_sender(signal: Signal, calls: list[Any]) -> None:
    def listen(sender: Any, **_: Any) -> None:
        calls.append(sender)

    signal.connect(listen, sender=Listener)
    signal.send(sender=Other)
    signal.send(sender=Listener)
    assert calls == [Listener]
    assert signal.has_listeners(Listener) is True
    assert signal.has_listeners(Other) is False


def test_connecting_twice_calls_once(signal: Signal, calls: list[Any]) -> None:
    def listen(**_: Any) -> None:
        calls.append(1)

    signal.connect(listen)
    signal.connect(listen)
    signal.send(sender=None)
    assert calls == [1]


def test_a_dispatch_uid_is_connected_once(signal: Signal, calls: list[Any]) -> None:
    def one(**_: Any) -> None:
        calls.append(1)

    def two(**_: Any) -> None:
        calls.append(2)

    signal.connect(one, dispatch_uid="x")
    signal.connect(two, dispatch_uid="x")
    signal.send(sender=None)
    assert calls == [1]
    assert signal.disconnect(dispatch_uid="x") is True


def test_disconnect_says_whether_it_did(signal: Signal, calls: list[Any]) -> None:
    def listen(**_: Any) -> None:
        calls.append(1)

    signal.connect(listen)
    assert signal.disconnect(listen) is True
    assert signal.disconnect(listen) is False
    signal.send(sender=None)
    assert calls == []


def test_receivers_are_held_weakly(signal: Signal, calls: list[Any]) -> None:
    def connect() -> None:
        def listen(**_: Any) -> None:
            calls.append(1)

        signal.connect(listen)

    connect()
    gc.collect()
    signal.send(sender=None)
    assert calls == []


def test_weak_false_holds_a_receiver(signal: Signal, calls: list[Any]) -> None:
    def connect() -> None:
        def listen(**_: Any) -> None:
            calls.append(1)

        signal.connect(listen, weak=False)

    connect()
    gc.collect()
    signal.send(sender=None)
    assert calls == [1]


def test_bound_methods_can_listen(signal: Signal, calls: list[Any]) -> None:
    class Ear:
        def hear(self, **_: Any) -> None:
            calls.append(self)

    ear = Ear()
    signal.connect(ear.hear)
    signal.send(sender=None)
    assert calls == [ear]


def test_send_passes_errors_on(signal: Signal) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("oh")

    signal.connect(fail)
    with pytest.raises(RuntimeError, match="oh"):
        signal.send(sender=None)


def test_send_robust_returns_errors(signal: Signal, caplog: pytest.LogCaptureFixture) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("oh")

    def work(**_: Any) -> str:
        return "done"

    signal.connect(fail)
    signal.connect(work)
    with caplog.at_level(logging.ERROR):
        (_, error), (_, answer) = signal.send_robust(sender=None)
    assert isinstance(error, RuntimeError)
    assert error.__traceback__ is not None
    assert answer == "done"
    assert len(caplog.records) == 1


def test_the_decorator_takes_a_signal_or_several(calls: list[Any]) -> None:
    one, two = Signal(), Signal()

    @receiver(one)
    def first(**_: Any) -> None:
        calls.append("first")

    @receiver([one, two], sender=Listener)
    def both(**_: Any) -> None:
        calls.append("both")

    one.send(sender=None)
    two.send(sender=Listener)
    one.send(sender=Listener)
    assert calls == ["first", "both", "first", "both"]


def test_asend_awaits_coroutines_and_calls_functions(
    signal: Signal, run: Callable[..., Any]
) -> None:
    async def awaited(**_: Any) -> str:
        return "async"

    def called(**_: Any) -> str:
        return "sync"

    signal.connect(awaited)
    signal.connect(called)
    answers = dict(run(signal.asend(sender=None)))
    assert answers == {awaited: "async", called: "sync"}


def test_asend_robust_returns_errors(signal: Signal, run: Callable[..., Any]) -> None:
    async def fail(**_: Any) -> None:
        raise RuntimeError("oh")

    signal.connect(fail)
    ((_, error),) = run(signal.asend_robust(sender=None))
    assert isinstance(error, RuntimeError)


def test_send_runs_coroutines_too(signal: Signal) -> None:
    async def awaited(**_: Any) -> str:
        return "async"

    signal.connect(awaited)
    assert signal.send(sender=None) == [(awaited, "async")]


def test_async_receivers_of_model_signals(db: str, calls: list[Any]) -> None:
    async def saved(instance: Any, **_: Any) -> None:
        calls.append(instance)

    signals.post_save.connect(saved, sender=Listener)
    try:
        made = Listener.objects.create()
    finally:
        signals.post_save.disconnect(saved, sender=Listener)
    assert calls == [made]


def test_model_signals_take_the_senders_name(db: str, calls: list[Any]) -> None:
    def saved(instance: Any, **_: Any) -> None:
        calls.append(instance)

    signals.post_save.connect(saved, sender="c1_topic_signals.Listener")
    try:
        made = Listener.objects.create()
        Other.objects.create()
    finally:
        signals.post_save.disconnect(saved, sender="c1_topic_signals.Listener")
    assert calls == [made]


def test_model_signals_refuse_a_sender_that_is_no_model() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        signals.post_save.connect(lambda **_: None, sender="nonsense")


def test_receivers_take_keyword_arguments(signal: Signal) -> None:
    def listen(sender: Any, **kwargs: Any) -> list[str]:
        return sorted(kwargs)

    signal.connect(listen)
    assert signal.send(sender=None, a=1, b=2)[0][1] == ["a", "b", "signal"]
