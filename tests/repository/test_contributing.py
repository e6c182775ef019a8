"""What a contributor runs is what the README says and what CI runs."""

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
SESSIONS = (
    *("demo", "tests", "torture", "lint", "types", "docs", "build", "packaging"),
    *("bench", "bench_orm", "release"),
)
IN_CI = ("tests", "lint", "types", "docs", "build", "packaging")


def nox(*arguments: str, cwd: Path = ROOT) -> str:
    """Run nox and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "nox", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def load(path: Path) -> ModuleType:
    """Import a module that is not on the path."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_session_says_in_one_line_what_it_does() -> None:
    """``nox -l`` is the list of what a contributor can do."""
    listed = dict(re.findall(r"^[-*] ([\w.-]+) -> (.+)$", nox("--list"), re.MULTILINE))

    named = {name.partition("-")[0] for name in listed}
    assert named == set(SESSIONS)
    assert all(text.endswith(".") for text in listed.values()), listed


@pytest.mark.parametrize("session", IN_CI)
def test_ci_runs_the_session_of_a_contributor(session: str) -> None:
    """CI has no commands of its own for what it checks."""
    assert re.search(rf"python3 -m nox -s {session}\b", (ROOT / ".ci" / "run").read_text())


@pytest.mark.parametrize("session", ["demo", "tests"])
def test_the_readme_needs_one_command(session: str) -> None:
    """A stranger copies one line, and needs Python and pip for it."""
    command = f"python3 -m pip install nox && python3 -m nox -s {session}"

    assert command in (ROOT / "README.md").read_text()


def test_a_release_is_written_everywhere(tmp_path: Path) -> None:
    """One command changes every version and every pin, and opens the changelog for what follows."""
    shutil.copy(ROOT / "noxfile.py", tmp_path)
    shutil.copy(ROOT / "CHANGELOG.md", tmp_path)
    for original in [ROOT / "pyproject.toml", *ROOT.glob("raystack-*/pyproject.toml")]:
        copy = tmp_path / original.relative_to(ROOT)
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(original, copy)

    nox("-s", "release", "--", "3.4.5", cwd=tmp_path)

    for path in tmp_path.rglob("pyproject.toml"):
        project = tomllib.loads(path.read_text())["project"]
        extras = project.get("optional-dependencies", {}).values()
        lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
        ours = [Requirement(line) for line in lines if line.startswith("raystack")]
        assert project["version"] == "3.4.5"
        assert {str(each.specifier) for each in ours} <= {"==3.4.5"}
    headings = re.findall(r"^## .*", (tmp_path / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "## [Unreleased]"
    assert re.fullmatch(r"## \[3\.4\.5\] - \d{4}-\d\d-\d\d", headings[1])


def test_the_example_plugin_admits_this_version() -> None:
    """It asks for a range of the kernel, as anyone's plugin does."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    hello = tomllib.loads((ROOT / "examples/raystack-hello/pyproject.toml").read_text())

    [asked] = [Requirement(line) for line in hello["project"]["dependencies"]]

    assert asked.specifier.contains(version)


def test_the_benchmarks_tables_have_a_place() -> None:
    """``nox -s bench`` fails after ten minutes of measuring otherwise."""
    benchmarks = ROOT / "benchmarks"
    names = re.findall(r'^    "(\w+)": \(\1,', (benchmarks / "run.py").read_text(), re.MULTILINE)
    text = (benchmarks / "README.md").read_text()

    assert len(names) == 4
    for name in names:
        assert re.search(rf"<!-- {name}: begin -->\n.*<!-- {name}: end -->", text, re.DOTALL)


def test_a_table_is_written_between_its_markers(tmp_path: Path) -> None:
    """What stands around the markers is the reader's text, and stays."""
    report = load(ROOT / "benchmarks" / "report.py")
    readme = tmp_path / "README.md"
    readme.write_text("Before\n<!-- a: begin -->\nold\n<!-- a: end -->\nAfter\n")
    table = report.Table(("what", "ms"), [("small", 1.234), ("big", 12345.6)])

    report.write_table("a", table, readme)
    report.write_table("a", table, readme)

    text = readme.read_text()
    assert text.startswith("Before\n<!-- a: begin -->\n\n| what | ms |\n| --- | ---: |\n")
    assert "| small | 1.23 |\n| big | 12,346 |\n" in text
    assert text.endswith("<!-- a: end -->\nAfter\n")
    assert "old" not in text
    assert text.count("| what |") == 1


def test_a_table_without_a_place_is_refused(tmp_path: Path) -> None:
    """A benchmark that nobody sees is worth nothing."""
    report = load(ROOT / "benchmarks" / "report.py")
    readme = tmp_path / "README.md"
    readme.write_text("<!-- a: begin -->\n<!-- a: end -->\n")

    with pytest.raises(ValueError, match=r"README\.md has no place for b: <!-- b: begin -->"):
        report.write_table("b", report.Table(("what",), [("x",)]), readme)
