"""The template engine of a kernel: one Jinja2 environment with all that plugins add to it."""

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from inspect import iscoroutinefunction
from threading import RLock
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from jinja2 import Environment
from jinja2.ext import Extension
from starlette.requests import HTTPConnection

from raystack import ImproperlyConfigured, Kernel, Settings, get_kernel
from raystack.plugins import Plugin

from .contributed import Claims, items, named
from .folders import template_folders
from .loading import FolderLoader
from .settings import TemplatesSettings
from .undefined import StrictWhenShown

OURS = "raystack-templates"


class Processor(NamedTuple):
    """A context processor and the plugin that it comes from; none where a setting names it."""

    function: Callable[[HTTPConnection], Mapping[str, Any]]
    plugin: Plugin | None

    def __call__(self, request: HTTPConnection) -> Mapping[str, Any]:
        """Return the variables for a request.

        Raises:
            TypeError: The processor returned no mapping.
        """
        try:
            values = self.function(request)
        except Exception as error:
            # The kernel names the plugins of distributions itself: raystack/blame.py.
            if self.plugin is not None and not self.plugin.distribution:
                error.add_note(f"It was raised by the {self}.")
            raise
        if not isinstance(values, Mapping):
            raise TypeError(
                f"The {self} returned a {type(values).__name__}. "
                f"It has to return a mapping of names to values."
            )
        return values

    def __str__(self) -> str:
        name = getattr(self.function, "__qualname__", repr(self.function))
        owner = self.plugin.contract.title if self.plugin else "TEMPLATE_CONTEXT_PROCESSORS"
        return f"context processor {name} of {owner}"


@dataclass(frozen=True, slots=True)
class Engine:
    """What rendering needs.

    Args:
        environment: The Jinja2 environment.
        processors: The context processors, in their order.
        settings: The settings that both were made from.
    """

    environment: Environment
    processors: tuple[Processor, ...]
    settings: Settings


_engines: WeakKeyDictionary[Kernel, Engine] = WeakKeyDictionary()
_lock = RLock()
_making: set[Kernel] = set()


def get_engine(kernel: Kernel | None = None) -> Engine:
    """Return a kernel's engine, making it when there is none for its settings yet.

    Args:
        kernel: The kernel; the active one by default.

    Raises:
        PluginError: A plugin returned what does not fit, or claims a name that is taken.
        ImproperlyConfigured: A context processor of the settings is missing.
    """
    kernel = kernel or get_kernel()
    kernel.setup()
    with _lock:
        engine = _engines.get(kernel)
        if engine is None or engine.settings is not kernel.settings:  # override_settings
            engine = _engines[kernel] = _make_once(kernel)
        return engine


def _make_once(kernel: Kernel) -> Engine:
    if kernel in _making:
        raise ImproperlyConfigured(
            "A hook of raystack-templates asked for the template environment, or rendered, while "
            "the environment is being made. Change it in raystack_application instead."
        )
    _making.add(kernel)
    try:
        return _make_engine(kernel)
    finally:
        _making.remove(kernel)


def get_environment() -> Environment:
    """Return the Jinja2 environment of the active kernel: ``app.jinja_env``.

    Raises:
        PluginError: A plugin returned what does not fit, or claims a name that is taken.
    """
    return get_engine().environment


def _make_engine(kernel: Kernel) -> Engine:
    settings = kernel.settings
    environment = Environment(
        loader=FolderLoader(template_folders(kernel)),
        autoescape=True,  # whatever a template is called, and for those made from strings
        undefined=StrictWhenShown,
        auto_reload=settings.DEBUG,
        cache_size=-1,  # as many as there are templates
    )
    _add_extensions(kernel, environment)
    _add_named(kernel, "global", environment.globals)
    _add_named(kernel, "filter", environment.filters)
    _add_named(kernel, "test", environment.tests)
    return Engine(environment, tuple(_processors(kernel)), settings)


def _add_named(kernel: Kernel, kind: str, names: MutableMapping[str, Any]) -> None:
    claims = Claims(f"template {kind}", dict.fromkeys(names, "Jinja2"))
    fits, wanted = (_is_anything, "values") if kind == "global" else (callable, "functions")
    for plugin, name, value in named(kernel, f"raystack_template_{kind}s", fits, wanted):
        claims.add(name, plugin)
        names[name] = value


def _is_anything(_value: object) -> bool:
    return True


def _add_extensions(kernel: Kernel, environment: Environment) -> None:
    tags = Claims("template tag", {})
    hook, wanted = "raystack_template_extensions", "jinja2.ext.Extension classes"
    for plugin, extension in items(kernel, hook, _is_extension, wanted):
        if extension.identifier in environment.extensions:
            continue  # two plugins that need the same extension
        for tag in extension.tags:
            tags.add(tag, plugin)
        environment.add_extension(extension)


def _is_extension(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Extension)


def _processors(kernel: Kernel) -> Iterable[Processor]:
    hook, wanted = "raystack_context_processors", "synchronous functions"
    for plugin, function in items(kernel, hook, _is_synchronous, wanted):
        yield Processor(function, plugin)
    for path in kernel.settings.section(TemplatesSettings).TEMPLATE_CONTEXT_PROCESSORS:
        yield Processor(_import(path), None)


def _is_synchronous(function: Any) -> bool:
    if not callable(function):
        return False
    return not (iscoroutinefunction(function) or iscoroutinefunction(type(function).__call__))


def _import(path: str) -> Callable[[HTTPConnection], Mapping[str, Any]]:
    module_name, _, attribute = path.rpartition(".")
    try:
        function = getattr(import_module(module_name), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ImproperlyConfigured(
            f"TEMPLATE_CONTEXT_PROCESSORS lists {path!r}, which cannot be imported: {error}."
        ) from error
    if not _is_synchronous(function):
        raise ImproperlyConfigured(
            f"TEMPLATE_CONTEXT_PROCESSORS lists {path!r}, which is no synchronous function."
        )
    return function  # type: ignore[no-any-return]  # what it returns is seen when it is called
