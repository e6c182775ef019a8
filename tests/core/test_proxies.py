"""TRUSTED_PROXIES: who is believed, what is no entry, and what the check says of it."""

import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request
from starlette.testclient import TestClient
from workshop import Workshop

from raystack import Kernel, Raystack, SettingsError, use_kernel
from raystack.checks.run import run_checks

FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


def application(*trusted: str) -> Raystack:
    """Make an application that answers with its client and scheme."""
    app = Raystack(Kernel(discover=False, settings={"TRUSTED_PROXIES": trusted}))

    @app.get("/")
    def index(request: Request) -> list[str]:
        return [request.client.host if request.client else "", request.url.scheme]

    return app


@pytest.mark.parametrize(
    ("trusted", "seen"),
    [
        ((), ["10.0.0.7", "http"]),
        (("192.0.2.1", "unix"), ["10.0.0.7", "http"]),
        (("10.0.0.7",), ["203.0.113.9", "https"]),
        (("10.0.0.0/8", "2001:db8::/32"), ["203.0.113.9", "https"]),
        (("*", "unix"), ["203.0.113.9", "https"]),
    ],
)
def test_forwarded_headers_count_only_from_trusted_proxies(
    workshop: Workshop, trusted: tuple[str, ...], seen: list[str]
) -> None:
    """ho-03: anybody can send them."""
    client = TestClient(application(*trusted), client=("10.0.0.7", 5000))

    assert client.get("/", headers=FORWARDED).json() == seen


@pytest.mark.parametrize(
    ("trusted", "seen"),
    [
        ((), '["","http"]'),
        (("127.0.0.1",), '["","http"]'),
        (("unix",), '["203.0.113.9","https"]'),
        (("*",), '["203.0.113.9","https"]'),
    ],
)
def test_the_peers_of_a_unix_socket_have_an_entry_of_their_own(
    workshop: Workshop, tmp_path: Path, trusted: tuple[str, ...], seen: str
) -> None:
    """They have no address; "*" would believe everybody as well."""
    path = tmp_path / "site.sock"
    config = uvicorn.Config(application(*trusted), uds=str(path), proxy_headers=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    with socket.socket(socket.AF_UNIX) as raw:
        raw.connect(str(path))
        lines = [f"{name}: {value}" for name, value in FORWARDED.items()]
        head = ["GET / HTTP/1.1", "Host: here", "Connection: close", *lines, "", ""]
        raw.sendall("\r\n".join(head).encode())
        answer = b"".join(iter(lambda: raw.recv(4096), b"")).decode()
    server.should_exit = True
    thread.join()

    assert answer.endswith(seen)


@pytest.mark.parametrize("entry", ["10.0.0.0/33", "10.0.0.1/8", "bogus", "", "10.0.0.1:80"])
def test_what_is_no_proxy_is_refused(workshop: Workshop, entry: str) -> None:
    """A proxy that is mistyped would be one that is not believed, in silence."""
    kernel = Kernel(discover=False, settings={"TRUSTED_PROXIES": ["10.0.0.1", entry]})

    with pytest.raises(SettingsError) as caught:
        kernel.setup()

    assert str(caught.value) == (
        "TRUSTED_PROXIES[1] (from Kernel(...)) should be an address, a network such as 10.0.0.0/8 "
        'with no bit set after its prefix, or "unix" for the peers of a Unix socket. It belongs to '
        "raystack-core."
    )


@pytest.mark.parametrize(
    ("trusted", "said"),
    [
        (["*"], ['TRUSTED_PROXIES has "*": any client may say who it is.']),
        (["0.0.0.0/0"], ["TRUSTED_PROXIES holds every address: any client may say who it is."]),
        (["::/0"], ["TRUSTED_PROXIES holds every address: any client may say who it is."]),
        (
            ["128.0.0.0/1", "unix", "0.0.0.0/1"],
            ["TRUSTED_PROXIES holds every address: any client may say who it is."],
        ),
        (["10.0.0.0/8", "::1", "unix"], []),
    ],
)
def test_the_deployment_check_finds_proxies_that_are_everybody(
    workshop: Workshop, trusted: list[str], said: Any
) -> None:
    kernel = Kernel(discover=False, settings={"TRUSTED_PROXIES": trusted})
    with use_kernel(kernel):
        kernel.setup()
        found = run_checks(kernel, deploy=True)

    assert [m.message for m in found if m.id == "security.E005"] == said
