"""What type checkers make of the packages' public names."""

import re
import subprocess
import sys
from pathlib import Path

CODE = """
from raystack import Kernel, Kernal
from raystack.conf import Section, Sektion
from raystack_orm import models, modles
from raystack_templates import render_template, render_tempalte
from raystack_middleware import BaseMiddleware, BaseMidleware
"""


def test_mistyped_names_of_lazy_packages_are_errors(tmp_path: Path) -> None:
    """A package with a ``__getattr__`` of its own would have any name there is, as ``Any``."""
    (tmp_path / "site.py").write_text(CODE)

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), "site.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    mistyped = re.findall(r'error: Module "\S+" has no attribute "(\w+)"', done.stdout)
    assert mistyped == ["Kernal", "Sektion", "modles", "render_tempalte", "BaseMidleware"]
