"""Which distributions are Raystack's own."""

OWN_DISTRIBUTIONS = frozenset(
    f"raystack-{part}"
    for part in ("core", "cli", "orm", "templates", "middleware", "auth", "admin")
)


def is_own(distribution: str) -> bool:
    """Say whether a distribution is Raystack's own: what it claims is no other plugin's."""
    return distribution in OWN_DISTRIBUTIONS
