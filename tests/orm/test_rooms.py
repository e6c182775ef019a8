"""The rooms of the ORM: each imports only from those below it."""

import ast
from pathlib import Path

import raystack_orm

ROOT = Path(raystack_orm.__file__).parent

ROOMS = [  # from the top to the bottom; those of one line do not import each other
    {"plugin"},
    {"commands", "checks", "testing", "project", "lifespan", "responses"},
    {"schemas", "serialization", "shortcuts", "tables"},
    {"foreign_keys"},
    {"postgres"},
    {"models"},
    {"query"},
    {"transaction"},
    {"lookups"},
    {"expressions"},
    {"fields"},
    {"files"},
    {"databases"},
    {"signals"},
    {"registry"},
    {"configuration"},
    {"enums"},
    {"lookup_registry"},
    {"settings"},
    {"validators", "database_url"},
    {"deconstruct", "access"},
    {"exceptions"},
]


def imports(path: Path) -> set[str]:
    """Return the rooms that a module imports when it is imported itself."""
    found = set()
    depth = len(path.relative_to(ROOT).parts)
    for node in ast.parse(path.read_text()).body:  # not inside of functions and TYPE_CHECKING
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            names = [node.module.partition(".")[0]] if node.module else [a.name for a in node.names]
            found.update(names)
    return found


def test_imports_point_down() -> None:
    """A folder is a layer: what it needs from above comes by argument."""
    level = {room: number for number, rooms in enumerate(ROOMS) for room in rooms}
    wrong = []
    for path in sorted(ROOT.rglob("*.py")):
        room = path.relative_to(ROOT).parts[0].removesuffix(".py")
        if room == "__init__":
            continue
        wrong += [
            f"{path.relative_to(ROOT)} imports {other}"
            for other in imports(path)
            if other != room and level[other] <= level[room]
        ]

    assert wrong == []


def test_listing_commands_imports_neither_sqlalchemy_nor_pydantic() -> None:
    """plugin.py is read by every command."""
    assert imports(ROOT / "plugin.py") == set()
    source = (ROOT / "plugin.py").read_text()
    top = [node for node in ast.parse(source).body if isinstance(node, ast.ImportFrom)]
    assert {node.module for node in top} == {"__future__", "typing", "raystack"}
