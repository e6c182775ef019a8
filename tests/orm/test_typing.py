"""Types: user code is checked by mypy and pyright as it comes, without a plugin.

A line that is a mistake says so, with mypy's code for it and pyright's rule::

    article.views = "many"  # error: assignment reportAttributeAccessIssue
"""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from mypy import api

FOLDER = Path(__file__).parent / "typing"
FILES = sorted(FOLDER.glob("*.py"))
MARK = re.compile(r"# error: (?P<mypy>\S+) (?P<pyright>\S+)$")

Errors = dict[int, dict[str, str]]
"""By line, the messages by code."""


@cache
def found_by_mypy() -> dict[str, Errors]:
    """Return the errors in each file."""
    output, errors, _ = api.run(["--strict", "--output", "json", *map(str, FILES)])
    assert errors == ""
    found: dict[str, Errors] = defaultdict(lambda: defaultdict(dict))
    for one in map(json.loads, output.splitlines()):
        if one["severity"] == "error":
            found[Path(one["file"]).name][one["line"]][one["code"]] = one["message"]
    return found


@cache
def found_by_pyright() -> dict[str, Errors]:
    """Return the errors in each file; the files themselves ask it to be strict."""
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, *FILES],
        env={**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"},  # of newer versions
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == len(FILES)
    found: dict[str, Errors] = defaultdict(lambda: defaultdict(dict))
    for one in report["generalDiagnostics"]:
        line = one["range"]["start"]["line"] + 1
        found[Path(one["file"]).name][line][one["rule"]] = one["message"]
    return found


CHECKERS = {"mypy": found_by_mypy, "pyright": found_by_pyright}


@pytest.mark.parametrize("checker", CHECKERS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_users_get_exact_types(path: Path, checker: str) -> None:
    """Every line that is marked as a mistake is one, of the kind it says, and no other is."""
    marks = {n: MARK.search(line) for n, line in enumerate(path.read_text().splitlines(), 1)}
    expected = {number: mark[checker] for number, mark in marks.items() if mark is not None}

    found = CHECKERS[checker]()[path.name]

    assert found.keys() == expected.keys(), found
    for number, code in expected.items():
        assert code in found[number], found[number]


def test_every_mistake_is_marked_for_both_checkers() -> None:
    """A mark that is not read would expect nothing."""
    lines = [line for path in FILES for line in path.read_text().splitlines()]

    assert [one for one in lines if "# error" in one and not MARK.search(one)] == []
    assert sum("# error" in one for one in lines) > 50
