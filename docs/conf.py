"""How the documentation is built: ``python3 -m nox -s docs``."""

import tomllib
from pathlib import Path

project = "Raystack"
author = "The Raystack authors"
copyright = "2026, The Raystack authors"  # noqa: A001 - Sphinx's name
release = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text())[
    "project"
]["version"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence", "fieldlist"]
myst_heading_anchors = 3

autodoc_typehints = "description"
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = f"Raystack {release}"
exclude_patterns = ["_build"]
