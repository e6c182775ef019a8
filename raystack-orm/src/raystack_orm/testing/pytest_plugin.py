"""The pytest plugin of raystack-orm."""
