"""Sites with templates: a temporary project on a real kernel."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import ModuleType
from typing import Any

import pytest
from workshop import Workshop

import raystack_templates.plugin
from raystack import Kernel, Raystack, Settings, hookimpl, use_kernel


@pytest.fixture
def make_site(workshop: Workshop) -> Iterator[Callable[..., Raystack]]:
    """Build the application of a project, with raystack-templates and the given plugins."""
    with ExitStack() as stack:

        def make(*plugins: ModuleType, **settings: Any) -> Raystack:
            if not (workshop.root / "manage.py").exists():
                workshop.project()
            kernel = Kernel(
                settings=settings,
                plugins=[raystack_templates.plugin, *plugins],
                discover=False,
            )
            stack.enter_context(use_kernel(kernel))
            app = Raystack(kernel)
            app.build()
            return app

        yield make


@pytest.fixture
def make_plugin(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModuleType]:
    """Make a plugin of what its hooks return: ``make_plugin("hello", raystack_...={...})``."""

    def make(name: str, **hooks: Any) -> ModuleType:
        module = ModuleType(name)
        for hook, value in hooks.items():
            setattr(module, hook, _returning(value, hook, name))
        monkeypatch.setitem(sys.modules, name, module)
        return module

    return make


def _returning(value: Any, hook: str, module: str) -> Callable[..., Any]:
    def implementation(settings: Settings) -> Any:
        return value

    implementation.__name__ = hook
    implementation.__module__ = module
    return hookimpl(implementation)
