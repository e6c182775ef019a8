"""Finding plugins: the entry points of installed distributions, read without importing any code.

A distribution announces its plugin in the group ``raystack.plugins``, says where it goes in
``raystack.after`` and ``raystack.before`` (the entry's name is the other plugin, its value the
plugin's own module), and forbids skipping it in ``raystack.essential``.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from importlib_metadata import (
    EntryPoint,
    EntryPoints,
    IDistribution,
    PackageNotFoundError,
    distribution,
    distributions,
)

from .contract import Contract
from .requirements import normalize

PREFIX = "raystack."
PLUGINS = "raystack.plugins"
AFTER = "raystack.after"
BEFORE = "raystack.before"
ESSENTIAL = "raystack.essential"


def discover() -> list[Contract]:
    """Read the contracts of all installed plugins, in no particular order.

    See https://packaging.python.org/en/latest/specifications/entry-points/.
    """
    announcing = list(_announcing())
    entries = EntryPoints(chain.from_iterable(each.entries for each in announcing))
    after, before, essential = (entries.select(group=g) for g in (AFTER, BEFORE, ESSENTIAL))
    return [
        Contract(
            name=entry.name,
            module=entry.value,
            distribution=each.name,
            version=each.headers["Version"][0],
            requires=tuple(each.headers.get("Requires-Dist", ())),
            after=tuple(sorted(_names_beside(entry, after))),
            before=tuple(sorted(_names_beside(entry, before))),
            essential=any(_names_beside(entry, essential)),
        )
        for each in announcing
        for entry in each.entries.select(group=PLUGINS)
    ]


def installed_version(name: str) -> str | None:
    """Return the version of a distribution, or ``None`` if it is not installed."""
    try:
        return _headers(distribution(name).read_text)["Version"][0]
    except PackageNotFoundError:
        return None


class _Announcing(NamedTuple):
    """A distribution that has entry points for us."""

    name: str
    headers: dict[str, list[str]]
    entries: EntryPoints


def _announcing() -> Iterator[_Announcing]:
    """Find the distributions that announce something to us.

    ``entry_points()`` parses what all of them announce to anybody, which takes longer than all
    else that the kernel does before settings.
    """
    seen = set()
    first_folder = None
    for found in distributions():
        folder = found.locate_file("")
        first_folder = first_folder or folder
        if PREFIX not in (found.read_text("entry_points.txt") or ""):
            continue
        headers = _headers(found.read_text)
        if "Name" not in headers or "Version" not in headers:  # the rest of an uninstalled one
            continue
        name = normalize(headers["Name"][0])
        if name in seen or (folder != first_folder and _is_hidden(found, name)):
            continue
        seen.add(name)
        yield _Announcing(name, headers, found.entry_points)


def _is_hidden(found: IDistribution, name: str) -> bool:
    """Say whether another version is earlier on the path, which imports find in its place."""
    return distribution(name).locate_file("") != found.locate_file("")


def _headers(read_text: Callable[[str], str | None]) -> dict[str, list[str]]:
    """Read the head of a distribution's METADATA.

    ``dist.metadata`` would import the email package and parse the README below the head.
    """
    headers: dict[str, list[str]] = {}
    for line in (read_text("METADATA") or read_text("PKG-INFO") or "").splitlines():
        if not line:
            break
        name, _, value = line.partition(": ")
        headers.setdefault(name, []).append(value)
    return headers


def _names_beside(plugin: EntryPoint, others: Iterable[EntryPoint]) -> Iterator[str]:
    """Name the entries whose value is the plugin's own module."""
    return (other.name for other in others if other.value == plugin.value)
