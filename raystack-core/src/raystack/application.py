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

from fastapi import APIRouter, FastAPI
from fastapi.exception_handlers import (
    http_exception_handler,
    websocket_request_validation_exception_handler,
)
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import URLPath
from starlette.middleware import Middleware as StarletteMiddleware
from starlette.types import ASGIApp

from .blame import name_plugin
from .conf import Settings
from .exceptions import ImproperlyConfigured, RaystackError
from .kernel import Kernel, get_kernel
from .lifespan import FailedStart, plugin_lifespans
from .middleware import Layers, Middleware, arrange
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
        self._built = False
        self._building = False
        self._lock = RLock()
        root = self.kernel.project.root
        super().__init__(**_options(settings, root, fastapi_kwargs))
        self.router = IndexedRouter.replacing(self.router)
        if self.kernel.application is None:
            self.kernel.application = self

    def build(self) -> None:
        """Add what the plugins and the project's urls contribute, once.

        Called by itself when the application first needs it.

        Raises:
            RaystackError: A plugin fails, or what they contribute clashes.
        """
        if self._built:
            return
        with self._lock:
            # A hook may ask for a url while the application is being built; other threads wait.
            if self._building:
                return
            self._building = True
            try:
                self._build()
                self._built = True
            finally:
                self._building = self._built

    def _build(self) -> None:
        kernel, settings = self.kernel, self.kernel.settings
        self._add_exception_handlers()
        contributed = [
            (result.plugin.contract.title, entry)
            for result in kernel.hooks.call("raystack_middleware", settings=settings)
            for entry in result.each(Middleware, "raystack_middleware")
        ]
        self._layers = arrange(contributed, settings.MIDDLEWARE)
        if not kernel.safe_mode:
            self._include_urls(settings)
        for result in kernel.hooks.call("raystack_routers", settings=settings):
            with self.router.owned_by(result.plugin.contract.title):
                for router in result.each(APIRouter, "raystack_routers"):
                    self.include_router(router)
        kernel.hooks.call("raystack_application", app=self)
        self.router.lifespan_context = plugin_lifespans(kernel, self.router.lifespan_context)

    def _include_urls(self, settings: Settings) -> None:
        in_project = self.kernel.project.root is not None
        if in_project or settings.describe("ROOT_URLCONF").origin != "default":
            self.include_router(include(settings.ROOT_URLCONF))

    def _add_exception_handlers(self) -> None:
        owners: dict[Any, str] = {}
        settings = self.kernel.settings
        for plugin, handlers in self.kernel.hooks.call(
            "raystack_exception_handlers", settings=settings
        ):
            for key, handler in handlers.items():
                if key in owners:
                    name = getattr(key, "__name__", key)
                    raise ImproperlyConfigured(
                        f"Two plugins handle the exception {name}: {owners[key]} and "
                        f"{plugin.contract.title}. Disable one of them, or handle it in the "
                        f"application, which wins over both."
                    )
                owners[key] = plugin.contract.title
                if self.exception_handlers.get(key) in (None, *DEFAULT_HANDLERS):
                    self.exception_handlers[key] = handler

    # What FastAPI calls -------------------------------------------------------------------------

    def build_middleware_stack(self) -> ASGIApp:
        """Wrap the router: the current request, the outer layer, FastAPI's stack, the inner layer.

        FastAPI calls it at the first ASGI event.
        """
        try:
            self.build()
        except RaystackError as error:
            return FailedStart(error)
        own = self.user_middleware
        self.user_middleware = [*own, *map(_for_starlette, self._layers.inner)]
        try:
            app = super().build_middleware_stack()
        finally:
            self.user_middleware = own
        for entry in reversed(self._layers.outer):
            app = entry.cls(app, **entry.options)
        app = CurrentRequestMiddleware(app, partial(name_plugin, kernel=self.kernel))
        return believe_proxies(app, self.kernel.settings.TRUSTED_PROXIES)

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


def _for_starlette(entry: Middleware) -> StarletteMiddleware:
    return StarletteMiddleware(entry.cls, **entry.options)


def get_application() -> Raystack:
    """Return the active kernel's application, making it when there is none yet.

    Raises:
        RaystackError: The project or a plugin is broken.
    """
    kernel = get_kernel()
    if kernel.application is None:
        kernel.setup()
        if kernel.settings.ASGI_APPLICATION:
            _import_application(kernel.settings.ASGI_APPLICATION)
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
        if error.name is None or not module_name.startswith(error.name):
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
