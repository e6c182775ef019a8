"""What has to agree across the distributions."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PARTS = ("core", "cli", "orm", "templates", "middleware", "auth", "admin")
FOLDERS = {f"raystack-{part}": ROOT / f"raystack-{part}" for part in PARTS}
# Modules whose distribution has another name.
DISTRIBUTIONS = {
    "raystack": "raystack-core",
    "dotenv": "python-dotenv",
    "psycopg_pool": "psycopg-pool",
    "IPython": "ipython",
    "traitlets": "ipython",  # which is nothing without it
}


def project(folder: Path) -> dict[str, Any]:
    """Read a distribution's own metadata."""
    found: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    return found


def package(folder: Path) -> Path:
    """Return a distribution's package."""
    [found] = [path for path in (folder / "src").iterdir() if (path / "py.typed").exists()]
    return found


def tracked() -> list[Path]:
    """List the files of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_there_is_one_version() -> None:
    versions = {name: project(folder)["version"] for name, folder in FOLDERS.items()}

    assert set(versions.values()) == {project(ROOT)["version"]}, versions


@pytest.mark.parametrize("folder", [ROOT, *FOLDERS.values()], ids=lambda folder: folder.name)
def test_ours_are_pinned_to_that_version(folder: Path) -> None:
    metadata = project(folder)
    extras = metadata.get("optional-dependencies", {}).values()
    lines = [*metadata["dependencies"], *(line for extra in extras for line in extra)]

    ours = [Requirement(line) for line in lines if line.startswith("raystack-")]

    assert {str(requirement.specifier) for requirement in ours} <= {f"=={metadata['version']}"}


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_a_distribution_has_the_same_shape_as_the_others(folder: Path) -> None:
    assert (folder / "README.md").is_file()
    assert (folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert project(folder)["license"] == "MIT"
    assert (package(folder) / "plugin.py").is_file() or folder.name == "raystack-core"


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_what_is_imported_is_declared(folder: Path) -> None:
    """A part works with only what it declares, so it declares all that it imports."""
    metadata = project(folder)
    extras = metadata.get("optional-dependencies", {}).values()
    lines = [*metadata["dependencies"], *(line for extra in extras for line in extra)]
    declared = {Requirement(line).name for line in lines} | {folder.name}

    imported = {
        DISTRIBUTIONS.get(name, name.replace("_", "-"))
        for path in package(folder).rglob("*.py")
        for name in top_level_imports(path)
    }

    assert imported - declared - {package(folder).name} == set()


def top_level_imports(path: Path) -> set[str]:
    """Name the packages that a module imports, Python's own aside."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names


def test_imports_between_distributions_point_one_way() -> None:
    """The contract is in the root pyproject.toml; ``lint-imports`` checks it by hand."""
    program = (
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_changelog_has_this_version_or_what_is_to_come() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()

    assert re.search(
        rf"^## \[({re.escape(project(ROOT)['version'])}|Unreleased)\]", text, re.MULTILINE
    )


def test_no_file_names_a_machine_or_a_registry() -> None:
    machine = re.compile(r"(?<![\w.])/(?:work|farm|root)/")
    hosts = ("pypi" + ".org", "npmjs" + ".com")
    registry = re.compile("|".join(map(re.escape, hosts)))
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
        for path in tracked()
        if path.suffix in {".py", ".md", ".toml", ".html", ".css", ".txt", ".j2", ""}
        for line in path.read_text(errors="replace").splitlines()
        if machine.search(line) or registry.search(line)
    ]

    assert found == []
