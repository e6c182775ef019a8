"""The texts of new projects, apps and plugins: ours, and what installed plugins add."""

import re
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

import jinja2

from raystack import Kernel, Scaffold

from ..exceptions import CommandError

SUFFIX = ".j2"


def own_texts(kind: str) -> dict[str, str]:
    """Read our own templates.

    Args:
        kind: ``"project"``, ``"app"`` or ``"plugin"``.

    Returns:
        Paths with their texts, not rendered.
    """
    return dict(_walk(files(__package__) / "templates" / kind, ""))


def contributed(kernel: Kernel, hook: str) -> Scaffold:
    """Join what the installed plugins add.

    Raises:
        CommandError: Two plugins add the same file.
        PluginError: A plugin returned something that is no scaffold.
    """
    texts: dict[str, str] = {}
    owners: dict[str, str] = {}
    folders: tuple[str, ...] = ()
    settings = ""
    for plugin, scaffold in kernel.hooks.gather(hook, lambda result: [result.one(Scaffold, hook)]):
        for path, text in scaffold.files.items():
            if path in owners:
                raise CommandError(
                    f"Two plugins add the file {path}: {owners[path]} and "
                    f"{plugin.contract.title}. Disable one of them: {plugin.contract.way_without}"
                )
            owners[path] = plugin.contract.title
            texts[path] = text
        folders += scaffold.folders
        settings += scaffold.settings
    return Scaffold(texts, settings, folders)


def render(texts: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """Fill names into paths and texts."""
    environment = jinja2.Environment(  # noqa: S701 - source code, not HTML
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )

    def fill(text: str) -> str:
        return environment.from_string(text).render(names)

    return {fill(path): _ended(fill(text)) for path, text in texts.items()}


def _ended(text: str) -> str:
    """Leave out empty lines at the end, which an empty part leaves behind."""
    return re.sub(r"\n\s*\Z", "\n", text)


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, str]]:
    found = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _walk(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(SUFFIX):
            found.append((prefix + entry.name.removesuffix(SUFFIX), entry.read_text("utf-8")))
    return found
