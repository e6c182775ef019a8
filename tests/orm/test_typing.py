"""Types: user code is checked by mypy as it comes, without a plugin."""

import re
from pathlib import Path

import pytest
from mypy import api

FOLDER = Path(__file__).parent / "typing"


@pytest.mark.parametrize("name", ["articles.py", "kinds.py", "relations.py"])
def test_users_get_exact_types(name: str) -> None:
    """Every line marked with an error is one, and no other is."""
    expected = {
        number: line.partition("# error: ")[2]
        for number, line in enumerate((FOLDER / name).read_text().splitlines(), 1)
        if "# error: " in line
    }

    output, errors, _ = api.run(
        ["--strict", "--no-error-summary", "--hide-error-context", str(FOLDER / name)]
    )

    assert errors == ""
    found = {int(match[1]): match[2] for match in re.finditer(r"\.py:(\d+): error: (.*)", output)}
    assert found.keys() == expected.keys(), output
    for number, message in expected.items():
        assert message in found[number]
