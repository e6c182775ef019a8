"""Options of a database: after the ``?`` of its URL, or ``OPTIONS`` in its settings."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self, TypeVar

from ..database_url import DatabaseURL
from ..exceptions import ImproperlyConfigured, nearest

N = TypeVar("N", int, float)
ISOLATION_LEVELS = ("READ COMMITTED", "READ UNCOMMITTED", "REPEATABLE READ", "SERIALIZABLE")


@dataclass(frozen=True)
class PoolLimits:
    """The options of a pool of connections.

    Args:
        size: How many there are at most.
        timeout_s: How long a thread waits for one, in seconds.
    """

    size: int = 10
    timeout_s: float = 10.0

    @classmethod
    def of(cls, url: DatabaseURL) -> Self:
        """Read them.

        Raises:
            ImproperlyConfigured: One is no positive number.
        """
        return cls(
            number(url, "pool_size", int, cls.size),
            number(url, "pool_timeout", float, cls.timeout_s),
        )


def without_pool_options(url: DatabaseURL) -> dict[str, str]:
    """Return the options that are for the driver."""
    return {k: v for k, v in url.options.items() if k not in {"pool_size", "pool_timeout"}}


def number(url: DatabaseURL, name: str, kind: Callable[[str], N], default: N) -> N:
    """Read an option that is a positive number.

    Raises:
        ImproperlyConfigured: It is none.
    """
    given = url.options.get(name)
    if given is None:
        return default
    try:
        found = kind(given)
    except ValueError:
        found = kind("0")
    if found <= 0:
        raise ImproperlyConfigured(f"{name}={given} of {url} should be a positive number.")
    return found


def isolation_level(options: dict[str, str]) -> str:
    """Take the isolation level of transactions out of the options: READ COMMITTED by default.

    Raises:
        ImproperlyConfigured: There is no such level.
    """
    given = options.pop("isolation_level", ISOLATION_LEVELS[0])
    level = given.upper().replace("_", " ")
    if level not in ISOLATION_LEVELS:
        raise ImproperlyConfigured(
            f"isolation_level={given} is none of {', '.join(ISOLATION_LEVELS)}."
        )
    return level


def refuse_others(url: DatabaseURL, known: Iterable[str]) -> None:
    """Refuse options that are not known.

    Raises:
        ImproperlyConfigured: One is not; it names the closest.
    """
    names = sorted(known)
    for name in url.options:
        if name not in names:
            raise ImproperlyConfigured(
                f'The database {url} has no option "{name}".{nearest(name, names)} '
                f"Its options: {', '.join(names)}."
            )
