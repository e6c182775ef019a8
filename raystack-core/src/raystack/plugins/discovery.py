"""Finding plugins: the entry points of installed distributions, read without importing any code.

A distribution announces its plugin in the group ``raystack.plugins``, says where it goes in
``raystack.after`` and ``raystack.before`` (the entry's name is the other plugin, its value the
plugin's own module), and forbids skipping it in ``raystack.essential``.
"""

from collections.abc import Callable, Iterable, Iterator

from importlib_metadata import (
    EntryPoint,
    EntryPoints,
    PackageNotFoundError,
    distribution,
    entry_points,
)

from .contract import Contract
from .requirements import normalize

PLUGINS = "raystack.plugins"
AFTER = "raystack.after"
BEFORE = "raystack.before"
ESSENTIAL = "raystack.essential"


def discover() -> list[Contract]:
    """Read the contracts of all installed plugins, in no particular order.

    See https://packaging.python.org/en/latest/specifications/entry-points/.
    """
    return list(_contracts(entry_points()))


def installed_version(name: str) -> str | None:
    """Return the version of a distribution, or ``None`` if it is not installed."""
    try:
        return _headers(distribution(name).read_text)["Version"][0]
    except PackageNotFoundError:
        return None


def _contracts(found: EntryPoints) -> Iterator[Contract]:
    after, before, essential = (found.select(group=g) for g in (AFTER, BEFORE, ESSENTIAL))
    for entry in found.select(group=PLUGINS):
        if entry.dist is None:
            continue
        headers = _headers(entry.dist.read_text)
        yield Contract(
            name=entry.name,
            module=entry.value,
            distribution=normalize(headers["Name"][0]),
            version=headers["Version"][0],
            requires=tuple(headers.get("Requires-Dist", ())),
            after=tuple(sorted(_names_beside(entry, after))),
            before=tuple(sorted(_names_beside(entry, before))),
            essential=any(_names_beside(entry, essential)),
        )


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
