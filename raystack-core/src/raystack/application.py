"""The web application: ``Raystack``, a ``FastAPI`` that the plugins of a kernel have built.

It is built once, at the first ASGI event or at the first use of its routes, so that importing it
stays cheap and a project may add to it first.
"""

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import RLock
from typing import Any

from fastapi import FastAPI
from fastapi.exception_handlers import (
    http_exception_handler,
    websocket_request_validation_exception_handler,
)
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import URLPath
from starlette.middleware import Middleware as StarletteMiddleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from .blame import name_plugin
from .conf import Settings
from .contributions import Contributions, collect
from .exceptions import ImproperlyConfigured, SettingsError
from .explain import explain
from .kernel import Kernel, get_kernel
from .lifespan import FailedStart, plugin_lifespans
from .middleware import OWN, Layers, Middleware, arrange, make
from .plugins.contract import Plugin
from .proxies import believe_proxies
from .request import CurrentRequestMiddleware
from .urls import include
from .urls.router import IndexedRouter
from .validation_errors import show_validation_error

DEFAULT_HANDLERS = (
    http_exception_handler,
    show_validation_error,
    websocket_request_validation_exception_handler,
)


class Raystack(FastAPI):
    """A FastAPI application with the routes, middleware and lifespans of the kernel's plugins.

    Everything made for FastAPI works on it.

    Args:
        kernel: The kernel; the active one by default.
        fastapi_kwargs: Arguments for ``FastAPI``; they win over the setting ``FASTAPI``. The API's
            docs are off by default unless ``DEBUG`` is on: name ``openapi_url`` to have them.

    Raises:
        RaystackError: The project or a plugin is broken.

    Example::

        app = Raystack()

        @app.get("/")
        def index() -> dict[str, str]:
            return {"hello": "world"}
    """

    router: IndexedRouter

    def __init__(self, kernel: Kernel | None = None, **fastapi_kwargs: Any) -> None:
        self.kernel = kernel or get_kernel()
        self.kernel.setup()
        settings = self.kernel.settings
        self._layers = Layers([], [])
        self._middleware_owners: dict[str, str] = {}
        self._built = False
        self._building = False
        self._failure: Exception | None = None
        self._lock = RLock()
        root = self.kernel.project.root
        try:
            super().__init__(**_options(settings, root, fastapi_kwargs))
        except TypeError as error:
            if not settings.FASTAPI:
                raise
            origin = settings.describe("FASTAPI").origin
            raise SettingsError(
                f"FASTAPI (from {origin}) has what FastAPI does not take: {error}. "
                f"It belongs to raystack-core."
            ) from None
        self.router = IndexedRouter.replacing(self.router)
        if self.kernel.application is None:
            self.kernel.application = self

    def build(self) -> None:
        """Add what the plugins and the project's urls contribute, once.

        Called by itself when the application first needs it. A build that failed is not tried
        again, for half of it is done: its error is raised again.

        Raises:
            RaystackError: A plugin fails, or what they contribute clashes.
        """
        if self._built:
            return
        with self._lock:
            # A hook may ask for a url while the application is being built; other threads wait.
            if self._building:
                return
            if self._failure is not None:
                raise self._failure.with_traceback(None)
            self._building = True
            try:
                self._build()
                self._built = True
            except Exception as error:
                self._failure = error
                raise
            finally:
                self._building = self._built

    @property
    def is_being_built(self) -> bool:
        """Whether its routes are still being collected, by this thread or another."""
        return self._building and not self._built

    def _build(self) -> None:
        kernel = self.kernel
        contributions = collect(kernel)
        former_handlers = dict(self.exception_handlers)
        self._add_exception_handlers(contributions)
        self._arrange(contributions)
        if not kernel.safe_mode:
            self._include_urls(kernel.settings)
        added: list[tuple[Plugin, list[BaseRoute]]] = []
        for plugin, router in contributions.routers:
            with self.router.owned_by(plugin.contract.title) as routes:
                self.include_router(router)
            added.append((plugin, routes))
        plugins = kernel.plugins
        kernel.hooks.call("raystack_application", app=self)
        left_out = [plugin for plugin in plugins if plugin not in kernel.plugins]
        if left_out:
            self._take_back(contributions.of(left_out), former_handlers)
            self.router.remove(r for plugin, each in added if plugin in left_out for r in each)
            self._arrange(contributions.of(kernel.plugins))
        # A server builds the tables of routes and names before the first request, not in it.
        self.router.lifespan_context = plugin_lifespans(
            kernel, self.router.lifespan_context, last=lambda: self.router.reverser
        )

    def _arrange(self, contributions: Contributions) -> None:
        titled = [(plugin.contract.title, entry) for plugin, entry in contributions.middleware]
        absent = bool(self.kernel.left_out())
        self._layers = arrange(titled, self.kernel.settings.MIDDLEWARE, may_be_absent=absent)
        self._middleware_owners = {entry.name: title for title, entry in titled}

    def _include_urls(self, settings: Settings) -> None:
        in_project = self.kernel.project.root is not None
        if in_project or settings.describe("ROOT_URLCONF").origin != "default":
            self.include_router(include(settings.ROOT_URLCONF))

    def _add_exception_handlers(self, contributions: Contributions) -> None:
        for _, (key, handler) in contributions.handlers:
            if self.exception_handlers.get(key) in (None, *DEFAULT_HANDLERS):
                self.exception_handlers[key] = handler

    def _take_back(self, contributions: Contributions, former_handlers: Mapping[Any, Any]) -> None:
        """Remove the exception handlers of plugins that were left out afterwards."""
        for _, (key, handler) in contributions.handlers:
            if self.exception_handlers.get(key) is handler:
                del self.exception_handlers[key]
                if key in former_handlers:
                    self.exception_handlers[key] = former_handlers[key]

    def assemble(self) -> ASGIApp:
        """Build the application and return it inside of its middleware, made anew at each call.

        Servers need not call it: the first ASGI event does. A check does, to find what fails.

        Raises:
            RaystackError: A plugin fails, what they contribute clashes, or a middleware cannot be
                made.
        """
        self.build()
        own = self.user_middleware
        self.user_middleware = [
            *(StarletteMiddleware(partial(self._make_added, each)) for each in own),
            *(StarletteMiddleware(partial(self._make, each)) for each in self._layers.inner),
        ]
        try:
            app = super().build_middleware_stack()
        finally:
            self.user_middleware = own
        for entry in reversed(self._layers.outer):
            app = self._make(entry, app)
        app = CurrentRequestMiddleware(app, partial(name_plugin, kernel=self.kernel))
        return believe_proxies(app, self.kernel.settings.TRUSTED_PROXIES)

    def _make(self, entry: Middleware, app: ASGIApp) -> Any:
        owner = self._middleware_owners.get(entry.name, OWN)
        if owner == OWN:
            remedy = "Repair it, or take it out of MIDDLEWARE."
        else:
            remedy = f'Repair it, or turn it off: MIDDLEWARE = ["-{entry.name}"].'
        return make(entry, app, owner=owner, remedy=remedy, root=self.kernel.project.root)

    def _make_added(self, added: StarletteMiddleware, app: ASGIApp) -> Any:
        cls: Any = added.cls
        name = getattr(cls, "__name__", type(cls).__name__)

        def construct(app: ASGIApp, **options: Any) -> Any:
            return cls(app, *added.args, **options)

        entry = Middleware(name, construct, added.kwargs)
        owner = self.kernel.owner_of(getattr(cls, "__module__", ""))
        remedy = "Repair it, or take out the add_middleware() that adds it."
        return make(entry, app, owner=owner, remedy=remedy, root=self.kernel.project.root)

    # What FastAPI calls -------------------------------------------------------------------------

    def build_middleware_stack(self) -> ASGIApp:
        """Wrap the router: the current request, the outer layer, FastAPI's stack, the inner layer.

        FastAPI calls it at the first ASGI event.
        """
        try:
            return self.assemble()
        except Exception as error:  # noqa: BLE001 - whatever it is, the server has to be told
            return FailedStart(error, explain(error, self.kernel.project.root))

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI schema of all routes, the plugins' included; see FastAPI."""
        self.build()
        return super().openapi()

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """Return the path of a named route; see Starlette. ``reverse()`` explains its errors."""
        self.build()
        return super().url_path_for(name, **path_params)

    @property
    def layers(self) -> Layers:
        """The middleware outside and inside of FastAPI's own, in the order a request meets it."""
        self.build()
        return self._layers


