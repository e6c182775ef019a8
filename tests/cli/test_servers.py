"""raystack run and runserver: real servers on loopback, real signals."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException

import pytest
from servers import Server, free_port, serving
from shop import Shop

LIFESPAN = """
from contextlib import asynccontextmanager
from raystack import hookimpl

@hookimpl
def raystack_lifespan(app):
    @asynccontextmanager
    async def lifespan():
        print("enter acme-{number}", flush=True)
        yield
        print("leave acme-{number}", flush=True)

    return lifespan()
"""
SLOW_URLS = """
import asyncio
import os
import time

from fastapi import APIRouter, BackgroundTasks

router = APIRouter()


@router.get("/")
async def index() -> int:
    return os.getpid()


@router.get("/async")
async def in_the_loop() -> str:
    print("start async", flush=True)
    await asyncio.sleep(2)
    return "async done"


@router.get("/thread")
def in_a_thread() -> str:
    print("start thread", flush=True)
    time.sleep(2)
    return "thread done"


def later() -> None:
    print("start background", flush=True)
    time.sleep(2)
    print("background done", flush=True)


@router.get("/background")
async def in_the_background(tasks: BackgroundTasks) -> str:
    tasks.add_task(later)
    return "answered"
"""
DEADLINE_S = 30.0


def until(happened: Callable[[], bool], what: str) -> None:
    """Wait for something a server does."""
    end = time.monotonic() + DEADLINE_S
    while not happened():
        assert time.monotonic() < end, f"It never happened: {what}"
        time.sleep(0.05)


def answers(server: Server, text: str) -> bool:
    """Say whether the server's first page has a text; not while it restarts."""
    try:
        return text in server.get()[1]
    except (urllib.error.URLError, ConnectionError):
        return False


def log_has(server: Server, text: str) -> Callable[[], bool]:
    """Return a question: whether the server's output has a text."""
    return lambda: text in server.log.read_text()


def test_sh_01_sigterm_lets_requests_finish_and_leaves_lifespans_in_reverse(shop: Shop) -> None:
    for number in (1, 2):
        shop.distribution(f"acme-{number}", LIFESPAN.format(number=number))
    shop.write("config/urls.py", SLOW_URLS)

    with shop.serve("run") as server, ThreadPoolExecutor() as pool:
        running = [pool.submit(server.get, path) for path in ("/async", "/thread", "/background")]
        for kind in ("async", "thread", "background"):
            until(log_has(server, f"start {kind}"), kind)
        code = server.stop(signal.SIGTERM)
        bodies = [answer.result()[1] for answer in running]

    assert code == 0
    assert bodies == ['"async done"', '"thread done"', '"answered"']
    log = server.log.read_text()
    marks = ["enter acme-1", "enter acme-2", "background done", "leave acme-2", "leave acme-1"]
    assert sorted(marks, key=log.index) == marks


def test_ctrl_c_ends_a_server_as_sigterm_does(shop: Shop) -> None:
    shop.distribution("acme-1", LIFESPAN.format(number=1))

    with shop.serve("run") as server:
        assert server.stop(signal.SIGINT) == 0

    assert "leave acme-1" in server.log.read_text()
    assert "Traceback" not in server.log.read_text()


def test_sh_04_a_killed_worker_is_replaced_under_load(shop: Shop) -> None:
    """Only requests that the dead worker had taken fail."""
    shop.write("config/urls.py", SLOW_URLS)

    with shop.serve("run", "--workers", "2", "--no-access-log") as server:
        pids: set[str] = set()
        until(lambda: len(pids.add(server.get()[1]) or pids) == 2, "two workers")
        victim, failed, done = min(pids), [], threading.Event()

        def load() -> None:
            while not done.is_set():
                try:
                    assert server.get()[0] == 200
                except (urllib.error.URLError, ConnectionError, HTTPException) as error:
                    failed.append(error)

        clients = [threading.Thread(target=load) for _ in range(4)]
        for client in clients:
            client.start()
        os.kill(int(victim), signal.SIGKILL)
        seen: set[str] = set()
        until(lambda: len((seen.add(server.get()[1]) or seen) - {victim}) == 2, "a new worker")
        done.set()
        for client in clients:
            client.join()

        assert len(failed) <= len(clients)
        assert server.stop(signal.SIGTERM) == 0


