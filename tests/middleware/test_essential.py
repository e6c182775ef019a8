"""PL-02: the parts that guard a site fail closed, whatever ``PLUGIN_ERRORS`` says."""

import pytest
from starlette.testclient import TestClient
from workshop import Workshop

import raystack_middleware.plugin
import raystack_middleware.stack
from raystack import Kernel, PluginError, Raystack, Settings

EVIL = {"Host": "evil"}


def broken(settings: Settings) -> None:
    raise KeyError("HOSTS")


def test_pl_02_skip_does_not_go_on_without_the_security_middleware(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raystack_middleware.stack, "contributed", broken)
    settings = {"PLUGIN_ERRORS": "skip", "PLUGINS": ["middleware"], "ALLOWED_HOSTS": ["good"]}
    app = Raystack(Kernel(settings=settings))
    app.get("/")(lambda: "hello")

    with pytest.raises(PluginError) as raised:
        app.build()

    told = str(raised.value).splitlines()
    assert told.pop(1).startswith(
        f"  It was raised in {raystack_middleware.plugin.__file__}, line "
    )
    assert told == [
        "raystack-middleware 0.1.0 failed in the hook raystack_middleware: KeyError 'HOSTS'.",
        "  It was loaded from the entry point middleware = raystack_middleware.plugin.",
        "  Repair the cause, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=middleware",
    ]
    with pytest.raises(PluginError):
        TestClient(app).get("/", headers=EVIL)


def test_a_project_may_start_without_it(workshop: Workshop) -> None:
    """What a project says itself is no failure."""
    off = {"PLUGINS": ["middleware"], "PLUGINS_DISABLED": ["middleware"]}
    app = Raystack(Kernel(settings={"PLUGIN_ERRORS": "skip", **off}))
    app.get("/")(lambda: "hello")

    assert TestClient(app).get("/", headers=EVIL).json() == "hello"
    assert app.kernel.problems == []
