"""Including an app's urls in the text of the project's urls, and nothing else."""

import ast
import sys

ROUTER = "router"
INCLUDE = "include"
PACKAGE = "raystack"
PROJECT_PACKAGES = ("apps", "config", "core")
MAX_LINE = 88  # what formatters allow where a project says nothing
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def include_line(package: str, name: str) -> str:
    """Return the statement that includes an app's urls under its name, as formatters write it."""
    arguments = f'{INCLUDE}("{package}.urls", namespace="{name}")', f'prefix="/{name}"'
    line = f"{ROUTER}.include_router({', '.join(arguments)})"
    if len(line) <= MAX_LINE:
        return line
    return f"{ROUTER}.include_router(\n    {arguments[0]},\n    {arguments[1]},\n)"


def add_include(text: str, line: str) -> str | None:
    """Return the text of ``urls.py`` with a line at its end, and the import that it needs.

    Args:
        text: The module's text.
        line: What ``include_line`` returned.

    Returns:
        The new text; ``None`` where it is not sure that ``router`` and ``include`` mean in the
        last line what they should.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    if not _has_router(tree) or text.rstrip(" \t").endswith("\\"):
        return None
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if "\r\n" in text else "\n"
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += newline
    if isinstance(tree.body[-1], DEFINITIONS):
        lines.append(2 * newline)
    lines.append(line.replace("\n", newline) + newline)
    if not _imports_include(tree):
        if INCLUDE in _bound_names(tree):
            return None
        lines.insert(_place_of_import(tree), f"from {PACKAGE} import {INCLUDE}{newline}")
    new = "".join(lines)
    return new if _adds_only(tree, new, line) else None


def _has_router(tree: ast.Module) -> bool:
    """Say whether the module assigns its router once, at its top, from a call."""
    assigned = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == ROUTER and not isinstance(node.ctx, ast.Load)
    ]
    made = [
        node
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if target in assigned
    ]
    return len(assigned) == len(made) == 1


def _imports_include(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == PACKAGE
        and any(alias.name == INCLUDE and alias.asname is None for alias in node.names)
        for node in tree.body
    )


def _bound_names(tree: ast.Module) -> set[str]:
    """Name everything that the module gives a meaning to, at any depth."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, DEFINITIONS):
            names.add(node.name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
    return names | ({INCLUDE} if "*" in names else set())


def _place_of_import(tree: ast.Module) -> int:
    """Return after how many lines our import goes: behind those that sort before it, or all."""
    end = place = 0
    for position, node in enumerate(tree.body):
        is_docstring = (
            position == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        )
        if not (is_docstring or isinstance(node, ast.Import | ast.ImportFrom)):
            break
        end = node.end_lineno or end
        if isinstance(node, ast.ImportFrom) and _sorts_before_ours(node):
            place = end
    return place or end


def _sorts_before_ours(node: ast.ImportFrom) -> bool:
    """Say whether this imports from another distribution whose name comes before ours."""
    root = (node.module or "").partition(".")[0]
    is_other = node.level == 0 and root not in {*sys.stdlib_module_names, *PROJECT_PACKAGES}
    return is_other and root < PACKAGE


def _adds_only(before: ast.Module, text: str, line: str) -> bool:
    """Make sure that the new text is the old module, an import and the line."""
    try:
        after = ast.parse(text)
    except SyntaxError:
        return False
    kept = [ast.dump(node) for node in before.body]
    found = [ast.dump(node) for node in after.body]
    added = [ast.dump(ast.parse(line).body[0])]
    if not _imports_include(before):
        extra = ast.dump(ast.parse(f"from {PACKAGE} import {INCLUDE}").body[0])
        if extra not in found:
            return False
        found.remove(extra)
    return found == kept + added
