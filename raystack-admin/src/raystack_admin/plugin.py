"""What raystack-admin adds to a project. Every command imports this: keep it light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raystack import hookimpl

if TYPE_CHECKING:  # heavy, and needed only inside the hook below
    from raystack import Section


@hookimpl
def raystack_settings() -> type[Section]:
    """Declare the section that the settings of the admin will be in."""
    from .settings import AdminSettings

    return AdminSettings
