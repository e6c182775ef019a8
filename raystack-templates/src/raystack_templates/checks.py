"""templates.*: names that two plugins or apps provide, and folders that cannot be meant."""

from collections.abc import Iterator, Sequence

from raystack import CheckMessage, Kernel, Level

from .folders import PROJECT, Folder, static_folders, template_folders


def check_templates(kernel: Kernel) -> Iterator[CheckMessage]:
    """Report template and static file names that are provided twice, and missing folders."""
    templates, static = template_folders(kernel), static_folders(kernel)
    yield from _claimed_twice(templates, "template", "templates.W001")
    yield from _claimed_twice(static, "static file", "templates.W002")
    yield from _missing(kernel, "TEMPLATE_DIRS", templates)
    yield from _missing(kernel, "STATICFILES_DIRS", static)
    yield from _too_much(kernel, static)


def _claimed_twice(folders: Sequence[Folder], kind: str, id_: str) -> Iterator[CheckMessage]:
    """Compare all but the project's own folders, which are there to override the others."""
    providers: dict[str, list[str]] = {}
    for folder in folders:
        if folder.owner != PROJECT:
            for name in folder.names():
                providers.setdefault(name, []).append(folder.owner)
    for name, owners in providers.items():
        if len(owners) > 1:
            yield CheckMessage(
                Level.WARNING,
                f'The {kind} "{name}" is provided by {" and by ".join(owners)}. '
                f"That of {owners[0]} is used.",
                "Move each into a folder named for its app or plugin.",
                name,
                id_,
            )


def _missing(kernel: Kernel, setting: str, folders: Sequence[Folder]) -> Iterator[CheckMessage]:
    if kernel.settings.describe(setting).origin == "default":
        return  # a project need not have the folder that would be looked at
    for folder in folders:
        if folder.owner == PROJECT and not folder.path.is_dir():
            yield CheckMessage(
                Level.WARNING,
                f"{setting} lists {folder.path}, which is not a folder.",
                "Create it, or correct the setting.",
                "settings",
                "templates.W003",
            )


def _too_much(kernel: Kernel, static: Sequence[Folder]) -> Iterator[CheckMessage]:
    root = kernel.project.root
    for folder in static:
        if root is not None and root.resolve().is_relative_to(folder.path.resolve()):
            yield CheckMessage(
                Level.ERROR,
                f"STATICFILES_DIRS lists {folder.path}, which has the whole project in it: "
                f"everybody can read its settings, code and database.",
                "Name a folder that holds static files alone.",
                "settings",
                "templates.E001",
            )
