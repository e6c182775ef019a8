"""``raystack startplugin``."""

from pathlib import Path
from typing import Annotated

import typer

from ..scaffold.names import PLUGIN_PREFIX, plugin_package
from ..scaffold.texts import own_texts, render
from ..scaffold.writing import write_folder


def startplugin(
    name: Annotated[str, typer.Argument(help="The distribution's name: raystack-something.")],
) -> None:
    """Write a new plugin: a distribution with hooks, a setting, a command and tests."""
    package = plugin_package(name)
    plugin = name.removeprefix(PLUGIN_PREFIX)
    words = plugin.replace("-", "_")
    names = {
        "distribution": name,
        "package": package,
        "plugin": plugin,
        "prefix": words.upper(),
        "section": "".join(word.title() for word in words.split("_")) + "Settings",
    }
    target = Path(name).absolute()
    write_folder(target, render(own_texts("plugin"), names))
    typer.echo(f"The plugin {name} is in {target}.")
    typer.echo(f"Next: cd {name} && pip install -e '.[test]' && pytest")
