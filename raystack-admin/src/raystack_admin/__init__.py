"""raystack-admin."""
