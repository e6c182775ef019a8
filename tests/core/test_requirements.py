"""Requirement lines: the plain ones are compared as packaging compares them."""

from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from raystack.plugins.requirements import is_met, normalize, required_name

numbers = st.integers(0, 12).map(str)
plain = st.lists(numbers, min_size=1, max_size=4).map(".".join)
suffix = st.sampled_from(["", "", "", "a1", "rc2", ".post1", ".dev3", "+local.1"])
versions = st.builds("{}{}".format, plain, suffix)
clauses = st.builds(
    "{}{}".format, st.sampled_from(["==", ">=", "<", "<=", ">", "!=", "~=1.", ">= ", "==="]), plain
)
lines = st.builds(
    "{}{}{}".format,
    st.sampled_from(["raystack-core", "Raystack_Core ", "raystack.core"]),
    st.lists(clauses, max_size=3).map(",".join),
    st.sampled_from(["", "", '; python_version > "3.0"']),
)


def valid(line: str) -> bool:
    """Say whether packaging can read a line."""
    try:
        Requirement(line)
    except InvalidRequirement:
        return False
    return True


lines = lines.filter(valid)


@given(lines, versions)
def test_a_line_is_met_when_packaging_says_so(line: str, version: str) -> None:
    expected = Requirement(line).specifier.contains(version, prereleases=True)

    assert is_met(line, version) == expected, Version(version)


@given(lines)
def test_a_line_names_what_packaging_says(line: str) -> None:
    assert required_name(line) == canonicalize_name(Requirement(line).name)


@given(st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,9}[A-Za-z0-9])?", fullmatch=True))
def test_names_are_normalised_as_packaging_does(name: str) -> None:
    assert normalize(name) == canonicalize_name(name)


def test_a_marker_that_does_not_hold_here_asks_for_nothing() -> None:
    assert required_name('raystack-orm; python_version < "3"') is None
    assert required_name("raystack-orm>=1; extra == 'orm'") is None
    assert required_name('raystack-orm>=1; extra == "orm" or python_version > "3"') is not None
