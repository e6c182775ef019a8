"""raystack startproject: a project that works, or an error that changes nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from cli import contents, raystack


def test_a_new_project_has_the_layout_and_passes_its_check_and_its_tests(tmp_path: Path) -> None:
    done = raystack("startproject", "shop", cwd=tmp_path)
    root = tmp_path / "shop"

    assert done.code == 0, done.err
    assert {"apps", "config", "core", "manage.py", "static", "templates"} <= {
        path.name for path in root.iterdir()
    }
    assert raystack("check", cwd=root).out == "No problems.\n"
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in tests.stdout, tests.stdout


@pytest.mark.parametrize(
    "tool",
    [
        ["ruff", "check", "--isolated", "--select", "E,F,I,UP,B", "."],
        ["ruff", "format", "--isolated", "--check", "."],
        ["mypy", "--strict", "."],
    ],
    ids=["ruff check", "ruff format", "mypy"],
)
def test_a_new_project_is_clean_for_linters_and_type_checkers(
    tmp_path: Path, tool: list[str]
) -> None:
    raystack("startproject", "shop", cwd=tmp_path)
    for name in ("orders", "orders_of_customers"):
        assert raystack("startapp", name, cwd=tmp_path / "shop").code == 0

    done = subprocess.run(
        [sys.executable, "-m", *tool],
        cwd=tmp_path / "shop",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_every_project_has_a_secret_of_its_own_outside_of_the_settings(tmp_path: Path) -> None:
    for name in ("one", "two"):
        raystack("startproject", name, cwd=tmp_path)

    one, two = ((tmp_path / name / ".env").read_text() for name in ("one", "two"))
    assert one != two
    assert ".env" in (tmp_path / "one" / ".gitignore").read_text().splitlines()
    assert "SECRET" not in (tmp_path / "one" / "config" / "settings.py").read_text()


def test_what_is_not_installed_leaves_no_line(tmp_path: Path) -> None:
    """The parts add their own lines; without them a project does not mention them."""
    raystack("startproject", "bare", cwd=tmp_path, env={"RAYSTACK_PLUGINS": "cli"})

    text = "".join(path.read_text() for path in (tmp_path / "bare").rglob("*.py"))
    assert "DATABASES" not in text
    assert "template" not in text
    assert not (tmp_path / "bare" / "templates").exists()


def test_a_project_can_be_written_into_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()

    assert raystack("startproject", "shop", "here", cwd=tmp_path).code == 0
    assert raystack("check", cwd=tmp_path / "here").code == 0


@pytest.mark.parametrize("kind", ["file", "folder", "project", "link", "broken link"])
def test_cl_01_what_is_there_is_not_touched(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "shop"
    if kind == "file":
        target.write_text("mine")
    elif kind == "folder":
        target.mkdir()
        (target / "note.txt").write_text("mine")
    elif kind == "project":
        raystack("startproject", "shop", cwd=tmp_path)
    else:
        place = tmp_path / "elsewhere"
        if kind == "link":
            place.mkdir()
        target.symlink_to(place)
    before = contents(tmp_path)

    done = raystack("startproject", "shop", cwd=tmp_path)

    assert done.code == 2
    assert done.err.count("\n") == 1
    assert "Nothing was changed" in done.err
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("class", "my_class"),
        ("async", "my_async"),
        ("match", "my_match"),
        ("None", "none"),
        ("os", "my_os"),
        ("json", "my_json"),
        ("site", "my_site"),
        ("jinja2", "my_jinja2"),
        ("raystack", "my_raystack"),
        ("my-proj", "my_proj"),
        ("1a", "a"),
        ("проект", "my_project"),
        ("CON", "my_con"),
        ("a b", "a_b"),
        ("../x", "x"),
        ("", "my_project"),
        ("a" * 300, "a" * 59),
        ("config", "my_config"),
    ],
)
def test_cl_02_names_that_cannot_work_are_refused_with_another_one(
    tmp_path: Path, name: str, suggestion: str
) -> None:
    done = raystack("startproject", name, cwd=tmp_path)

    assert done.code == 2
    assert done.err.endswith(f"Try {suggestion!r}.\n")
    assert list(tmp_path.iterdir()) == []
    assert raystack("startproject", suggestion, cwd=tmp_path).code == 0
