"""Options of a database: after the ``?`` of its URL, or ``OPTIONS`` in its settings."""

from collections.abc import Iterable

from ..database_url import DatabaseURL
from ..exceptions import ImproperlyConfigured, nearest


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
