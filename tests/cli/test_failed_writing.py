"""CL-03: startproject, startapp and startplugin write all of it, or nothing, and say why."""

import os
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from shop import Shop

from cli import WIDE, contents

COMMANDS = {
    "startproject": ["startproject", "bakery"],
    "startapp": ["startapp", "orders"],
    "startplugin": ["startplugin", "raystack-flour"],
}
MAIN = "from raystack_cli.main import main\nmain()\n"
INTERRUPT = """
import os, signal, sys
place, written = os.getcwd(), 0

def interrupt(event, arguments):
    global written
    path = arguments[0] if arguments else None
    writes = event == "os.rename" or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR))
    if writes and isinstance(path, str | os.PathLike) and os.path.abspath(path).startswith(place):
        written += 1
        if written == {nth}:
            signal.raise_signal(signal.SIGINT)

sys.addaudithook(interrupt)
"""
SMALL_DISK = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
"""


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """A project that has a place for apps."""
    shop.write("apps/__init__.py", "")
    return shop


def run(
    shop: Shop, name: str, first: str = "", under: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a command in the project.

    Args:
        shop: The project.
        name: The command, one of ``COMMANDS``.
        first: Code for its process to begin with.
        under: A program to run it under, with arguments.
    """
    return subprocess.run(
        [*under, sys.executable, "-c", first + MAIN, *COMMANDS[name]],
        cwd=shop.root,
        env={**os.environ, **WIDE, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def as_anyone() -> tuple[str, ...]:
    """Return what makes a process heed the modes of folders: root alone would write anywhere."""
    return ("setpriv", "--bounding-set=-dac_override") if os.geteuid() == 0 else ()


@pytest.mark.parametrize(
    ("command", "closed", "named"),
    [
        ("startproject", ".", "bakery"),
        ("startplugin", ".", "raystack-flour"),
        ("startapp", "apps", "apps/orders"),
        ("startapp", "config", "config/settings.py"),
    ],
)
def test_cl_03_a_read_only_folder_is_one_line_and_nothing_changes(
    shop: Shop, command: str, closed: str, named: str
) -> None:
    """Where a second step is refused, the first is undone."""
    folder = shop.root / closed
    before = contents(shop.root)
    folder.chmod(0o555)
    try:
        done = run(shop, command, under=as_anyone())
    finally:
        folder.chmod(0o755)

    assert done.returncode == 2
    assert done.stderr == (
        f"Error: Cannot write {shop.root / named}: Permission denied. Nothing was changed.\n"
    )
    assert contents(shop.root) == before


@pytest.mark.parametrize(
    ("command", "size", "named"),
    [
        ("startproject", 200, "bakery"),
        ("startplugin", 200, "raystack-flour"),
        ("startapp", 200, "apps/orders"),
        ("startapp", 8000, "config/settings.py"),
    ],
)
def test_cl_03_a_full_disk_is_one_line_and_nothing_changes(
    shop: Shop, command: str, size: int, named: str
) -> None:
    """Files may not grow beyond a size here, as if the disk ended there."""
    settings = Path("config/settings.py")
    shop.write(str(settings), f"# {'long' * 2000}\n{(shop.root / settings).read_text()}")
    before = contents(shop.root)

    done = run(shop, command, SMALL_DISK.format(size=size))

    assert done.returncode == 2
    assert done.stderr == (
        f"Error: Cannot write {shop.root / named}: File too large. Nothing was changed.\n"
    )
    assert contents(shop.root) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_cl_03_ctrl_c_at_any_file_leaves_nothing_behind(shop: Shop, command: str) -> None:
    """The signal comes before each file that is opened for writing, and before each that moves."""
    before = contents(shop.root)

    for nth in count(1):
        done = run(shop, command, INTERRUPT.format(nth=nth))
        if done.returncode == 0:
            break
        assert done.returncode == 130, done.stderr
        assert "Traceback" not in done.stderr
        assert done.stderr.count("\n") <= 1
        assert contents(shop.root) == before, f"at the file number {nth}"

    files = [name for name in contents(shop.root).keys() - before.keys() if not name.endswith("/")]
    assert nth > len(files) + 1, "every file, and the move of the folder"
