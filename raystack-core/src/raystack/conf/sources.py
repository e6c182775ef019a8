"""Where settings come from, read raw: the settings module, ``.env``, the environment.

Later sources win: the module, then ``.env``, then the environment, then what a test or the
``Kernel`` was given. Nothing is validated here, and nothing here is ever printed.
"""

import importlib
import importlib.util
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..exceptions import SettingsError
from ..project import PROJECT_VARIABLE, SETTINGS_VARIABLE, Project

PREFIX = "RAYSTACK_"
SAFE_MODE_VARIABLE = "RAYSTACK_SAFE_MODE"
# Variables that are not settings: they say where the settings are, or serve test suites.
CONTROLS = frozenset({SETTINGS_VARIABLE, PROJECT_VARIABLE, SAFE_MODE_VARIABLE})
TEST_PREFIX = "RAYSTACK_TEST_"


@dataclass(frozen=True, slots=True, repr=False)
class Variables:
    """``RAYSTACK_*`` variables of one place: the environment, or a ``.env`` file.

    Args:
        place: How messages name the place.
        values: Variable name, prefix included, to its text.
    """

    place: str
    values: Mapping[str, str] = field(default_factory=dict)

    def mentions(self, name: str) -> list[str]:
        """Name the variables that set a setting, in whole or in part."""
        whole = PREFIX + name
        return sorted(v for v in self.values if v == whole or v.startswith(whole + "__"))


@dataclass(frozen=True, slots=True, repr=False)
class Sources:
    """All sources of one kernel's settings.

    Args:
        module_name: The settings module, or ``None`` without one.
        module: Its UPPERCASE names.
        variables: ``.env``, then the environment.
        given: What the ``Kernel`` was constructed with.
        overrides: What ``override_settings`` puts on top.
    """

    module_name: str | None = None
    module: Mapping[str, Any] = field(default_factory=dict)
    variables: Sequence[Variables] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def raw(self, name: str) -> tuple[Any, str] | None:
        """Look a setting up without validating it.

        Returns:
            Its value and origin; ``None`` where no source sets it.
        """
        for values, origin in ((self.overrides, "override_settings"), (self.given, "Kernel(...)")):
            if name in values:
                return values[name], origin
        for variables in reversed(self.variables):
            if PREFIX + name in variables.values:
                return variables.values[PREFIX + name], f"{PREFIX}{name} in {variables.place}"
        if name in self.module:
            return self.module[name], str(self.module_name)
        return None

    def raw_list(self, name: str) -> list[str] | None:
        """Look up a list of names that the kernel needs before settings are validated.

        Raises:
            SettingsError: It is neither a list of strings nor text that spells one.
        """
        found = self.raw(name)
        if found is None or found[0] is None:
            return None
        value, origin = found
        if isinstance(value, str) and origin != self.module_name:
            value = parse_list(value)
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return list(value)
        raise SettingsError(
            f"{name} should be a list of strings (from {origin}). It belongs to raystack-core."
        )


def read_sources(project: Project, given: Mapping[str, Any]) -> Sources:
    """Read all sources of a project.

    Raises:
        SettingsError: The settings module does not exist, or raises when imported.
    """
    dotenv = _read_dotenv(project.dotenv)
    name = os.environ.get(SETTINGS_VARIABLE) or dotenv.get(SETTINGS_VARIABLE)
    name = name or project.settings_module
    module = _import_settings(name, project) if name else {}
    variables = (
        Variables(".env", _ours(dotenv)),
        Variables("the environment", _ours(os.environ)),
    )
    return Sources(name, module, variables, given)


def parse_list(text: str) -> Any:
    """Read a list written as JSON or with commas."""
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return split_commas(text)


def split_commas(text: str) -> list[str]:
    """Split ``a, b`` into its parts; an empty text has none."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _ours(variables: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in variables.items()
        if name.startswith(PREFIX) and name not in CONTROLS and not name.startswith(TEST_PREFIX)
    }


def _read_dotenv(path: Path | None) -> Mapping[str, str]:
    if path is None:
        return {}
    from dotenv import dotenv_values  # most machines in production have no .env

    values = dotenv_values(path, interpolate=False)
    return {name: value for name, value in values.items() if value is not None}


def _import_settings(name: str, project: Project) -> dict[str, Any]:
    if not _exists(name):
        where = f" in {project.root}" if project.root else ""
        raise SettingsError(
            f"The settings module {name!r} does not exist{where}.\n"
            f"  Create it, or name another one with {SETTINGS_VARIABLE}."
        )
    try:
        module = importlib.import_module(name)
    except Exception as error:
        raise SettingsError(
            f"The settings module {name!r} cannot be imported: {type(error).__name__}: {error}"
            f"{_line_in(error)}."
        ) from error
    return {key: getattr(module, key) for key in _uppercase(vars(module))}


def _exists(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError as error:
        # A parent package is missing; an import that fails inside a parent is another matter.
        if error.name and (name == error.name or name.startswith(error.name + ".")):
            return False
        raise SettingsError(
            f"The settings module {name!r} cannot be imported: {error}{_line_in(error)}."
        ) from error


def _line_in(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f" ({error.filename}, line {error.lineno})"
    frame = error.__traceback__
    place = ""
    while frame is not None:
        name = frame.tb_frame.f_code.co_filename
        if not name.startswith("<"):
            place = f" ({name}, line {frame.tb_lineno})"
        frame = frame.tb_next
    return place


def _uppercase(names: Iterable[str]) -> list[str]:
    return [name for name in names if name.isupper() and not name.startswith("_")]
