"""The README's first command serves the demo on a machine that has nothing of it yet."""

import re
import shutil
import sys
from pathlib import Path

from servers import free_port, serving

ROOT = Path(__file__).parents[2]
# What running things in a checkout leaves there; a fresh one has none of it.
LEFT = (".git", ".nox", ".venv", "venv", "site", "dist", "*.sqlite3*", "__pycache__", ".*_cache")
TIMEOUT_S = 300


def test_the_demo_serves_a_page_with_rows(tmp_path: Path) -> None:
    """It installs the distributions, makes and fills the database, and serves, in one command."""
    checkout = tmp_path / "raystack"
    shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(*LEFT))
    home = tmp_path / "home"
    home.mkdir()
    port = free_port()
    command = [sys.executable, "-m", "nox", "-s", "demo", "--", str(port)]

    with serving(command, checkout, port, {"HOME": str(home)}, TIMEOUT_S) as server:
        status, page = server.get()

    posts = {path.stem for path in (ROOT / "examples/blog/apps/blog/seed/posts").glob("*.md")}
    shown = set(re.findall(r'href="/posts/([\w-]+)"', page))
    assert status == 200
    assert len(shown) >= 5
    assert shown <= posts
