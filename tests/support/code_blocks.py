"""Code blocks of Markdown pages, and running them as a reader would: in order, in one folder."""

import configparser
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from servers import free_port

FENCE = re.compile(r"^```(?P<language>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (?P<path>[\w./-]+\.py)\n")
# Tests of their own install what is built and run the demo; CI runs the tests.
INSTALL = re.compile(r"(python3 -m )?pip install [^&|;]+(&& python3 -m nox -s (demo|tests))?")
SERVER = re.compile(r"raystack (runserver|run)\b")


class Block(NamedTuple):
    """A code block with the line it begins at."""

    language: str
    text: str
    line: int


def blocks_of(page: Path) -> Iterator[Block]:
    """Read the blocks of a page; Sphinx's directives, in braces, are none."""
    text = page.read_text()
    for found in FENCE.finditer(text):
        if found["language"].startswith("{"):
            continue
        yield Block(found["language"], found["text"], text.count("\n", 0, found.start()) + 1)


class Reader:
    """Somebody who follows a page to the letter, in an empty folder.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder
        clean = {k: v for k, v in os.environ.items() if not k.startswith("RAYSTACK_")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{clean['PATH']}"
        self.env = {**clean, "PATH": path, "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}

    def follow(self, block: Block) -> None:
        """Do what a block says."""
        match block.language:
            case "python":
                self._python(block)
            case "console":
                self._console(block)
            case "toml":
                tomllib.loads(block.text)
            case "ini":
                configparser.ConfigParser(interpolation=None).read_string(block.text)
            case "text":
                pass
            case other:
                raise AssertionError(f"line {block.line}: nobody can check a block of {other!r}")

    def _file(self, block: Block) -> bool:
        named = FILE.match(block.text)
        if named is None:
            return False
        path = self.folder / named["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text)
        if path.parent != self.folder:
            (path.parent / "__init__.py").touch()
        return True

    def _python(self, block: Block) -> None:
        if self._file(block):
            compile(block.text, f"line {block.line}", "exec")
            return
        self._run([sys.executable, "-c", block.text], block)

    def _console(self, block: Block) -> None:
        for command, expected in _commands(block):
            if command.startswith("cd "):
                self.folder = (self.folder / command.removeprefix("cd ")).resolve()
            elif SERVER.search(command):
                self._serve(command, block)
            elif not INSTALL.fullmatch(command):
                assert "pip install" not in command, f"line {block.line}: tests install nothing"
                output = self._run(["bash", "-c", command], block)
                if expected:
                    assert _fits(output, expected), f"line {block.line}: {command}\n{output}"

    def _run(self, command: list[str], block: Block) -> str:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"line {block.line}: {command[-1]}\n{done.stdout}"
        return done.stdout

    def _serve(self, command: str, block: Block) -> None:
        """Start a server as the page says, on a free port, and ask for its first page."""
        port = free_port()
        option = [str(port)] if " runserver" in command else ["--port", str(port)]
        words = [word for word in shlex.split(command) if word != "8000"]
        with subprocess.Popen(
            [*words, *option],
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as server:
            try:
                assert _answers(f"http://127.0.0.1:{port}/"), f"line {block.line}: {command}"
            finally:
                os.killpg(server.pid, signal.SIGTERM)


def _answers(url: str) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bool(answer.status == 200)
        except ConnectionError:
            time.sleep(0.1)
        except urllib.error.HTTPError:
            return False
        except urllib.error.URLError:
            time.sleep(0.1)
    return False


def _commands(block: Block) -> Iterator[tuple[str, str]]:
    """Take a console block apart into commands and what they print."""
    before, *parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    assert parts, f"line {block.line}: no line begins with '$ ', so nothing would run"
    assert not before, f"line {block.line}: no command prints {before!r}"
    for part in parts:
        command, _, output = part.partition("\n")
        yield command, output


def _fits(output: str, expected: str) -> bool:
    """Compare output with what the page shows; ``...`` is anything, on a line any lines."""
    pattern = re.escape(expected.strip())
    pattern = re.sub(r"\\\n\\\.\\\.\\\.(?=\\\n|$)", ".*", pattern)
    pattern = pattern.replace(re.escape("..."), ".*")
    return re.fullmatch(pattern, output.strip(), re.DOTALL) is not None
