"""Types: user code is checked by mypy as it comes, without a plugin."""

import re
from pathlib import Path

from mypy import api

FILE = Path(__file__).parent / "typing" / "articles.py"


def test_users_get_exact_types() -> None:
    """Every line marked with an error is one, and no other is."""
    expected = {
        number: line.partition("# error: ")[2]
        for number, line in enumerate(FILE.read_text().splitlines(), 1)
        if "# error: " in line
    }

    output, errors, _ = api.run(
        ["--strict", "--no-error-summary", "--hide-error-context", str(FILE)]
    )

    assert errors == ""
    found = {
        int(match[1]): match[2] for match in re.finditer(r"articles\.py:(\d+): error: (.*)", output)
    }
    assert found.keys() == expected.keys(), output
    for number, message in expected.items():
        assert message in found[number]
