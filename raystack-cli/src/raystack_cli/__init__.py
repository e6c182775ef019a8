"""raystack-cli."""
