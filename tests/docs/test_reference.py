"""The reference pages agree with the code: every hook, every setting, every command."""

import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest
from code_blocks import blocks_of
from setting_rows import Row, rows
from workshop import Workshop

from raystack_cli.plugin import BUILTINS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
SPECS = [
    importlib.import_module(f"{package}.hookspecs")
    for package in ("raystack", "raystack_cli", "raystack_templates")
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
    page = (REFERENCE / "settings.md").read_text()
    expected: dict[str, list[Row]] = {}
    for row in rows():
        expected.setdefault(row.owner, []).append(row)

    for owner, settings in expected.items():
        section = page.partition(f"## {owner}\n")[2].partition("\n## ")[0]
        found = [line for line in section.splitlines() if line.startswith("| `")]
        assert found == [str(row) for row in settings], owner


@pytest.mark.parametrize("command", [command.name for command in BUILTINS])
def test_a_command_has_its_section_with_an_example(command: str) -> None:
    page = (REFERENCE / "commands.md").read_text()

    assert f"\n## {command}\n" in page
    blocks = [block.text for block in blocks_of(REFERENCE / "commands.md")]
    assert any(f"raystack {command}" in block for block in blocks)
