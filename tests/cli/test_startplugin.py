"""raystack startplugin: a distribution that installs, works, and passes its tests."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from shop import Shop

from cli import contents, raystack


def run(*command: str, cwd: Path, **env: str) -> str:
    """Run a tool of this Python and return what it printed."""
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(cwd), **env}
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=cwd,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_plugin_installs_into_a_project_that_does_not_name_it(shop: Shop) -> None:
    """Its setting, route and command appear, and vanish with it."""
    shop.run("startplugin", "raystack-fine-flour", cwd=shop.folder)
    source = shop.folder / "raystack-fine-flour"
    run("build", "--wheel", "--no-isolation", cwd=source)
    [wheel] = (source / "dist").glob("*.whl")

    with ZipFile(wheel) as archive:
        archive.extractall(shop.site)

    assert shop.run("fine-flour", "--name", "Ann").out == "Hello, Ann!\n"
    assert "GET" in shop.run("routes", "/fine-flour").out
    assert "raystack-fine-flour" in shop.run("settings").out
    assert shop.run("check").out == "No problems.\n"
    tests = run("pytest", "-q", "-p", "no:cacheprovider", cwd=source, PYTHONPATH=str(shop.site))
    assert "2 passed" in tests
    assert shop.run("fine-flour", PYTHONPATH="").code == 2
    assert "fine-flour" not in shop.run("settings", PYTHONPATH="").out


def test_the_plugin_is_clean_for_linters_and_type_checkers(tmp_path: Path) -> None:
    raystack("startplugin", "raystack-fine-flour", cwd=tmp_path)
    folder = tmp_path / "raystack-fine-flour"

    run("ruff", "check", "--isolated", "--select", "E,F,I,UP,B", ".", cwd=folder)
    run("ruff", "format", "--isolated", "--check", ".", cwd=folder)
    run("mypy", "--strict", "src", cwd=folder)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("hello", "raystack-hello"),
        ("raystack-", "raystack-hello"),
        ("raystack-Hello", "raystack-hello"),
        ("raystack_hello", "raystack-hello"),
        ("raystack-../x", "raystack-x"),
        ("raystack-мука", "raystack-hello"),
        ("raystack--x", "raystack-x"),
        ("raystack-" + "x" * 100, "raystack-" + "x" * 55),
        ("", "raystack-hello"),
    ],
)
def test_a_name_that_cannot_work_is_refused_with_another_one(
    tmp_path: Path, name: str, suggestion: str
) -> None:
    done = raystack("startplugin", name, cwd=tmp_path)

    assert done.code == 2
    assert done.err.endswith(f"Try {suggestion!r}.\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["raystack-import", "raystack-class"])
def test_words_of_the_language_are_fine_behind_the_prefix(tmp_path: Path, name: str) -> None:
    assert raystack("startplugin", name, cwd=tmp_path).code == 0

    run("compileall", "-q", name, cwd=tmp_path)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("raystack-core", "raystack-core is one of Raystack's own distributions."),
        ("raystack-acme", "A package raystack_acme is installed already."),
        (
            "raystack-check",
            "raystack-check cannot be the name of a plugin: Raystack has a command or a route "
            "check.",
        ),
        (
            "raystack-docs",
            "raystack-docs cannot be the name of a plugin: Raystack has a command or a route docs.",
        ),
    ],
)
def test_a_name_that_is_taken_writes_nothing(shop: Shop, name: str, reason: str) -> None:
    shop.distribution("raystack-acme")
    before = contents(shop.folder)

    done = shop.run("startplugin", name, cwd=shop.folder)

    assert (done.code, done.err) == (2, f"Error: {reason} Choose another name.\n")
    assert contents(shop.folder) == before


def test_cl_01_a_folder_that_is_there_is_not_touched(tmp_path: Path) -> None:
    raystack("startplugin", "raystack-flour", cwd=tmp_path)
    before = contents(tmp_path)

    done = raystack("startplugin", "raystack-flour", cwd=tmp_path)

    assert done.code == 2
    assert done.err.count("\n") == 1
    assert contents(tmp_path) == before
