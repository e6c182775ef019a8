"""What raystack-hello adds to a project. Every command imports this: keep it light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raystack import Command, hookimpl

if TYPE_CHECKING:  # heavy, and needed only inside the hooks below
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from fastapi import APIRouter

    from raystack import CheckMessage, Kernel, Middleware, Raystack, Section, Settings


@hookimpl
def raystack_settings() -> type[Section]:
    """Declare the greeting."""
    from .settings import HelloSettings

    return HelloSettings


@hookimpl
def raystack_routers(settings: Settings) -> Sequence[APIRouter]:
    """Serve ``/hello/{name}``."""
    from raystack import include

    return [include("raystack_hello.urls", namespace="hello")]


@hookimpl
def raystack_middleware(settings: Settings) -> Sequence[Middleware]:
    """Put the greeting on every answer: in the outer layer, where errors pass as well."""
    from raystack import Middleware

    from .middleware import GreetingMiddleware

    options = {"greeting": settings.HELLO_GREETING}
    return [Middleware("hello", GreetingMiddleware, options, layer="outer")]


@hookimpl
def raystack_lifespan(app: Raystack) -> AbstractAsyncContextManager[None]:
    """Keep a guest book while the application serves."""
    from .guest_book import open_guest_book

    return open_guest_book(app)


@hookimpl
def raystack_checks(kernel: Kernel, deploy: bool) -> Sequence[CheckMessage]:
    """Warn of an empty greeting."""
    from .checks import check_greeting

    return check_greeting(kernel.settings.HELLO_GREETING)


@hookimpl(optionalhook=True)
def raystack_commands() -> Sequence[Command]:
    """Add ``raystack greet``, if the command line is installed."""
    return [Command("greet", "raystack_hello.commands:greet", "Greet somebody.")]


@hookimpl(optionalhook=True)
def raystack_template_filters(settings: Settings) -> Mapping[str, Callable[..., object]]:
    """Add the filter ``greet``, if templates are installed."""
    from .greeting import greet

    return {"greet": greet}
