"""The kernel's own checks, and those of plugins."""

from typing import Any

import pytest
from workshop import Workshop

from raystack import CheckMessage, Kernel, Level, use_kernel
from raystack.checks.run import has_errors, run_checks

ROUTER = """
from fastapi import APIRouter
router = APIRouter()
"""


def findings(deploy: bool = False, **settings: Any) -> list[CheckMessage]:
    """Run the checks on the project around."""
    kernel = Kernel(settings=settings)
    with use_kernel(kernel):
        kernel.setup()
        return run_checks(kernel, deploy=deploy)


def of(messages: list[CheckMessage], check_id: str) -> list[str]:
    """Pick the messages of an id."""
    return [message.message for message in messages if message.id == check_id]


def plugin_with_routes(workshop: Workshop, name: str, routes: str) -> None:
    """Install a plugin with these routes."""
    package = name.replace("-", "_")
    workshop.distribution(
        name,
        "from raystack import hookimpl\n@hookimpl\ndef raystack_routers(settings):\n"
        f"    from {package}.urls import router\n    return [router]\n",
    )
    (workshop.site / package / "urls.py").write_text(ROUTER + routes)


def test_a_healthy_project_has_no_errors(workshop: Workshop) -> None:
    workshop.project()

    assert not has_errors(findings())


def test_pl_03_a_route_declared_twice_names_both_owners(workshop: Workshop) -> None:
    """Parameters count as wildcards: their names do not tell two paths apart."""
    route = "@router.get('/greet/{%s}')\ndef greet(%s: str): ...\n"
    plugin_with_routes(workshop, "acme-one", route % ("name", "name"))
    plugin_with_routes(workshop, "acme-two", route % ("who", "who"))
    workshop.project()

    assert of(findings(), "urls.E001") == [
        "The route GET /greet/{who} is declared twice: acme_one.urls.greet of acme-one 1.0 "
        "answers, acme_two.urls.greet of acme-two 1.0 never does."
    ]


def test_a_route_hidden_by_an_earlier_one_names_both(workshop: Workshop) -> None:
    workshop.project(
        urls=ROUTER + "@router.get('/posts/{slug}')\ndef post(slug: str): ...\n"
        "@router.get('/posts/new')\ndef new(): ...\n"
    )

    messages = of(findings(), "urls.E002")

    assert messages == [
        "The route GET /posts/new is hidden by /posts/{slug}: config.urls.post of the project "
        "answers, config.urls.new of the project never does."
    ]


def test_other_methods_or_converters_hide_nothing(workshop: Workshop) -> None:
    workshop.project(
        urls=ROUTER + "@router.get('/posts/{pk:int}')\ndef one(pk: int): ...\n"
        "@router.get('/posts/{slug}')\ndef two(slug: str): ...\n"
        "@router.post('/posts/{slug}')\ndef three(slug: str): ...\n"
        "@router.websocket('/posts/{slug}')\nasync def four(slug: str): ...\n"
    )

    assert not has_errors(findings())


def test_a_name_taken_twice_by_two_owners_is_a_warning(workshop: Workshop) -> None:
    plugin_with_routes(workshop, "acme-one", "@router.get('/one')\ndef index(): ...\n")
    plugin_with_routes(workshop, "acme-two", "@router.get('/two')\ndef index(): ...\n")
    workshop.project()

    assert of(findings(), "urls.W003") == [
        'The route name "index" is taken twice: by /one of acme-one 1.0 and by /two of '
        "acme-two 1.0."
    ]


def test_what_plugins_find_is_reported_with_the_gravest_first(workshop: Workshop) -> None:
    workshop.distribution(
        "acme-check",
        "from raystack import hookimpl, CheckMessage, Level\n@hookimpl\n"
        "def raystack_checks(kernel, deploy):\n"
        "    return [CheckMessage(Level.INFO, 'fine', id='acme.I001'),\n"
        "            CheckMessage(Level.CRITICAL, 'burning', id='acme.C001')]\n",
    )
    workshop.project()

    levels = [m.level for m in findings() if m.id.startswith("acme")]

    assert levels == [Level.CRITICAL, Level.INFO]


def test_a_skipped_plugin_is_an_error_of_the_check(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.distribution("acme-broken", "import nowhere_at_all\n")
    workshop.project()

    messages = findings(PLUGIN_ERRORS="skip")

    assert has_errors(messages)
    assert of(messages, "core.E001")[0].startswith("acme-broken 1.0 cannot be imported")


def test_st_02_deployment_checks_find_what_was_planted(workshop: Workshop) -> None:
    workshop.project()

    planted = findings(deploy=True, DEBUG=True, ALLOWED_HOSTS=["*"], TRUSTED_PROXIES=["*"])
    empty = findings(deploy=True)

    assert {m.id for m in planted} >= {
        "security.E001",  # DEBUG
        "security.E002",  # no SECRET_KEY
        "security.E004",  # any host
        "security.E005",  # any proxy
    }
    assert {m.id for m in empty} >= {"security.E002", "security.E003"}  # no hosts at all


def test_pl_05_a_deployment_check_names_plugins_that_nobody_named(workshop: Workshop) -> None:
    workshop.distribution("acme-quiet")
    workshop.project()

    assert of(findings(deploy=True), "security.W006") == [
        'The plugin "acme-quiet" (acme-quiet 1.0) starts because it is installed; no setting names '
        "it."
    ]


def test_a_name_in_the_deny_list_that_means_nothing_is_a_warning(workshop: Workshop) -> None:
    workshop.project()

    assert of(findings(PLUGINS_DISABLED=["helo"]), "core.W002") == [
        'PLUGINS_DISABLED names "helo", which is not installed.'
    ]
