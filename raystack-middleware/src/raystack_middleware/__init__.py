"""raystack-middleware."""
