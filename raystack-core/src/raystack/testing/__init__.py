"""Testing a Raystack application; see also the fixtures in ``pytest_plugin``."""

from .overrides import override_settings as override_settings
