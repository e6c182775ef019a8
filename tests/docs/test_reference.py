"""The reference pages agree with the code: every hook, every setting, every command."""

import importlib
import inspect
import re
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest
from code_blocks import blocks_of
from setting_rows import rows
from workshop import Workshop

from raystack_cli.plugin import BUILTINS
from raystack_orm.plugin import raystack_commands

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
PARTS = ("cli", "orm", "templates", "middleware", "auth", "admin")
SPECS = [
    importlib.import_module(f"{package}.hookspecs")
    for package in ("raystack", *(f"raystack_{part}" for part in PARTS))
    if find_spec(f"{package}.hookspecs") is not None
]


def hooks_of(module: ModuleType) -> dict[str, inspect.Signature]:
    """Return the hooks that a module specifies, with their signatures."""
    return {
        name: inspect.signature(function)
        for name, function in vars(module).items()
        if inspect.isfunction(function) and name.startswith("raystack_")
    }


HOOKS = {name: signature for module in SPECS for name, signature in hooks_of(module).items()}


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_has_its_section_with_its_signature_and_an_example(hook: str) -> None:
    page = (REFERENCE / "hooks.md").read_text()
    sections = dict(
        re.findall(r"^### (raystack_\w+)\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    )

    section = sections[hook]

    signature = str(HOOKS[hook]).replace("'", "")
    assert f"`{hook}{signature}`" in section
    assert f"def {hook}(" in section
    assert section.count("```python") >= 2, "an implementation, and its use"


def test_no_section_is_about_a_hook_that_does_not_exist() -> None:
    page = (REFERENCE / "hooks.md").read_text()

    assert set(re.findall(r"^### (raystack_\w+)$", page, re.MULTILINE)) == set(HOOKS)


def test_the_settings_page_has_every_setting_and_no_other(workshop: Workshop) -> None:
    """Section by section, row by row, in the order in which the code declares them."""
    page = (REFERENCE / "settings.md").read_text()
    expected: dict[str, list[str]] = {}
    for row in rows():
        expected.setdefault(row.owner, []).append(str(row))

    found: dict[str, list[str]] = {}
    for owner, section in re.findall(
        r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL
    ):
        found[owner] = [line for line in section.splitlines() if line.startswith("| `")]

    assert found == expected
    assert page.count("\n| `") == sum(map(len, expected.values())), "a row before all sections"


@pytest.mark.parametrize("command", [command.name for command in (*BUILTINS, *raystack_commands())])
def test_a_command_has_its_section_with_an_example(command: str) -> None:
    page = (REFERENCE / "commands.md").read_text()

    assert f"\n## {command}\n" in page
    blocks = [block.text for block in blocks_of(REFERENCE / "commands.md")]
    assert any(f"raystack {command}" in block for block in blocks)


def test_every_check_is_on_its_page() -> None:
    """Ids are written out, or numbered by the functions that make messages of one kind."""
    written, listed = set(), set(re.findall(r"^\| `([\w.]+)` \|", checks_page(), re.MULTILINE))
    for package in ("raystack", *(f"raystack_{part}" for part in PARTS)):
        for path in Path(str(find_spec(package).origin)).parent.rglob("*.py"):  # type: ignore[union-attr]  # it is there
            written |= set(re.findall(r'"([a-z]+\.[EW]\d{3})"', path.read_text()))

    numbered = {id_ for id_ in listed - written if id_.startswith(("security.", "middleware."))}
    assert listed - numbered == written
    assert len(numbered) == 6 + 11


def checks_page() -> str:
    """Return the page of the checks."""
    return (REFERENCE / "checks.md").read_text()