def _options(settings: Settings, root: Path | None, given: Mapping[str, Any]) -> dict[str, Any]:
    options = {**settings.FASTAPI, **given}
    options.setdefault("debug", settings.DEBUG)
    handlers = {RequestValidationError: show_validation_error}
    options["exception_handlers"] = {**handlers, **(options.get("exception_handlers") or {})}
    options.setdefault("title", root.name if root else "Raystack")
    if not settings.DEBUG:
        options.setdefault("openapi_url", None)
    return options


_making = RLock()


def get_application() -> Raystack:
    """Return the active kernel's application, making it when there is none yet.

    Raises:
        RaystackError: The project or a plugin is broken.
    """
    kernel = get_kernel()
    if kernel.application is None:
        kernel.setup()  # outside of the lock, for its hooks may ask for the application
        if kernel.settings.ASGI_APPLICATION:
            _import_application(kernel.settings.ASGI_APPLICATION)
        with _making:
            if kernel.application is None:
                kernel.application = Raystack(kernel)
    return kernel.application


def get_asgi_application() -> Callable[..., Any]:
    """Return the ASGI application to serve: the setting ``ASGI_APPLICATION``, or the kernel's.

    Raises:
        RaystackError: The project or a plugin is broken.
    """
    kernel = get_kernel()
    kernel.setup()
    if kernel.settings.ASGI_APPLICATION:
        return _import_application(kernel.settings.ASGI_APPLICATION)
    return get_application()


def _import_application(path: str) -> Callable[..., Any]:
    module_name, _, attribute = path.partition(":")
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        # A parent of it may be missing; what it imports itself is another matter.
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise
        raise ImproperlyConfigured(
            f"ASGI_APPLICATION is {path!r}, but there is no module {module_name!r}."
        ) from error
    application = getattr(module, attribute, None)
    if not callable(application):
        raise ImproperlyConfigured(
            f"ASGI_APPLICATION is {path!r}, but {module_name} has no application "
            f"{attribute!r}. Write it as module:attribute."
        )
    return application  # type: ignore[no-any-return]  # any callable may be an ASGI application
