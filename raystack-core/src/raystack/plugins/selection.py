"""Which plugins start: lists of names, requirements and conflicts, judged before any code runs.

Each judgement is one message that names both sides. The caller decides what an unfit plugin means:
``PLUGIN_ERRORS`` is the kernel's business.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches

from ..exceptions import ImproperlyConfigured
from .contract import Contract
from .discovery import installed_version
from .requirements import is_met, required_name

OURS = "raystack-"
Judge = Callable[[Contract], str | None]


def choose(
    contracts: Iterable[Contract], allowed: Sequence[str] | None, disabled: Iterable[str]
) -> list[Contract]:
    """Apply ``PLUGINS`` (an allow-list, or ``None`` for all) and ``PLUGINS_DISABLED``.

    Raises:
        ImproperlyConfigured: ``PLUGINS`` names a plugin that is not installed.
    """
    found = list(contracts)
    if allowed is not None:
        _check_allowed(allowed, {contract.name for contract in found})
        found = [contract for contract in found if contract.name in allowed]
    off = set(disabled)
    return [contract for contract in found if contract.name not in off]


def _check_allowed(allowed: Sequence[str], names: set[str]) -> None:
    for name in allowed:
        if name in names:
            continue
        close = get_close_matches(name, names, n=1)
        meant = f' Did you mean "{close[0]}"?' if close else ""
        raise ImproperlyConfigured(
            f'PLUGINS lists "{name}", but no plugin of that name is installed.{meant}\n'
            f"  Installed: {', '.join(sorted(names)) or 'none'}."
        )


def judge_all(
    chosen: Iterable[Contract], installed: Iterable[Contract]
) -> Iterator[tuple[Contract, str]]:
    """Name the plugins that cannot start, with the reason of each.

    Args:
        chosen: The plugins that are to start.
        installed: All that are installed, to tell a disabled requirement from a missing one.

    Yields:
        The contract at fault and the message, again and again until the rest fits together.
    """
    standing = list(chosen)
    judges = [_duplicates(standing), _requirements(list(installed))]
    for judge in judges:
        for contract in list(standing):
            if message := judge(contract):
                standing.remove(contract)
                yield contract, message
    # What was dropped may have been required by what stood before it.
    while lost := next(_dependents_lost(standing, list(installed)), None):
        standing.remove(lost[0])
        yield lost


def _duplicates(standing: list[Contract]) -> Judge:
    def judge(contract: Contract) -> str | None:
        rivals = [c for c in standing if c.name == contract.name and c is not contract]
        # The distribution named for the plugin keeps the name; else the first in the alphabet.
        if not rivals or min([contract, *rivals], key=_right_to_name) is contract:
            return None
        return (
            f'The plugin name "{contract.name}" is claimed twice: by {rivals[0].title} '
            f"({rivals[0].module}) and by {contract.title} ({contract.module}).\n"
            f"  Uninstall one of them: pip uninstall {contract.distribution}"
        )

    return judge


def _right_to_name(contract: Contract) -> tuple[bool, str]:
    return (contract.distribution != f"raystack-{contract.name}", contract.distribution)


def _requirements(installed: list[Contract]) -> Judge:
    versions: dict[str, str | None] = {c.distribution: c.version for c in installed}

    def judge(contract: Contract) -> str | None:
        for line in contract.requires:
            name = required_name(line)
            # pip has seen to those that are no plugins.
            if name is None or not (name in versions or name.startswith(OURS)):
                continue
            if name not in versions:
                versions[name] = installed_version(name)
            if message := _unmet(contract, line, name, versions[name]):
                return message
        return None

    return judge


def _unmet(contract: Contract, line: str, name: str, there: str | None) -> str | None:
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


def _dependents_lost(
    standing: list[Contract], installed: list[Contract]
) -> Iterator[tuple[Contract, str]]:
    """Name those that need a plugin which is installed but does not start."""
    names = {contract.name for contract in standing}
    absent = [contract for contract in installed if contract.name not in names]
    for contract in standing:
        for lost in absent:
            if needs(contract, lost):
                yield (
                    contract,
                    f"{contract.title} needs {lost.title}, whose plugin "
                    f'"{lost.name}" is disabled.\n'
                    f"  Enable it, or disable both: "
                    f"RAYSTACK_PLUGINS_DISABLED={lost.name},{contract.name}",
                )
                break


def needs(contract: Contract, other: Contract) -> bool:
    """Say whether a plugin requires another."""
    if other.name in contract.requires_plugins:
        return True
    if not other.distribution or other.distribution == contract.distribution:
        return False
    return any(required_name(line) == other.distribution for line in contract.requires)
