"""The settings section of raystack-auth."""

from raystack import Section


class AuthSettings(Section):
    """No settings yet: a setting comes with the code that reads it."""
