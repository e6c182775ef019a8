"""Which distributions are Raystack's own."""

OWN_DISTRIBUTIONS = frozenset(
    f"raystack-{part}"
    for part in ("core", "cli", "orm", "templates", "middleware", "auth", "admin")
)
