"""Finding a template by its name, and saying where it was looked for when it is not there."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches

from jinja2 import BaseLoader, Environment, FileSystemLoader, TemplateNotFound

from .folders import Folder


class FolderLoader(BaseLoader):
    """Loads templates from folders; the first that has a name provides it.

    Args:
        folders: The folders, in the order in which they are searched.
    """

    def __init__(self, folders: Sequence[Folder]) -> None:
        self.folders = list(folders)
        self._loaders = [FileSystemLoader(folder.path) for folder in folders]

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text, file and the function that tells whether it is unchanged.

        Raises:
            TemplateMissing: No folder has it, or its name leads out of the folders.
        """
        for loader in self._loaders:
            try:
                return loader.get_source(environment, template)
            except TemplateNotFound:
                continue
        raise TemplateMissing(template, self.folders)

    def list_templates(self) -> list[str]:
        """List the names of all templates."""
        return sorted({name for folder in self.folders for name in folder.names()})


class TemplateMissing(TemplateNotFound):
    """Jinja2's error for a missing template, with where it was looked for.

    Args:
        name: The template's name.
        folders: The folders that were searched.
    """

    def __init__(self, name: str, folders: Sequence[Folder]) -> None:
        super().__init__(name)
        self._folders = folders

    def __str__(self) -> str:
        # Written when it is shown: `{% include ... ignore missing %}` never looks at it.
        known = {name for folder in self._folders for name in folder.names()}
        close = get_close_matches(str(self.name), known, n=1)
        meant = f' Did you mean "{close[0]}"?' if close else ""
        searched = "".join(
            f"\n    {folder.path} ({folder.owner}{'' if folder.path.is_dir() else '; not there'})"
            for folder in self._folders
        )
        return f'There is no template "{self.name}".{meant}\n  It was looked for in:{searched}'
