"""raystack-auth."""
