"""The pytest plugin of raystack-core: fixtures for a project and for plugins."""
