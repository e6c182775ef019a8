"""The rooms of the ORM: each imports only from those below it."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import raystack_orm

ROOT = Path(raystack_orm.__file__).parent
DOCS = Path(__file__).parents[2] / "docs"

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


UPWARD = {  # imports inside of functions that break the order on purpose, and why
    ("signals.py", "databases"): "receivers wait as the database does, which sends signals itself",
    ("expressions/q.py", "lookups"): "a Q's values have the kinds that lookups tell apart",
}


def imports(path: Path, *, inside_too: bool = False) -> set[str]:
    """Return the rooms that a module imports when it is imported itself.

    Args:
        path: The module.
        inside_too: Also what its functions import when they are called.
    """
    depth = len(path.relative_to(ROOT).parts)
    body = ast.parse(path.read_text()).body
    found = set()
    for node in _nodes(body) if inside_too else body:
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            names = [node.module.partition(".")[0]] if node.module else [a.name for a in node.names]
            found.update(names)
    return found


def _nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Walk through code, but not through what only type checkers see."""
    for node in body:
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield node
            yield from _nodes(ast.iter_child_nodes(node))


def test_imports_point_down() -> None:
    """A folder is a layer: what it needs from above comes by argument."""
    level = {room: number for number, rooms in enumerate(ROOMS) for room in rooms}
    upward = set()
    for path in sorted(ROOT.rglob("*.py")):
        room = path.relative_to(ROOT).parts[0].removesuffix(".py")
        if room == "__init__":
            continue
        upward |= {
            (path.relative_to(ROOT).as_posix(), other)
            for other in imports(path, inside_too=True)
            if other != room and level[other] <= level[room]
        }

    assert upward == set(UPWARD)
    assert not [name for name, other in UPWARD if other in imports(ROOT / name)]


def test_the_page_shows_these_rooms() -> None:
    """The list in docs/explanation/architecture.md is read by those who look for a place."""
    page = (DOCS / "explanation/architecture.md").read_text().partition("## Inside the ORM")[2]
    block = page.partition("```text\n")[2].partition("```")[0]
    known = set().union(*ROOMS)

    shown = [known.intersection(re.split(r"\s{2,}", line)) for line in block.splitlines()]

    assert shown == ROOMS


def test_listing_commands_imports_neither_sqlalchemy_nor_pydantic() -> None:
    """plugin.py is read by every command."""
    assert imports(ROOT / "plugin.py") == set()
    source = (ROOT / "plugin.py").read_text()
    top = [node for node in ast.parse(source).body if isinstance(node, ast.ImportFrom)]
    assert {node.module for node in top} == {"__future__", "typing", "raystack"}
