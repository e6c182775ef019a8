"""Which names a project, an app or a plugin may have."""

import importlib.util
import keyword
import re
import sys
import unicodedata
from pathlib import Path

from raystack.distributions import OWN_DISTRIBUTIONS

from ..exceptions import CommandError
from ..plugin import BUILTINS

MAX_LENGTH = 64
WINDOWS_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
OWN_FOLDERS = frozenset({"apps", "config", "core", "manage", "static", "templates", "tests"})
PLUGIN_PREFIX = "raystack-"
# A new plugin has a command and a route of its name.
TAKEN_BY_OURS = frozenset({"docs", "redoc", *(command.name for command in BUILTINS)})


def check_name(name: str, what: str) -> None:
    """Refuse a name that would not work as a Python package, or would hide another one.

    Args:
        name: The name as it was typed.
        what: What gets it: ``"project"`` or ``"app"``.

    Raises:
        CommandError: It cannot be used; the message suggests another one.
    """
    reason = _reason(name)
    if reason is not None:
        shown = name if len(name) <= MAX_LENGTH else name[:MAX_LENGTH] + "..."
        raise CommandError(
            f"{shown!r} cannot be the name of {_article(what)} {what}: {reason}. "
            f"Try {_suggestion(name, what)!r}."
        )


def plugin_package(name: str) -> str:
    """Return the package of a plugin distribution: ``raystack_hello`` for ``raystack-hello``.

    Raises:
        CommandError: The distribution's name cannot be used.
    """
    bare = name.removeprefix(PLUGIN_PREFIX)
    if (
        bare == name
        or not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", bare)
        or len(name) > MAX_LENGTH
    ):
        words = _words(bare).removeprefix("raystack_").replace("_", "-")
        suggestion = (PLUGIN_PREFIX + (words or "hello"))[:MAX_LENGTH].rstrip("-")
        raise CommandError(
            f"{name[:MAX_LENGTH]!r} cannot be the name of a plugin: it has to be raystack- and "
            f"lower-case letters, digits and single hyphens. Try {suggestion!r}."
        )
    package = name.replace("-", "_")
    if name in OWN_DISTRIBUTIONS:
        raise CommandError(f"{name} is one of Raystack's own distributions. Choose another name.")
    if bare in TAKEN_BY_OURS:
        raise CommandError(
            f"{name} cannot be the name of a plugin: Raystack has a command or a route {bare}. "
            f"Choose another name."
        )
    if _is_importable(package):
        raise CommandError(f"A package {package} is installed already. Choose another name.")
    return package


def _reason(name: str) -> str | None:
    """Say what is wrong with a name; ``None`` if nothing is."""
    tests = (
        (not name, "it is empty"),
        (len(name) > MAX_LENGTH, f"it is longer than {MAX_LENGTH} characters"),
        (not name.isascii(), "it has letters that not every system can store"),
        (name.lower() in WINDOWS_DEVICES, "Windows keeps it for a device"),
        (not name.isidentifier(), "it is not letters, digits and underscores after a letter"),
        (
            keyword.iskeyword(name) or keyword.issoftkeyword(name),
            "it is a word of the Python language",
        ),
        (name.lower().startswith("raystack"), "Raystack's own packages begin with it"),
        (name in OWN_FOLDERS, "every project has a folder of that name"),
        (name in sys.stdlib_module_names, "Python's standard library has a module of that name"),
    )
    for wrong, reason in tests:
        if wrong:
            return reason
    return "a package of that name is installed" if _is_importable(name) else None


def _is_importable(name: str) -> bool:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return name in sys.modules
    if spec is None:
        return False
    # The current folder may be on sys.path: what is in the way there has its own message.
    places = [spec.origin, *(spec.submodule_search_locations or ())]
    return not any(place and Path(place).is_relative_to(Path.cwd() / name) for place in places)


def _suggestion(name: str, what: str) -> str:
    words = _words(name)[: MAX_LENGTH - 5]
    for candidate in (words, f"my_{words}", f"{words}_site"):
        if words and _reason(candidate) is None:
            return candidate
    return f"my_{what}"


def _words(name: str) -> str:
    """Keep the letters and digits of a name, joined by underscores."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_").lstrip("0123456789_")


def _article(what: str) -> str:
    return "an" if what[0] in "aeiou" else "a"
