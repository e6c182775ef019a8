"""raystack-templates."""
