"""Testing code that uses the ORM: see ``pytest_plugin`` for the fixtures."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # pytest loads this package in every project, with or without the ORM's use
    from ..registry import isolate_apps as isolate_apps
    from .queries import CaptureQueries as CaptureQueries
    from .queries import assert_num_queries as assert_num_queries


def __getattr__(name: str) -> Any:
    if name == "isolate_apps":
        from ..registry import isolate_apps

        return isolate_apps
    if name in {"CaptureQueries", "assert_num_queries"}:
        from . import queries

        return getattr(queries, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
