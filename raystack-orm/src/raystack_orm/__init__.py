"""raystack-orm."""
