"""The template engine of a kernel: one Jinja2 environment with all that plugins add to it."""

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from threading import RLock
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from jinja2 import Environment
from jinja2.ext import Extension
from starlette.requests import HTTPConnection

from raystack import ImproperlyConfigured, Kernel, Settings, get_kernel

from .folders import template_folders
from .loading import FolderLoader
from .settings import TemplatesSettings
from .undefined import StrictWhenShown

OURS = "raystack-templates"


class Processor(NamedTuple):
    """A context processor and whose it is."""

    function: Callable[[HTTPConnection], Mapping[str, Any]]
    owner: str

    def __call__(self, request: HTTPConnection) -> Mapping[str, Any]:
        """Return the variables for a request; an exception gets a note of its owner."""
        try:
            return self.function(request)
        except Exception as error:
            name = getattr(self.function, "__qualname__", repr(self.function))
            error.add_note(f"It was raised by the context processor {name} of {self.owner}.")
            raise


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
        ImproperlyConfigured: Two plugins claim the same name, or a context processor is missing.
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
        ImproperlyConfigured: Two plugins claim the same name.
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
    for kind, names in (
        ("globals", environment.globals),
        ("filters", environment.filters),
        ("tests", environment.tests),
    ):
        _add_named(kernel, kind, names)
    return Engine(environment, tuple(_processors(kernel)), settings)


def _add_named(kernel: Kernel, kind: str, names: MutableMapping[str, Any]) -> None:
    owners = dict.fromkeys(names, "Jinja2")
    for plugin, added in kernel.hooks.call(f"raystack_template_{kind}", settings=kernel.settings):
        for name, value in added.items():
            _claim(owners, name, plugin.contract.title, f"template {kind.removesuffix('s')}")
            names[name] = value


def _add_extensions(kernel: Kernel, environment: Environment) -> None:
    tags: dict[str, str] = {}
    hook = "raystack_template_extensions"
    for plugin, extensions in kernel.hooks.call(hook, settings=kernel.settings):
        for extension in extensions:
            _check_extension(extension, plugin.contract.title)
            if extension.identifier in environment.extensions:
                continue  # two plugins that need the same extension
            for tag in extension.tags:
                _claim(tags, tag, plugin.contract.title, "template tag")
            environment.add_extension(extension)


def _check_extension(extension: Any, owner: str) -> None:
    if not (isinstance(extension, type) and issubclass(extension, Extension)):
        raise ImproperlyConfigured(
            f"{owner} returned {extension!r} from raystack_template_extensions. "
            f"It has to return a sequence of jinja2.ext.Extension classes."
        )


def _claim(owners: dict[str, str], name: str, owner: str, kind: str) -> None:
    if name in owners:
        raise ImproperlyConfigured(
            f'The {kind} "{name}" is claimed twice: by {owners[name]} and by {owner}. '
            f"One of them has to rename it, or start without one: RAYSTACK_PLUGINS_DISABLED."
        )
    owners[name] = owner


def _processors(kernel: Kernel) -> Iterable[Processor]:
    hook = "raystack_context_processors"
    for plugin, functions in kernel.hooks.call(hook, settings=kernel.settings):
        for function in functions:
            yield Processor(function, plugin.contract.title)
    for path in kernel.settings.section(TemplatesSettings).TEMPLATE_CONTEXT_PROCESSORS:
        yield Processor(_import(path), "the setting TEMPLATE_CONTEXT_PROCESSORS")


def _import(path: str) -> Callable[[HTTPConnection], Mapping[str, Any]]:
    module_name, _, attribute = path.rpartition(".")
    try:
        function = getattr(import_module(module_name), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ImproperlyConfigured(
            f"TEMPLATE_CONTEXT_PROCESSORS lists {path!r}, which cannot be imported: {error}."
        ) from error
    if not callable(function):
        raise ImproperlyConfigured(
            f"TEMPLATE_CONTEXT_PROCESSORS lists {path!r}, which is no function."
        )
    return function  # type: ignore[no-any-return]  # what it returns is seen when it is called
