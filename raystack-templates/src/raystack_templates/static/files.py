"""Serving static files from several folders, and nothing else."""

import os
from collections.abc import Sequence
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

# A machine without a table of types would call these octets, and "nosniff" makes browsers refuse
# scripts and styles that are called so.
TYPES = {
    ".avif": "image/avif",
    ".css": "text/css",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


class StaticFolders(StaticFiles):
    """Serves the files of several folders; the first folder that has a path provides it.

    Files and folders whose name starts with a dot are not served, nor what a symbolic link finds
    outside of the folders. Browsers ask each time whether a file has changed, which 304 answers.

    Args:
        folders: The folders, in the order in which they are searched.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__()
        self.all_directories = list(folders)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file; see ``StaticFiles``."""
        try:
            full_path, found = super().lookup_path(path)
        except PermissionError:  # of a folder on the way; Starlette would ask for a login
            return "", None
        # The name that was asked for and the one that a symbolic link leads to.
        if found is None or _is_hidden(path) or self._leads_to_hidden(full_path):
            return "", None
        return (full_path, found) if os.access(full_path, os.R_OK) else ("", None)

    def _leads_to_hidden(self, full_path: str) -> bool:
        roots = (os.path.realpath(folder) for folder in self.all_directories)
        inside = (root for root in roots if full_path.startswith(root + os.sep))
        return any(_is_hidden(full_path.removeprefix(root)) for root in inside)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Answer with a file, or with 304; see ``StaticFiles``."""
        response = FileResponse(
            full_path,
            status_code,
            headers={"Cache-Control": "no-cache"},
            media_type=TYPES.get(Path(full_path).suffix.lower()),
            stat_result=stat_result,
        )
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in Path(path).parts)
