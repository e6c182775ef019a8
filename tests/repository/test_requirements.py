"""What becomes of a test that needs something the machine does not have."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from requirements import chromium_path, mariadb_url, postgres_url

NEEDS = {
    "postgres": (postgres_url, "RAYSTACK_TEST_POSTGRES_URL is not set"),
    "mariadb": (mariadb_url, "RAYSTACK_TEST_MARIADB_URL is not set"),
    "chromium": (chromium_path, "There is no Chromium"),
}
each_need = pytest.mark.parametrize(("need", "reason"), NEEDS.values(), ids=NEEDS)


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any of it, where nothing is required."""
    for name in ("POSTGRES_URL", "MARIADB_URL", "REQUIRE_ALL"):
        monkeypatch.delenv(f"RAYSTACK_TEST_{name}", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PATH", "")


@each_need
def test_a_need_that_is_not_met_skips_with_its_reason(need: Callable[[], str], reason: str) -> None:
    """A contributor needs no server to run the tests."""
    with pytest.raises(pytest.skip.Exception, match=reason):
        need()


@pytest.mark.parametrize("variable", ["CI", "RAYSTACK_TEST_REQUIRE_ALL"])
@each_need
def test_where_everything_is_required_it_fails(
    need: Callable[[], str], reason: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A skip in CI would hide that nothing was tested."""
    monkeypatch.setenv(variable, "true")

    with pytest.raises(pytest.fail.Exception, match=reason):
        need()


def test_a_url_is_returned_as_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests of a distribution decide what they do with it."""
    monkeypatch.setenv("RAYSTACK_TEST_POSTGRES_URL", "postgresql://ann@127.0.0.1/notes")

    assert postgres_url() == "postgresql://ann@127.0.0.1/notes"


@pytest.mark.parametrize(
    ("variables", "outcomes"),
    [({}, {"SKIPPED"}), ({"RAYSTACK_TEST_REQUIRE_ALL": "1"}, {"FAILED", "ERROR"})],
    ids=["contributor", "ci"],
)
@pytest.mark.parametrize(
    ("vendor", "variable"), [("postgresql", "POSTGRES_URL"), ("mysql", "MARIADB_URL")]
)
def test_the_orms_tests_on_servers_ask_like_all_others(
    vendor: str,
    variable: str,
    variables: dict[str, str],
    outcomes: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are there without a URL, too: none of them vanishes from a run that requires them."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-k", vendor]
    tests = ["tests/orm/test_transactions.py", "tests/orm/test_pytest_plugin.py"]

    done = subprocess.run(
        [*command, *tests],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )

    assert set(re.findall(rf"\[{vendor}\] ([A-Z]+)", done.stdout)) == outcomes, done.stdout
    assert f"RAYSTACK_TEST_{variable} is not set" in done.stdout
