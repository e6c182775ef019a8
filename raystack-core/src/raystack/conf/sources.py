"""Where settings come from, read raw: the settings module, ``.env``, the environment.

Later sources win: the module, then ``.env``, then the environment, then what a test or the
``Kernel`` was given. Nothing is validated here, and nothing here is ever printed.
"""

import importlib
import importlib.util
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..exceptions import RaystackError, SettingsError
from ..project import PROJECT_VARIABLE, SETTINGS_VARIABLE, Project
from ..traces import describe, place
from .dotenv import read_dotenv

PREFIX = "RAYSTACK_"
SAFE_MODE_VARIABLE = "RAYSTACK_SAFE_MODE"
# Variables that are not settings: they say where the settings are, or serve test suites.
CONTROLS = frozenset({SETTINGS_VARIABLE, PROJECT_VARIABLE, SAFE_MODE_VARIABLE})
TEST_PREFIX = "RAYSTACK_TEST_"
READ_EARLY = frozenset({"INSTALLED_APPS", "PLUGINS", "PLUGINS_DISABLED"})
"""Settings that the kernel reads raw, to know which plugins declare the others."""
TRUE = frozenset({"1", "true", "t", "yes", "y", "on"})  # what pydantic takes for booleans
FALSE = frozenset({"", "0", "false", "f", "no", "n", "off"})
# Their texts are about code; what others say may be a value, such as int("...")'s.
ABOUT_CODE = (SyntaxError, ImportError, NameError)


def in_safe_mode() -> bool:
    """Say whether ``RAYSTACK_SAFE_MODE`` asks for the diagnostic commands alone.

    Raises:
        SettingsError: It is neither true nor false.
    """
    text = os.environ.get(SAFE_MODE_VARIABLE, "").strip().lower()
    if text not in TRUE | FALSE:
        raise SettingsError(
            f"{SAFE_MODE_VARIABLE} in the environment should be true or false. "
            f"Set it to 1 for safe mode, or unset it."
        )
    return text in TRUE


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


class Raw(NamedTuple):
    """A setting as its source has it, not validated.

    Args:
        value: The value.
        origin: Its source, as a person would name it.
        is_text: True where a source has nothing but text, so that a list is spelt in it.
    """

    value: Any
    origin: str
    is_text: bool = False


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

    def raw(self, name: str) -> Raw | None:
        """Look a setting up without validating it; ``None`` where no source sets it."""
        for values, origin in ((self.overrides, "override_settings"), (self.given, "Kernel(...)")):
            if name in values:
                return Raw(values[name], origin)
        for variables in reversed(self.variables):
            if PREFIX + name in variables.values:
                origin = f"{PREFIX}{name} in {variables.place}"
                return Raw(variables.values[PREFIX + name], origin, is_text=True)
        if name in self.module:
            return Raw(self.module[name], str(self.module_name))
        return None

    def raw_list(self, name: str) -> list[str] | None:
        """Look up a list of names that the kernel needs before settings are validated.

        Raises:
            SettingsError: It is neither a list of strings nor text that spells one.
        """
        found = self.raw(name)
        if found is None or found.value is None:
            return None
        value = parse_list(found.value) if found.is_text else found.value
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return list(value)
        raise SettingsError(
            f"{name} (from {found.origin}) should be a list of strings. "
            f"It belongs to raystack-core."
        )


def read_sources(project: Project, given: Mapping[str, Any]) -> Sources:
    """Read all sources of a project.

    Raises:
        SettingsError: The settings module does not exist, or raises when imported.
    """
    dotenv = read_dotenv(project.dotenv) if project.dotenv else {}
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
        import json  # most lists are written with commas

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


def _import_settings(name: str, project: Project) -> dict[str, Any]:
    try:
        found = _exists(name)
        module = importlib.import_module(name) if found else None
    except Exception as error:  # noqa: BLE001 - the project's code may raise whatever it likes
        broken = error
    else:
        if module is not None:
            return {key: getattr(module, key) for key in _uppercase(vars(module))}
        where = f" in {project.root}" if project.root else ""
        raise SettingsError(
            f"The settings module {name!r} does not exist{where}.\n"
            f"  Create it, or name another one with {SETTINGS_VARIABLE}."
        )
    # Raised out here, for a traceback would print the error whose text may be a value.
    # Its source lines may hold one, too: `SECRET_KEY = "..."` with a mistake in it.
    where = place(broken)
    told = f"{_told(broken)} ({where})" if where else _told(broken)
    raise SettingsError(f"The settings module {name!r} cannot be imported: {told}.")


def _exists(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError as error:
        # A parent package is missing; an import that fails inside a parent is another matter.
        if error.name and (name == error.name or name.startswith(error.name + ".")):
            return False
        raise


def _told(error: Exception) -> str:
    """Write an exception, with its text where that is sure to be about code."""
    if isinstance(error, (*ABOUT_CODE, RaystackError)):
        return describe(error)
    return type(error).__name__


def _uppercase(names: Iterable[str]) -> list[str]:
    return [name for name in names if name.isupper() and not name.startswith("_")]
