"""Types: user code is checked by mypy as it comes, without a plugin."""

import re
from pathlib import Path

import pytest
from mypy import api

FILES = sorted((Path(__file__).parent / "typing").glob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_users_get_exact_types(file: Path) -> None:
    """Every line marked with an error is one, and no other is."""
    expected = {
        number: line.partition("# error: ")[2]
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if "# error: " in line
    }

    output, errors, _ = api.run(
        ["--strict", "--no-error-summary", "--hide-error-context", str(file)]
    )

    assert errors == ""
    found = {
        int(match[1]): match[2] for match in re.finditer(rf"{file.name}:(\d+): error: (.*)", output)
    }
    assert found.keys() == expected.keys(), output
    for number, message in expected.items():
        assert message in found[number]
