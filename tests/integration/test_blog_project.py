"""The example blog as a project: its commands, its seed, its README, and production settings."""

import re
import subprocess
import sys
from pathlib import Path

from blog_project import SOURCE, clean_environment, copy_blog, filled_blog, manage, serving_blog
from servers import free_port, serving

README = (SOURCE / "README.md").read_text(encoding="utf-8")


def code_blocks(language: str) -> list[str]:
    """Return the README's code blocks in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_seeding_twice_adds_nothing(tmp_path: Path) -> None:
    """The seed is the same each time, and what is there already stays."""
    project = copy_blog(tmp_path)
    manage(project, "migrate")

    first, second = manage(project, "seed"), manage(project, "seed")

    assert first == "Added 8 authors, 21 tags, 62 posts, 250 comments.\n"
    assert second == "Nothing to add: it is all there.\n"


def test_the_command_is_listed(tmp_path: Path) -> None:
    """An app's command stands in the help with its first line."""
    listed = " ".join(manage(copy_blog(tmp_path), "--help").split())

    assert re.search("seed .*Fill the blog with authors, posts, tags and comments", listed)


def test_the_project_passes_its_checks(tmp_path: Path) -> None:
    """The example is an example in this, too."""
    manage(copy_blog(tmp_path), "check")


def test_its_own_tests_pass(tmp_path: Path) -> None:
    """They count queries: a page with 30 posts asks as often as one with 3."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=copy_blog(tmp_path),
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout


def test_the_readmes_commands_work(tmp_path: Path) -> None:
    """The two commands fill the blog and serve it; only the port is another one here."""
    project = copy_blog(tmp_path)
    (shell,) = code_blocks("sh")
    fill, serve = shell.replace("python ", f"{sys.executable} ").splitlines()
    assert serve.endswith("manage.py runserver")

    subprocess.run(fill, shell=True, cwd=project, env=clean_environment(), check=True)
    port = free_port()
    command = [*serve.split(), f"127.0.0.1:{port}"]
    with serving(command, project, port) as server:
        assert server.get("/")[0] == 200
        assert server.get("/search?q=onion")[0] == 200


def test_the_readmes_python_works(tmp_path: Path) -> None:
    """It prints what its comments say."""
    project = filled_blog(tmp_path)
    (code,) = code_blocks("python")

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    printed = done.stdout.splitlines()
    promised = re.findall(r"print\(.*\)  # (.*)", code)
    assert len(printed) == len(promised)
    for line, promise in zip(printed, promised, strict=True):
        assert line.startswith(promise.removesuffix("...")), (line, promise)


def test_the_readmes_tour_leads_somewhere(tmp_path: Path) -> None:
    """Each address of the tour answers, and each file is there."""
    tour = README.partition("## A tour")[2].partition("## The API")[0]
    cells = [
        re.findall(r"`([^`]+)`", row.split("|")[1])
        for row in re.findall(r"^\|.*$", tour, re.MULTILINE)
    ]
    addresses = [name for cell in cells for name in cell if name.startswith("/")]
    files = [name for cell in cells for name in cell if not name.startswith("/")]
    assert len(addresses) > 6
    assert len(files) > 8

    with serving_blog(tmp_path) as server:
        for address in addresses:
            assert server.get(address)[0] == (404 if address == "/nowhere" else 200), address
    for name in files:
        assert (SOURCE / name).exists() or (SOURCE / "apps/blog" / name).exists(), name


def test_the_example_key_is_refused_in_production(tmp_path: Path) -> None:
    """ST-01: the key that everybody can read signs nothing without DEBUG."""
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=copy_blog(tmp_path),
        env=clean_environment() | {"RAYSTACK_DEBUG": "false"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "SECRET_KEY is an example's" in done.stdout + done.stderr
    assert "everybody-can-read" not in done.stdout + done.stderr


def test_db_05_the_documentation_is_off_in_production(tmp_path: Path) -> None:
    """DB-05; and the pages do not link to it."""
    env = {"RAYSTACK_DEBUG": "false", "RAYSTACK_SECRET_KEY": "k" * 50}

    with serving_blog(tmp_path, env=env) as server:
        for path in ("/docs", "/redoc", "/openapi.json"):
            assert server.get(path)[0] == 404, path
        assert "/docs" not in server.get("/")[1]
