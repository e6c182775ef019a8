"""Adding an app to ``INSTALLED_APPS`` in the text of a settings module, and nothing else."""

import ast

from ..exceptions import CommandError

NAME = "INSTALLED_APPS"


def add_app(text: str, app: str) -> str:
    """Return a settings module's text with an app added at the end of ``INSTALLED_APPS``.

    Comments, quotes, indentation and line ends stay as they are.

    Args:
        text: The module's text.
        app: The app's dotted name.

    Raises:
        CommandError: The list is computed, missing, or of a form that is not understood; the
            message says what to add by hand.
    """
    found = _find_list(text)
    if found is None:
        raise _by_hand(app)
    listed = ast.literal_eval(found)
    if app in listed:
        return text
    lines = text.encode().splitlines(keepends=True)
    # Positions of ast are line numbers from 1 and offsets in bytes.
    end = _offset(lines, found.end_lineno or 0, (found.end_col_offset or 0) - 1)
    new = _insert(text.encode(), lines, found, end, app).decode()
    check = _find_list(new)
    if check is None or list(ast.literal_eval(check)) != [*listed, app]:
        raise _by_hand(app)
    return new


def _find_list(text: str) -> ast.List | ast.Tuple | None:
    """Find the one literal list that is assigned to the name, at the top of the module."""
    tree = ast.parse(text)
    found = []
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == NAME for target in targets):
            found.append(node)
    # One in a function or a class is another name, or a second assignment.
    if len(found) != 1 or found[0] not in tree.body:
        return None
    listed = getattr(found[0], "value", None)
    if not isinstance(listed, ast.List | ast.Tuple):
        return None
    plain = all(
        isinstance(item, ast.Constant) and isinstance(item.value, str) for item in listed.elts
    )
    return listed if plain else None


def _insert(
    source: bytes, lines: list[bytes], node: ast.List | ast.Tuple, end: int, app: str
) -> bytes:
    quoted = f'"{app}"'.encode()
    if not node.elts:
        return source[:end] + quoted + (b"," if isinstance(node, ast.Tuple) else b"") + source[end:]
    last = node.elts[-1]
    after = _offset(lines, last.end_lineno or 0, last.end_col_offset or 0)
    comma = _comma(source, after, end)
    indent = lines[last.lineno - 1][: last.col_offset]
    if last.end_lineno == node.end_lineno or not indent.isspace():
        return source[:after] + b", " + quoted + source[after:]
    # One entry a line: the new one goes below the last, comment and all.
    line_end = _offset(lines, (last.end_lineno or 0) + 1, 0)
    newline = b"\r\n" if lines[last.lineno - 1].endswith(b"\r\n") else b"\n"
    tail = source[after:line_end] if comma else b"," + source[after:line_end]
    return source[:after] + tail + indent + quoted + b"," + newline + source[line_end:]


def _comma(source: bytes, after: int, end: int) -> bool:
    """Say whether a comma follows the last entry, comments aside."""
    rest = source[after:end].splitlines()
    return any(b"," in line.partition(b"#")[0] for line in rest)


def _offset(lines: list[bytes], line: int, column: int) -> int:
    return sum(len(each) for each in lines[: line - 1]) + column


def _by_hand(app: str) -> CommandError:
    return CommandError(
        f"{NAME} in the settings is not a plain list of names, so it was left alone. "
        f'Add "{app}" to it.',
        exit_code=1,
    )
