"""raystack-admin registers, and does nothing that it does not say."""

from contributions import contributions
from workshop import Workshop

from raystack import Kernel
from raystack_admin.settings import AdminSettings


def test_it_is_found_and_loads_after_what_it_builds_on(workshop: Workshop) -> None:
    """Its entry point is enough: nothing in the project names it."""
    kernel = Kernel()
    kernel.setup()

    names = [plugin.name for plugin in kernel.plugins]

    assert {"auth", "middleware", "orm", "templates"} <= set(names[: names.index("admin")])
    assert isinstance(kernel.settings.section(AdminSettings), AdminSettings)


def test_it_adds_no_routes_and_no_middleware_yet(workshop: Workshop) -> None:
    assert contributions() == contributions(PLUGINS_DISABLED=["admin"])
