"""Where the contributed middleware stands, and that each can be turned off by name."""

from collections.abc import Callable
from typing import Any

from raystack import Raystack


def names(layer: Any) -> list[str]:
    return [entry.name for entry in layer]


def test_ids_headers_and_hosts_are_outside_and_sessions_inside(
    make_app: Callable[..., Raystack],
) -> None:
    layers = make_app().layers

    assert names(layers.outer) == ["request_id", "security_headers", "hosts"]
    assert names(layers.inner) == ["sessions"]


def test_each_can_be_turned_off(make_app: Callable[..., Raystack]) -> None:
    off = ["-request_id", "-security_headers", "-hosts", "-sessions"]

    layers = make_app(MIDDLEWARE=off).layers

    assert (names(layers.outer), names(layers.inner)) == ([], [])
