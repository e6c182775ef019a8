"""The request that a template is rendered for, where nobody has handed one over."""

from starlette.requests import HTTPConnection

from raystack import RaystackError, current_request


def served_request() -> HTTPConnection | None:
    """Return the request that is being served; ``None`` outside of one."""
    try:
        return current_request()
    except RaystackError:
        return None
