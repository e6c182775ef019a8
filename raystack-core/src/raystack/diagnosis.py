"""What a diagnosis goes on with where settings are wrong: those that are right."""

from collections.abc import Callable, Collection

from .conf.sources import PREFIX, Sources, Variables


def sound_part(sources: Sources, fits: Callable[[Sources], bool]) -> Sources:
    """Take out of the sources every setting that is a mistake, for a diagnosis to go on with.

    Args:
        sources: All sources.
        fits: Say whether sources have no mistake in them.
    """
    kept: set[str] = set()
    count = -1
    while len(kept) > count:  # one setting may fit only where another one is
        count = len(kept)
        for name in sorted(_names(sources) - kept):
            if fits(_only(sources, kept | {name})):
                kept.add(name)
    return _only(sources, kept)


def without(sources: Sources, name: str) -> Sources:
    """Take a setting out of the sources."""
    return _only(sources, _names(sources) - {name})


def _names(sources: Sources) -> set[str]:
    written = {_name(v) for variables in sources.variables for v in variables.values}
    return written | {*sources.module, *sources.given, *sources.overrides}


def _only(sources: Sources, names: Collection[str]) -> Sources:
    return Sources(
        sources.module_name,
        {name: value for name, value in sources.module.items() if name in names},
        [
            Variables(each.place, {v: text for v, text in each.values.items() if _name(v) in names})
            for each in sources.variables
        ],
        {name: value for name, value in sources.given.items() if name in names},
        {name: value for name, value in sources.overrides.items() if name in names},
    )


def _name(variable: str) -> str:
    return variable.removeprefix(PREFIX).split("__")[0]
