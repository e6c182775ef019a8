"""Testing code that uses the ORM: see ``pytest_plugin`` for the fixtures."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pytest loads this package in every project, with or without the ORM's use
    from ..registry import isolate_apps as isolate_apps
    from .callbacks import capture_on_commit_callbacks as capture_on_commit_callbacks
    from .overrides import override_settings as override_settings
    from .queries import CaptureQueries as CaptureQueries
    from .queries import CaptureQueriesContext as CaptureQueriesContext
    from .queries import assert_num_queries as assert_num_queries
    from .queries import capture_queries as capture_queries
else:
    from raystack.lazy import lazy_names

    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "CaptureQueries": "queries",
            "CaptureQueriesContext": "queries",
            "assert_num_queries": "queries",
            "capture_on_commit_callbacks": "callbacks",
            "capture_queries": "queries",
            "isolate_apps": ".registry",
            "override_settings": "overrides",
        },
    )
