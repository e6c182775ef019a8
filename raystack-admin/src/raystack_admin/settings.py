"""The settings section of raystack-admin."""

from raystack import Section


class AdminSettings(Section):
    """No settings yet: a setting comes with the code that reads it."""
