"""``include()``: another module's urls, with a namespace for their names.

As in Django: https://docs.djangoproject.com/en/stable/ref/urls/#include
"""

import copy
import types
from importlib import import_module

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Host, Mount

from ..exceptions import RouteError
from .included import UnfamiliarRoute, including, is_include, router_of, routers_below, with_routes
from .route_list import seal


def include(urls: str | types.ModuleType | APIRouter, *, namespace: str | None = None) -> APIRouter:
    """Return the router of ``urls`` as a new one, to be given to ``include_router``.

    Everything of the original is kept: prefix, tags, dependencies, response classes, lifespan.
    The original itself stays as it is, so the same urls can be included again with another
    namespace; but a route added to it afterwards raises, because the copy would not have it.

    Args:
        urls: A module with a ``router``, its name, or an ``APIRouter``.
        namespace: Put before each route's name and a colon. Namespaces nest: ``shop:cart:add``.

    Raises:
        RouteError: The module is not there or has no ``router``, or the namespace is malformed.

    Example::

        router.include_router(include("apps.blog.urls", namespace="blog"), prefix="/blog")
    """
    if namespace is not None and (not namespace or ":" in namespace):
        raise RouteError(
            f"include(namespace={namespace!r}): a namespace is a name without a colon. "
            "Nest include() calls for nested namespaces."
        )
    router, origin = _find_router(urls)
    copied = [router]
    if namespace is None:
        included = with_routes(router, router.routes)
    else:
        copied += routers_below(router.routes)
        try:
            included = _in_namespace(router, namespace)
        except UnfamiliarRoute as error:
            raise RouteError(
                f"include({origin}, namespace={namespace!r}): it includes a router in a way that "
                f"Raystack does not know ({error}). Give the namespace to an include() inside of "
                "it instead."
            ) from error
    for each in copied:
        seal(each, f"{origin} was given to include() before, which has copied its routes.")
    return included


def _find_router(urls: str | types.ModuleType | APIRouter) -> tuple[APIRouter, str]:
    """Return the router, and what to call it in messages."""
    if isinstance(urls, APIRouter):
        return urls, "The router"
    module = _import(urls) if isinstance(urls, str) else urls
    file = getattr(module, "__file__", None) or "no file"
    router = getattr(module, "router", None)
    if router is None:
        raise RouteError(
            f"include(): {module.__name__} has no router ({file}).\n"
            "  Write in it: router = APIRouter(). If it does, its import is not finished: look for "
            "a module that includes itself."
        )
    if not isinstance(router, APIRouter):
        raise RouteError(
            f"include(): router in {module.__name__} is a {type(router).__name__}, not an "
            f"APIRouter ({file}).\n"
            "  Write in it: router = APIRouter(). Another ASGI application is mounted: "
            "router.mount(path, app)."
        )
    return router, f"The router of {module.__name__}"


def _import(name: str) -> types.ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        # The module may be there and import something that is not: that error is the real one.
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
        raise RouteError(
            f'include("{name}"): there is no module "{error.name}".\n'
            "  Check the spelling, that each folder on the way has an __init__.py, and that you "
            "run from inside of the project."
        ) from error


def _in_namespace(router: APIRouter, namespace: str) -> APIRouter:
    return with_routes(router, [_renamed(route, namespace) for route in router.routes])


def _renamed(route: BaseRoute, namespace: str) -> BaseRoute:
    """Return a copy of ``route`` with its name, or all names inside, in ``namespace``."""
    inner = router_of(route)
    if inner is not None:
        return including(route, _in_namespace(inner, namespace))
    if is_include(route):
        raise UnfamiliarRoute(type(route).__name__)
    name = getattr(route, "name", "")
    if isinstance(route, (Mount, Host)):
        # The names inside an unnamed mount are its own; the namespace becomes its name.
        return _with_name(route, namespace if name is None else f"{namespace}:{name}")
    if not isinstance(name, str) or not name:
        return route
    renamed = _with_name(route, f"{namespace}:{name}")
    if isinstance(renamed, APIRoute) and renamed.summary is None:
        # FastAPI makes the summary in its docs from the name, which has no namespace there.
        renamed.summary = name.replace("_", " ").title()
    return renamed


def _with_name(route: BaseRoute, name: str) -> BaseRoute:
    renamed = copy.copy(route)
    vars(renamed)["name"] = name
    return renamed
