"""Which plugins may start: lists of names, requirements and conflicts, judged before any code runs.

A judge looks at one contract and returns what is wrong with it, naming both sides. What becomes of
an unfit plugin is decided elsewhere: ``PLUGIN_ERRORS`` is not the judges' business.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from ..text import did_you_mean
from .contract import Contract
from .requirements import MalformedRequirement, is_met, required_name

OURS = "raystack-"
Judge = Callable[[Contract], str | None]


def unknown_names(contracts: Iterable[Contract], allowed: Sequence[str]) -> Iterator[str]:
    """Say of each name in ``PLUGINS`` that no plugin has what is wrong with it."""
    names = {contract.name for contract in contracts}
    for name in allowed:
        if name not in names:
            yield (
                f'PLUGINS lists "{name}", but no plugin of that name is installed.'
                f"{did_you_mean(name, names)}\n"
                f"  Installed: {', '.join(sorted(names)) or 'none'}."
            )


def choose(
    contracts: Iterable[Contract], allowed: Collection[str] | None, disabled: Collection[str]
) -> list[Contract]:
    """Apply ``PLUGINS`` (an allow-list, or ``None`` for all) and ``PLUGINS_DISABLED``."""
    return [
        contract
        for contract in contracts
        if contract.name not in disabled and (allowed is None or contract.name in allowed)
    ]


def judges(standing: Sequence[Contract], installed: Sequence[Contract]) -> list[Judge]:
    """Make the judges, in the order in which each is to look at every contract.

    Args:
        standing: The contracts that have not fallen so far; the judges see it change.
        installed: All there is, to tell a disabled requirement from a missing one.
    """
    return [
        _names_taken(standing),
        _modules_taken(standing),
        _requirement_lines(installed),
        _names_required(standing, installed),
    ]


def dependents(lost: Contract, standing: Sequence[Contract]) -> list[Contract]:
    """Return the plugins that cannot do without one that has fallen."""
    by_name = all(contract.name != lost.name for contract in standing)  # else a rival has it
    return [
        contract
        for contract in standing
        if _requires_distribution(contract, lost)
        or (by_name and lost.name in contract.requires_plugins)
    ]


def needs(contract: Contract, other: Contract) -> bool:
    """Say whether a plugin requires another."""
    return other.name in contract.requires_plugins or _requires_distribution(contract, other)


def _requires_distribution(contract: Contract, other: Contract) -> bool:
    if not other.distribution or other.distribution == contract.distribution:
        return False
    return any(_name_in(line) == other.distribution for line in contract.requires)


def _name_in(line: str) -> str | None:
    try:
        return required_name(line)
    except MalformedRequirement:  # a judge tells that the line is malformed
        return None


def _names_taken(standing: Sequence[Contract]) -> Judge:
    def judge(contract: Contract) -> str | None:
        rivals = [c for c in standing if c.name == contract.name and c is not contract]
        # The distribution named for the plugin keeps the name; else the first in the alphabet.
        if not rivals or min([contract, *rivals], key=_right_to_name) is contract:
            return None
        remedy = (
            f"Uninstall one of them: pip uninstall {contract.distribution}"
            if contract.distribution
            else f"Rename the package {contract.name}, or take it out of INSTALLED_APPS."
        )
        return (
            f'The plugin name "{contract.name}" is claimed twice: by {_claim(rivals[0])} and by '
            f"{_claim(contract)}.\n  {remedy}"
        )

    return judge


def _claim(contract: Contract) -> str:
    return f"{contract.title} ({contract.module})" if contract.module else contract.title


def _right_to_name(contract: Contract) -> tuple[bool, str]:
    return (contract.distribution != f"raystack-{contract.name}", contract.distribution)


def _modules_taken(standing: Sequence[Contract]) -> Judge:
    def judge(contract: Contract) -> str | None:
        first = next(c for c in standing if c.module == contract.module)
        if not contract.module or first is contract:
            return None
        return (
            f"The module {contract.module} is two plugins: {first.name} of {first.title} and "
            f"{contract.name} of {contract.title}.\n"
            f"  A plugin has a module of its own. Start without one: {contract.way_without}"
        )

    return judge


def _requirement_lines(installed: Sequence[Contract]) -> Judge:
    versions: dict[str, str | None] = {c.distribution: c.version for c in installed}

    def judge(contract: Contract) -> str | None:
        for line in contract.requires:
            try:
                message = _judge_line(contract, line, versions)
            except MalformedRequirement:
                message = (
                    f"{contract.title} has a malformed Requires-Dist line in its metadata: {line}\n"
                    f"  Repair or upgrade it, or start without the plugin: {contract.way_without}"
                )
            if message:
                return message
        return None

    return judge


def _judge_line(contract: Contract, line: str, versions: dict[str, str | None]) -> str | None:
    name = required_name(line)
    # pip has seen to those that are no plugins.
    if name is None or not (name in versions or name.startswith(OURS)):
        return None
    if name not in versions:
        from .discovery import installed_version  # importlib_metadata; kernels in tests do without

        versions[name] = installed_version(name)
    there = versions[name]
    if there is None:
        return (
            f"{contract.title} needs {line}, which is not installed.\n"
            f"  Install it: pip install '{line}'\n"
            f"  or start without the plugin: {contract.way_without}"
        )
    if is_met(line, there):
        return None
    return (
        f"{contract.title} needs {line}, but {name} {there} is installed.\n"
        f"  Install versions that fit together, or start without the plugin: "
        f"{contract.way_without}"
    )


def _names_required(standing: Sequence[Contract], installed: Sequence[Contract]) -> Judge:
    known = {contract.name for contract in installed}

    def judge(contract: Contract) -> str | None:
        for name in contract.requires_plugins:
            if name not in known:
                return (
                    f'{contract.title} requires "{name}", but no plugin or app has that name.'
                    f"{did_you_mean(name, known)}\n"
                    f"  Install the plugin, list the app in INSTALLED_APPS, or correct `requires` "
                    f"of the AppConfig."
                )
        names = {each.name for each in standing}
        for other in installed:
            if other.name not in names and needs(contract, other):
                return (
                    f'{contract.title} needs {other.title}, whose plugin "{other.name}" is '
                    f"disabled.\n"
                    f"  Enable it, or disable both: "
                    f"RAYSTACK_PLUGINS_DISABLED={other.name},{contract.name}"
                )
        return None

    return judge
