"""raystack-admin registers, and does nothing that it does not say."""

from workshop import Workshop

from raystack import Kernel, Raystack, use_kernel
from raystack_admin.settings import AdminSettings


def test_it_is_found_and_loads_after_what_it_builds_on(workshop: Workshop) -> None:
    """Its entry point is enough: nothing in the project names it."""
    kernel = Kernel()
    kernel.setup()

    names = [plugin.name for plugin in kernel.plugins]

    assert {"auth", "middleware", "orm", "templates"} <= set(names[: names.index("admin")])
    assert isinstance(kernel.settings.section(AdminSettings), AdminSettings)


def test_it_adds_no_routes_and_no_middleware_yet(workshop: Workshop) -> None:
    without = Kernel(settings={"PLUGINS_DISABLED": ["auth", "admin"]})
    everything = Kernel()

    routes, layers = [], []
    for kernel in (without, everything):
        with use_kernel(kernel):
            app = Raystack(kernel)
            layers.append([entry.name for layer in app.layers for entry in layer])
            routes.append(len(app.routes))

    assert routes[0] == routes[1]
    assert layers[0] == layers[1]
