"""security.*: what ``raystack check --deploy`` asks of the kernel's own settings."""

from collections.abc import Iterator

from ..distributions import OWN_DISTRIBUTIONS
from ..kernel import Kernel
from ..proxies import ANYBODY, holds_every_address
from .messages import CheckMessage, Level


def check_deployment(kernel: Kernel) -> Iterator[CheckMessage]:
    """Report settings that are risky in production."""
    settings = kernel.settings
    if settings.DEBUG:
        origin = settings.describe("DEBUG").origin
        yield _error(
            f"DEBUG is on (from {origin}): errors show tracebacks to everybody.",
            "Turn it off there, or where the site is served.",
            1,
        )
    if settings.describe("SECRET_KEY").value is None:
        yield _error("SECRET_KEY is not set.", "Set RAYSTACK_SECRET_KEY in the environment.", 2)
    if not settings.ALLOWED_HOSTS:
        yield _error("ALLOWED_HOSTS is empty.", "List the names that the site is served under.", 3)
    elif "*" in settings.ALLOWED_HOSTS:
        yield _error('ALLOWED_HOSTS has "*", which lets any host in.', "List the names.", 4)
    if ANYBODY in settings.TRUSTED_PROXIES:
        yield _error(
            'TRUSTED_PROXIES has "*": any client may say who it is.', "List your proxies.", 5
        )
    elif holds_every_address(settings.TRUSTED_PROXIES):
        yield _error(
            "TRUSTED_PROXIES holds every address: any client may say who it is.",
            "List your proxies.",
            5,
        )
    yield from _unnamed_plugins(kernel)


def _error(message: str, hint: str, number: int) -> CheckMessage:
    return CheckMessage(Level.ERROR, message, hint, "settings", f"security.E{number:03}")


def _unnamed_plugins(kernel: Kernel) -> Iterator[CheckMessage]:
    """Name the plugins of others that start only because they are installed."""
    if kernel.settings.PLUGINS is not None:
        return
    for plugin in kernel.plugins:
        if plugin.distribution and plugin.distribution not in OWN_DISTRIBUTIONS:
            yield CheckMessage(
                Level.WARNING,
                f'The plugin "{plugin.name}" ({plugin.contract.title}) starts because it is '
                f"installed; no setting names it.",
                "List the plugins that may start in PLUGINS.",
                plugin.name,
                "security.W006",
            )
