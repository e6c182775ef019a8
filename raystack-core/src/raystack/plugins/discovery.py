"""Finding plugins: the entry points of installed distributions, read without importing any code.

A distribution announces its plugin in the group ``raystack.plugins``, says where it goes in
``raystack.after`` and ``raystack.before`` (the entry's name is the other plugin, its value the
plugin's own module), and forbids skipping it in ``raystack.essential``.
"""

from collections.abc import Iterable, Iterator

from importlib_metadata import EntryPoint, EntryPoints, entry_points
from packaging.utils import canonicalize_name

from .contract import Contract

PLUGINS = "raystack.plugins"
AFTER = "raystack.after"
BEFORE = "raystack.before"
ESSENTIAL = "raystack.essential"


def discover() -> list[Contract]:
    """Read the contracts of all installed plugins, in no particular order.

    See https://packaging.python.org/en/latest/specifications/entry-points/.
    """
    return list(_contracts(entry_points()))


def _contracts(found: EntryPoints) -> Iterator[Contract]:
    after, before, essential = (found.select(group=g) for g in (AFTER, BEFORE, ESSENTIAL))
    for entry in found.select(group=PLUGINS):
        if entry.dist is None:
            continue
        metadata = entry.dist.metadata  # parsed anew at each access
        yield Contract(
            name=entry.name,
            module=entry.value,
            distribution=canonicalize_name(metadata["Name"]),
            version=metadata["Version"],
            requires=tuple(metadata.get_all("Requires-Dist") or ()),
            after=tuple(sorted(_names_beside(entry, after))),
            before=tuple(sorted(_names_beside(entry, before))),
            essential=any(_names_beside(entry, essential)),
        )


def _names_beside(plugin: EntryPoint, others: Iterable[EntryPoint]) -> Iterator[str]:
    """Name the entries whose value is the plugin's own module."""
    return (other.name for other in others if other.value == plugin.value)
