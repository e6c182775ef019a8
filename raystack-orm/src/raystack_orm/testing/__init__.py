"""Testing code that uses the ORM: see ``pytest_plugin`` for the fixtures."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pytest loads this package in every project, with or without the ORM's use
    from ..registry import isolate_apps as isolate_apps
    from .queries import CaptureQueries as CaptureQueries
    from .queries import assert_num_queries as assert_num_queries
else:
    from raystack.lazy import lazy_names

    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "CaptureQueries": "queries",
            "assert_num_queries": "queries",
            "isolate_apps": ".registry",
        },
    )
