"""What plugins return from the hooks of raystack-templates, looked at before it is used.

Whoever has made a mistake is named, and no other: under ``PLUGIN_ERRORS = "skip"`` the kernel goes
on without the plugin that an error names.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from raystack import Kernel, PluginError
from raystack.plugins import Plugin

Test = Callable[[Any], bool]


def items(kernel: Kernel, hook: str, fits: Test, kind: str) -> Iterator[tuple[Plugin, Any]]:
    """Go through the sequences that plugins return from a hook.

    Args:
        kernel: The kernel.
        hook: The hook's name.
        fits: Says whether an item is what it should be.
        kind: What the items should be, for messages: ``"Path"``.

    Yields:
        Each item, with the plugin that it comes from.

    Raises:
        PluginError: A plugin returned no sequence, or an item does not fit.
    """
    for result in kernel.hooks.call(hook, settings=kernel.settings):
        found = result.value if isinstance(result.value, Sequence) else [result.value]
        for item in found:
            if found is not result.value or not fits(item):
                raise result.wrong(item, f"a sequence of {kind}", hook)
            yield result.plugin, item


def named(kernel: Kernel, hook: str, fits: Test, kind: str) -> Iterator[tuple[Plugin, str, Any]]:
    """Go through the mappings of names that plugins return from a hook; see ``items``."""
    for result in kernel.hooks.call(hook, settings=kernel.settings):
        wanted = f"a mapping of names to {kind}"
        if not isinstance(result.value, Mapping):
            raise result.wrong(result.value, wanted, hook)
        for name, value in result.value.items():
            if not isinstance(name, str):
                raise result.wrong(name, wanted, hook)
            if not fits(value):
                raise result.wrong(value, f'{wanted}, also for "{name}"', hook)
            yield result.plugin, name, value


class Claims:
    """The names of one kind, and who has claimed them.

    Args:
        kind: What the names are of, for messages: ``"template filter"``.
        taken: Names with their owners.
    """

    def __init__(self, kind: str, taken: Mapping[str, str]) -> None:
        self._kind = kind
        self._owners = dict(taken)

    def add(self, name: str, plugin: Plugin) -> None:
        """Note whose a name is.

        Raises:
            PluginError: It is another's already; the later one is at fault.
        """
        contract = plugin.contract
        if name in self._owners:
            raise PluginError(
                f'The {self._kind} "{name}" is claimed twice: by {self._owners[name]} and by '
                f"{contract.title}.\n"
                f"  {contract.origin}\n"
                f"  Rename it, or start without the plugin: {contract.way_without}",
                plugin=plugin.name,
            )
        self._owners[name] = contract.title
