"""The pluggy markers of the project ``raystack``.

Every ``plugin.py`` imports ``hookimpl``, and every command imports every ``plugin.py``: this module
stays as light as pluggy itself.
"""

import pluggy

PROJECT_NAME = "raystack"

hookspec = pluggy.HookspecMarker(PROJECT_NAME)
"""Marks a function as a hook specification; see ``raystack_addhooks``."""

hookimpl = pluggy.HookimplMarker(PROJECT_NAME)
"""Marks a function of a ``plugin.py`` as an implementation of the hook of the same name."""
