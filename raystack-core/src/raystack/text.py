"""Words for messages."""

from collections.abc import Iterable

CLOSE = 0.6  # difflib's own default


def closest(word: str, known: Iterable[str], *, cutoff: float = CLOSE) -> str | None:
    """Return the known word that is most like a mistyped one.

    Args:
        word: What somebody wrote.
        known: What they may have meant.
        cutoff: How close it has to be, from 0 to 1.
    """
    from difflib import get_close_matches  # takes a millisecond to import; only mistakes need it

    return next(iter(get_close_matches(word, list(known), n=1, cutoff=cutoff)), None)


def did_you_mean(word: str, known: Iterable[str], *, cutoff: float = CLOSE) -> str:
    """Return `` Did you mean "..."?`` with the closest known word, or nothing; see ``closest``."""
    found = closest(word, known, cutoff=cutoff)
    return f' Did you mean "{found}"?' if found is not None else ""
