"""Running the checks of the kernel and of every plugin."""

from collections.abc import Iterator

from ..application import get_application
from ..kernel import Kernel, use_kernel
from ..plugins.caller import HookResult
from .deploy import check_deployment
from .messages import CheckMessage, Level
from .problems import check_problems
from .routes import check_routes

HOOK = "raystack_checks"


def run_checks(kernel: Kernel, *, deploy: bool = False) -> list[CheckMessage]:
    """Collect the findings of all checks, the gravest first.

    The application is built first, with its middleware: what a build leaves out under
    ``PLUGIN_ERRORS = "skip"`` is a finding. While the checks run, the kernel is the active one.

    Args:
        kernel: A kernel that is set up.
        deploy: Ask what matters in production, too.

    Raises:
        RaystackError: The application cannot be built, so there is nothing to check.
    """
    with use_kernel(kernel):
        application = get_application()
        application.assemble()
        found = kernel.hooks.gather(HOOK, _messages, kernel=kernel, deploy=deploy)
        messages = [message for _, message in found]
        messages += check_routes(kernel, application.router)
        if deploy:
            messages += check_deployment(kernel)
        messages += check_problems(kernel)  # at last: a plugin may fall by its check
    return sorted(messages, key=lambda message: (-message.level, message.id, message.message))


def _messages(result: HookResult) -> Iterator[CheckMessage]:
    return result.each(CheckMessage, HOOK)


def has_errors(messages: list[CheckMessage]) -> bool:
    """Say whether a finding is an error, which ``raystack check`` reports with exit code 1."""
    return any(message.level >= Level.ERROR for message in messages)
