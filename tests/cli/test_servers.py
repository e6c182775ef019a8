"""raystack run and runserver: real servers on loopback, real signals."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPException

import pytest
from servers import Server, free_port, serving
from shop import SETTINGS, Shop

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
HANDLERS = """
from raystack import hookimpl

def handler(request, error):
    raise RuntimeError("in the handler")

@hookimpl
def raystack_exception_handlers(settings):
    return {LookupError: handler}
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


def page(server: Server) -> str:
    """Return the server's first page, or nothing where it does not answer."""
    try:
        return server.get()[1]
    except (OSError, HTTPException):
        return ""


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


@contextmanager
def load(server: Server, clients: int) -> Iterator[list[object]]:
    """Request the first page again and again, from several threads.

    Yields:
        What went wrong so far: errors, and statuses other than 200.
    """
    failed: list[object] = []
    done = threading.Event()

    def request() -> None:
        while not done.is_set():
            try:
                status, _ = server.get()
            except (OSError, HTTPException) as error:
                failed.append(error)
            else:
                if status != 200:
                    failed.append(status)
            time.sleep(0.01)

    threads = [threading.Thread(target=request, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield failed
    finally:
        done.set()
        for thread in threads:
            thread.join()


def replace_worker(server: Server) -> float:
    """Kill one of two workers and return the seconds until its successor's first answer."""
    pids: set[str] = set()
    until(lambda: len((pids.add(page(server)) or pids) - {""}) == 2, "two workers")
    os.kill(int(min(pids - {""})), signal.SIGKILL)
    killed = time.monotonic()
    until(lambda: page(server) not in {*pids, ""}, "a new worker answers")
    return time.monotonic() - killed


def test_sh_04_a_killed_worker_is_replaced_within_5_seconds_under_load(shop: Shop) -> None:
    """Only requests that the dead worker had taken fail: at most one of each client.

    Where others keep the machine busy, one of three times counts: the server did not wait.
    """
    shop.write("config/urls.py", SLOW_URLS)
    clients, deaths, took_s = 4, 0, 5.0

    # The kernel alone starts in a second; what plugins add to that is not the supervisor's time.
    only = {"RAYSTACK_PLUGINS": "cli"}
    with shop.serve("run", "--workers", "2", "--no-access-log", **only) as server:
        with load(server, clients) as failed:
            while took_s >= 5 and deaths < 3:
                took_s = replace_worker(server)
                deaths += 1

        assert took_s < 5
        assert len(failed) <= clients * deaths, failed
        assert server.stop(signal.SIGTERM) == 0


def test_pl_02_an_exception_handler_that_raises_is_a_500_and_one_record(shop: Shop) -> None:
    """It names the plugin, and the process goes on serving."""
    shop.distribution("acme-hello", HANDLERS)
    shop.write(
        "config/urls.py",
        "from fastapi import APIRouter\nrouter = APIRouter()\n"
        "@router.get('/broken')\ndef broken(): raise KeyError('missing')\n"
        "@router.get('/')\ndef index(): return 'served'\n",
    )

    with shop.serve("run") as server:
        broken = server.get("/broken")
        after = server.get()
        assert server.process.poll() is None

    log = server.log.read_text()
    assert broken == (500, "Internal Server Error")
    assert after == (200, '"served"')
    assert log.count("Raised in the plugin acme-hello (acme-hello 1.0).") == 1
    assert log.count("ERROR:") == 1


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


def test_runserver_without_reload_warns_of_nothing(shop: Shop) -> None:
    with shop.serve("runserver", "--no-reload") as server:
        assert "WARNING" not in server.log.read_text()


def test_runserver_restarts_for_code_settings_and_dotenv_and_survives_a_mistake(shop: Shop) -> None:
    urls = (
        "from fastapi import APIRouter\nfrom raystack import settings\nrouter = APIRouter()\n"
        "@router.get('/')\ndef index(): return '{} ' + settings.LANGUAGE_CODE\n"
    )
    shop.write("config/urls.py", urls.format("one"))

    with shop.serve("runserver") as server:
        assert f"at {server.url}/" in server.log.read_text()
        assert page(server) == '"one en-us"'
        shop.write("config/urls.py", urls.format("two"))
        until(lambda: "two en-us" in page(server), "a restart for code")
        shop.write("config/settings.py", f"{SETTINGS}LANGUAGE_CODE = 'fr'\n")
        until(lambda: "two fr" in page(server), "a restart for settings")
        dotenv = (shop.root / ".env").read_text()
        (shop.root / ".env").write_text(dotenv + "RAYSTACK_LANGUAGE_CODE=de\n")
        until(lambda: "two de" in page(server), "a restart for .env")
        shop.write("config/urls.py", "nonsense()\n")
        until(log_has(server, "Waiting for a change."), "the mistake is told")
        assert "NameError: name 'nonsense' is not defined" in server.log.read_text()
        assert "Traceback" not in server.log.read_text()
        shop.write("config/urls.py", urls.format("three"))
        until(lambda: "three de" in page(server), "a restart after the mistake")
        assert server.stop(signal.SIGINT) == 0


def test_runserver_shows_changed_templates_and_static_files_without_a_restart(shop: Shop) -> None:
    """Changes are seen in order: after a restart for code, none for the others is to come."""
    urls = (
        "import os\nfrom fastapi import APIRouter\nfrom raystack_templates import render_template\n"
        "router = APIRouter()\n"
        "@router.get('/')\ndef index(): return render_template('page.html', {'pid': os.getpid()})\n"
    )
    shop.write("config/settings.py", f"{SETTINGS}DEBUG = True\n")
    shop.write("config/urls.py", urls)
    shop.write("templates/page.html", "old {{ pid }}")
    shop.write("static/style.css", "old")

    with shop.serve("runserver") as server:
        pid = server.get()[1].removeprefix("old ")
        shop.write("templates/page.html", "new {{ pid }}")
        shop.write("static/style.css", "new")
        assert server.get() == (200, f"new {pid}")
        assert server.get("/static/style.css") == (200, "new")

        shop.write("config/urls.py", f"{urls}# changed\n")
        until(lambda: page(server) not in (f"new {pid}", ""), "a restart for code")

        [told] = [line for line in server.log.read_text().splitlines() if "Reloading" in line]
        assert "config/urls.py" in told
        assert "page.html" not in told
        assert "style.css" not in told


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
