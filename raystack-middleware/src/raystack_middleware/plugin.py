"""What raystack-middleware adds to a project. Every command imports this: keep it light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raystack import hookimpl

if TYPE_CHECKING:  # heavy, and needed only inside the hooks below
    from collections.abc import Mapping, Sequence

    from raystack import CheckMessage, Kernel, Middleware, Section, Settings


@hookimpl
def raystack_settings() -> type[Section]:
    """Declare the settings of sessions and security headers."""
    from .settings import MiddlewareSettings

    return MiddlewareSettings


@hookimpl
def raystack_middleware(settings: Settings) -> Sequence[Middleware]:
    """Add request ids, security headers and allowed hosts outside, and sessions inside."""
    from .stack import contributed

    return contributed(settings)


@hookimpl
def raystack_checks(kernel: Kernel, deploy: bool) -> Sequence[CheckMessage]:
    """Report hosts that can never match and, for production, settings that are risky there."""
    from .checks import check_deployment, check_hosts, check_sessions

    risks = check_deployment if deploy else check_sessions  # --deploy asks for the key anyway
    return [*check_hosts(kernel.settings), *risks(kernel.settings)]


@hookimpl(optionalhook=True)
def raystack_template_globals(settings: Settings) -> Mapping[str, object]:
    """Add ``csp_nonce``, if templates are installed."""
    from .csp import CurrentNonce

    return {"csp_nonce": CurrentNonce()}
