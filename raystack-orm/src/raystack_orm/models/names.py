"""Names in the database: as long as every database takes them, and the same in each run."""

from hashlib import md5

MAX_NAME = 63  # PostgreSQL's, the shortest of all


def digest(*parts: str, length: int) -> str:
    """Return a few characters that differ when the parts do."""
    return md5("".join(parts).encode(), usedforsecurity=False).hexdigest()[:length]


def short_name(name: str, limit: int = MAX_NAME) -> str:
    """Return a name that is no longer than ``limit``; a digest keeps shortened ones apart."""
    if len(name) <= limit:
        return name
    return f"{name[: limit - 4]}{digest(name, length=4)}"
