"""security.*: what ``raystack check --deploy`` asks of the kernel's own settings."""

from collections.abc import Iterator

from ..conf import Settings
from ..conf.core import MIN_SECRET_LENGTH
from ..distributions import is_own
from ..kernel import Kernel
from ..proxies import ANYBODY, holds_every_address
from .messages import CheckMessage, Level

MIN_DIFFERENT = 5  # as Django's security.W009


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
    elif settings.FASTAPI.get("debug"):
        yield _error(
            "FASTAPI turns debug on: errors show tracebacks to everybody.",
            "Take debug out of it: DEBUG decides.",
            1,
        )
    yield from _secret_keys(settings)
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


def _secret_keys(settings: Settings) -> Iterator[CheckMessage]:
    """Report keys that are missing, or easily guessed."""
    key, fallbacks = settings.describe("SECRET_KEY").value, settings.SECRET_KEY_FALLBACKS
    if key is None:
        yield _error("SECRET_KEY is not set.", "Set RAYSTACK_SECRET_KEY in the environment.", 2)
    for name, secret in [("SECRET_KEY", key), *(("SECRET_KEY_FALLBACKS", f) for f in fallbacks)]:
        text = secret.get_secret_value() if secret else None
        if text is not None and (len(text) < MIN_SECRET_LENGTH or len(set(text)) < MIN_DIFFERENT):
            yield _error(
                f"{name} has a key of fewer than {MIN_SECRET_LENGTH} characters, or of fewer than "
                f"{MIN_DIFFERENT} different ones.",
                "Replace it with a random one.",
                7,
            )


def _error(message: str, hint: str, number: int) -> CheckMessage:
    return CheckMessage(Level.ERROR, message, hint, "settings", f"security.E{number:03}")


def _unnamed_plugins(kernel: Kernel) -> Iterator[CheckMessage]:
    """Name the plugins of others that start only because they are installed."""
    if kernel.settings.PLUGINS is not None:
        return
    for plugin in kernel.plugins:
        if plugin.distribution and not is_own(plugin.distribution):
            yield CheckMessage(
                Level.WARNING,
                f'The plugin "{plugin.name}" ({plugin.contract.title}) starts because it is '
                f"installed; no setting names it.",
                "List the plugins that may start in PLUGINS.",
                plugin.name,
                "security.W006",
            )
