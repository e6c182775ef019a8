"""Every command imports every plugin module, so those import next to nothing."""

import subprocess
import sys


def test_the_plugin_module_is_cheap_to_import() -> None:
    code = "import sys, raystack_templates.plugin; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    heavy = {"jinja2", "pydantic", "starlette", "fastapi"}
    assert not heavy & set(done.stdout.split())
