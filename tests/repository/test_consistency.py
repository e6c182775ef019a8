"""What has to agree across the distributions."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from requirements import unmet

ROOT = Path(__file__).parents[2]
PARTS = ("core", "cli", "orm", "templates", "middleware", "auth", "admin")
FOLDERS = {f"raystack-{part}": ROOT / f"raystack-{part}" for part in PARTS}
# Modules whose distribution has another name.
DISTRIBUTIONS = {
    "PIL": "pillow",
    "raystack": "raystack-core",
    "dotenv": "python-dotenv",
    "psycopg_pool": "psycopg-pool",
    "IPython": "ipython",
    "pydantic_core": "pydantic",  # whose documentation has its errors
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
    """List the files of the repository, and those that are about to be."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        unmet("This is no git checkout, or there is no git: which files are the repository's?")
    # Another user's checkout is none of git's business here: it only lists files.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others"]
    listed = subprocess.run(
        [*command, "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]


def test_there_is_one_version() -> None:
    """The distributions are released together, so one number says what fits."""
    versions = {name: project(folder)["version"] for name, folder in FOLDERS.items()}

    assert set(versions.values()) == {project(ROOT)["version"]}, versions


@pytest.mark.parametrize("folder", [ROOT, *FOLDERS.values()], ids=lambda folder: folder.name)
def test_ours_are_pinned_to_that_version(folder: Path) -> None:
    """Two releases of our parts are never mixed."""
    metadata = project(folder)
    extras = metadata.get("optional-dependencies", {}).values()
    lines = [*metadata["dependencies"], *(line for extra in extras for line in extra)]

    ours = [Requirement(line) for line in lines if line.startswith("raystack-")]

    assert {str(requirement.specifier) for requirement in ours} <= {f"=={metadata['version']}"}
    for requirement in ours:
        offered = project(FOLDERS[requirement.name]).get("optional-dependencies", {})
        assert requirement.extras <= set(offered)


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_a_distribution_has_the_same_shape_as_the_others(folder: Path) -> None:
    """Who knows one part finds their way in the next."""
    assert (folder / "README.md").is_file()
    assert (folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert project(folder)["license"] == "MIT"
    assert (package(folder) / "py.typed").is_file()
    assert (package(folder) / "plugin.py").is_file() == (folder.name != "raystack-core")


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_an_entry_point_names_what_is_there(folder: Path) -> None:
    """A wrong one is found when it is too late: in the project of whoever installs it."""
    metadata = project(folder)
    groups = [metadata.get("scripts", {}), *metadata.get("entry-points", {}).values()]

    for value in (value for group in groups for value in group.values()):
        module, _, name = value.partition(":")
        found = find_spec(module)
        assert found is not None, value
        assert not name or hasattr(import_module(module), name), value


def test_the_meta_distribution_is_all_parts() -> None:
    """``pip install raystack`` brings everything."""
    ours = {Requirement(line).name for line in project(ROOT)["dependencies"]}

    assert ours >= set(FOLDERS)


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
    """A user finds what changed in the version that they have."""
    text = (ROOT / "CHANGELOG.md").read_text()

    assert re.search(
        rf"^## \[({re.escape(project(ROOT)['version'])}|Unreleased)\]", text, re.MULTILINE
    )


def test_no_file_names_a_machine_or_a_registry() -> None:
    """The repository works on every machine, with the registry that the machine is set up for."""
    machine = r"(?<![\w.])/(?:work|farm|root)/"
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".com", "npmjs" + ".org")
    forbidden = re.compile("|".join([machine, *map(re.escape, hosts)]))
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
        for path in tracked()
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        if forbidden.search(line)
    ]

    assert found == []
