"""``Requires-Dist`` lines: what a distribution asks of others.

``packaging`` reads them. It takes longer to import than all of the kernel, though, so the plain
lines that nearly every plugin has (``raystack-core>=1,<2``, ``raystack-orm==1.2.0``) are compared
without it; a test holds the two against each other.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # see the module's docstring
    from packaging.requirements import Requirement

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
EXTRA_ONLY = re.compile(r"""\s*extra\s*==\s*(["'])[^"']*\1\s*""")  # nobody has asked for it
PLAIN_VERSION = re.compile(r"\d+(?:\.\d+)*")
PLAIN_CLAUSE = re.compile(rf"(==|>=|<)\s*({PLAIN_VERSION.pattern})")


class MalformedRequirement(Exception):
    """A ``Requires-Dist`` line that cannot be read."""


def normalize(name: str) -> str:
    """Write a distribution's name as indexes do: ``Raystack_Hello`` is ``raystack-hello``.

    See https://packaging.python.org/en/latest/specifications/name-normalization/.
    """
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def required_name(line: str) -> str | None:
    """Name the distribution that a line asks for; ``None`` if its marker says not here.

    Args:
        line: As in the metadata, such as ``raystack-core>=1,<2; python_version > "3.10"``.

    Raises:
        MalformedRequirement: The line cannot be read.
    """
    asked, has_marker, marker = line.partition(";")
    if EXTRA_ONLY.fullmatch(marker):
        return None
    if has_marker:
        requirement = _parse(line)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            return None
        return normalize(requirement.name)
    found = NAME.match(asked.strip())
    return normalize(found.group()) if found else None


def is_met(line: str, version: str) -> bool:
    """Say whether an installed version is what a line asks for.

    Args:
        line: The requirement.
        version: The version that is installed.

    Raises:
        MalformedRequirement: The line cannot be read.
    """
    clauses = _plain_clauses(line)
    if clauses is None or not PLAIN_VERSION.fullmatch(version):
        return _parse(line).specifier.contains(version, prereleases=True)
    there = _release(version)
    return all(
        there == wanted
        if operator == "=="
        else there >= wanted
        if operator == ">="
        else there < wanted
        for operator, wanted in clauses
    )


def _parse(line: str) -> "Requirement":
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return Requirement(line)
    except InvalidRequirement as error:
        raise MalformedRequirement(line) from error


def _plain_clauses(line: str) -> list[tuple[str, tuple[int, ...]]] | None:
    """Take ``name>=1,<2`` apart; ``None`` if the line says anything else."""
    named = NAME.match(line.strip())
    rest = line.strip()[named.end() :].strip() if named else ""
    clauses = [PLAIN_CLAUSE.fullmatch(part.strip()) for part in rest.split(",")] if rest else []
    if named is None or not all(clauses):
        return None
    return [(clause[1], _release(clause[2])) for clause in clauses if clause]


def _release(version: str) -> tuple[int, ...]:
    """Read ``1.2.0`` as ``(1, 2)``: trailing zeros do not count."""
    return tuple(map(int, re.sub(r"(\.0+)+$", "", version).split(".")))
