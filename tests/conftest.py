"""Fixtures that the tests of several distributions share."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from workshop import Workshop

import raystack.kernel

# A shell lets what it runs in the background ignore Ctrl-C, and the commands under test would too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """A workshop whose modules are forgotten afterwards, and no active kernel."""
    for variable in [name for name in os.environ if name.startswith("RAYSTACK_")]:
        if not variable.startswith("RAYSTACK_TEST_"):
            monkeypatch.delenv(variable)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(raystack.kernel, "_active", None)
    made = Workshop(tmp_path)
    monkeypatch.syspath_prepend(str(made.site))
    path, modules = list(sys.path), set(sys.modules)
    yield made
    sys.path[:] = path
    os.environ.pop("RAYSTACK_PROJECT", None)
    for name in set(sys.modules) - modules:
        origin = getattr(sys.modules[name], "__file__", None) or str(
            next(iter(getattr(sys.modules[name], "__path__", [])), "")
        )
        if origin.startswith(str(tmp_path)) or name.startswith("acme_"):
            del sys.modules[name]