def test_sh_06_a_taken_port_is_one_line(shop: Shop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for done in (shop.run("run", "--port", port), shop.run("runserver", port)):
            assert done.code == 1
            assert done.err == (
                f"Error: Cannot listen on 127.0.0.1:{port}: Address already in use. "
                "Choose another address, or end what uses this one.\n"
            )


def test_sh_06_a_bad_application_path_is_one_line(shop: Shop) -> None:
    for path in ("config.nothing:app", "config.urls:nothing"):
        done = shop.run("run", RAYSTACK_ASGI_APPLICATION=path)

        assert done.code == 1
        assert done.err.startswith(f"Error: ASGI_APPLICATION is '{path}', but ")
        assert done.err.count("\n") == 1


@pytest.mark.parametrize("path", ["/nowhere/socket", "manage.py"])
def test_sh_06_a_socket_that_cannot_be_made_is_one_line(shop: Shop, path: str) -> None:
    done = shop.run("run", "--uds", path)

    assert done.code == 1
    assert done.err.startswith(f"Error: Cannot listen on {path}: ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("address", ["99999", "127.0.0.1:http", "0"])
def test_an_address_that_is_none_is_refused(shop: Shop, address: str) -> None:
    done = shop.run("runserver", address)

    assert done.code == 2
    assert "is no port: it has to be a number from 1 to 65535." in done.err


def test_a_broken_plugin_stops_the_servers_with_one_message(shop: Shop) -> None:
    """And the site serves without it where PLUGIN_ERRORS says so."""
    shop.distribution("acme-1", "raise RuntimeError('no luck')")

    for command in ("run", "runserver"):
        done = shop.run(command)
        assert done.code == 2
        assert done.err.startswith("Error: acme-1 1.0 cannot be imported: RuntimeError no luck")
        assert "Traceback" not in done.err
    with shop.serve("run", RAYSTACK_PLUGIN_ERRORS="skip") as server:
        assert server.get() == (200, '{"shop":"open"}')


def test_forwarded_headers_of_strangers_are_not_believed(shop: Shop) -> None:
    """Uvicorn believes its own machine by default, which every proxy on it speaks from."""
    shop.write(
        "config/urls.py",
        "from fastapi import APIRouter, Request\nrouter = APIRouter()\n"
        "@router.get('/')\ndef index(request: Request): return request.client.host\n",
    )

    with shop.serve("run") as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as raw:
            raw.sendall(
                b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 6.6.6.6\r\n"
                b"Connection: close\r\n\r\n"
            )
            answer = b"".join(iter(lambda: raw.recv(4096), b""))

    assert answer.endswith(b'"127.0.0.1"')


def test_runserver_restarts_for_code_and_dotenv_and_survives_a_mistake(shop: Shop) -> None:
    urls = (
        "from fastapi import APIRouter\nfrom raystack import settings\nrouter = APIRouter()\n"
        "@router.get('/')\ndef index(): return '{} ' + settings.LANGUAGE_CODE\n"
    )
    shop.write("config/urls.py", urls.format("one"))

    with shop.serve("runserver") as server:
        assert f"at {server.url}/" in server.log.read_text()
        assert answers(server, "one en-us")
        shop.write("config/urls.py", urls.format("two"))
        until(lambda: answers(server, "two en-us"), "a restart for code")
        dotenv = (shop.root / ".env").read_text()
        (shop.root / ".env").write_text(dotenv + "RAYSTACK_LANGUAGE_CODE=de\n")
        until(lambda: answers(server, "two de"), "a restart for .env")
        shop.write("config/urls.py", "nonsense()\n")
        until(log_has(server, "Waiting for a change."), "the mistake is told")
        assert "NameError: name 'nonsense' is not defined" in server.log.read_text()
        assert "Traceback" not in server.log.read_text()
        shop.write("config/urls.py", urls.format("three"))
        until(lambda: answers(server, "three de"), "a restart after the mistake")
        assert server.stop(signal.SIGINT) == 0


def test_manage_py_serves_with_workers_from_any_folder(shop: Shop) -> None:
    """The workers start from the environment and find the project again."""
    shop.write(
        "manage.py",
        "import os\nfrom pathlib import Path\n"
        "if __name__ == '__main__':\n"
        "    os.environ['RAYSTACK_PROJECT'] = str(Path(__file__).parent)\n"
        "    from raystack_cli.main import main\n"
        "    main()\n",
    )
    port = free_port()
    command = [sys.executable, str(shop.root / "manage.py"), "run", "--workers", "2"]

    with serving([*command, "--port", str(port)], shop.folder, port) as server:
        assert server.get() == (200, '{"shop":"open"}')


def test_workers_that_cannot_start_end_the_server_with_1(shop: Shop) -> None:
    shop.distribution(
        "acme-1", LIFESPAN.format(number=1).replace("print(", "raise RuntimeError() #", 1)
    )
    for workers in ("1", "2"):
        command = [sys.executable, "-m", "raystack_cli", "run", "--workers", workers]
        with subprocess.Popen(
            [*command, "--port", str(free_port())],
            cwd=shop.root,
            env={**os.environ, **shop.environment({})},
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        ) as process:
            try:
                assert process.wait(timeout=DEADLINE_S) == 1
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
