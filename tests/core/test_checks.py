"""The kernel's own checks, and those of plugins."""

from typing import Any

import pytest
from workshop import Workshop

import raystack_orm.checks
import raystack_orm.tables
from raystack import CheckMessage, Kernel, Level, Raystack, use_kernel
from raystack.checks.run import has_errors, run_checks
from raystack_orm.registry import Registry

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


@pytest.fixture
def no_other_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests of this process have models, whose mistakes are none of this project's."""
    registry = Registry({})
    for module in (raystack_orm.checks, raystack_orm.tables):
        monkeypatch.setattr(module, "apps", registry)


@pytest.mark.usefixtures("no_other_models")
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


@pytest.mark.usefixtures("no_other_models")
def test_other_methods_or_converters_hide_nothing(workshop: Workshop) -> None:
    workshop.project(
        urls=ROUTER + "@router.get('/posts/{pk:int}')\ndef one(pk: int): ...\n"
        "@router.get('/posts/{slug}')\ndef two(slug: str): ...\n"
        "@router.post('/posts/{slug}')\ndef three(slug: str): ...\n"
        "@router.websocket('/posts/{slug}')\nasync def four(slug: str): ...\n"
    )

    assert not has_errors(findings())


SLUG = """
from starlette.convertors import Convertor, register_url_convertor

class Letters(Convertor):
    regex = "[g-z]+"
    def convert(self, value): return value
    def to_string(self, value): return value

register_url_convertor("letters", Letters())
"""


def test_a_projects_own_converter_tells_paths_apart_by_what_it_takes(workshop: Workshop) -> None:
    """No sample fits ``[g-z]+``: the comparison needs none."""
    workshop.project(
        urls=ROUTER + SLUG + "@router.get('/tags/{tag:letters}')\ndef one(tag: str): ...\n"
        "@router.get('/tags/{name:letters}')\ndef two(name: str): ...\n"
        "@router.get('/tags/{other}')\ndef three(other: str): ...\n"
    )

    messages = findings()

    assert of(messages, "urls.E001") == [
        "The route GET /tags/{name:letters} is declared twice: config.urls.one of the project "
        "answers, config.urls.two of the project never does."
    ]
    assert not of(messages, "urls.E002")


def test_the_wider_converter_first_hides_the_narrower(workshop: Workshop) -> None:
    workshop.project(
        urls=ROUTER + "@router.get('/item/{slug}')\ndef wide(slug: str): ...\n"
        "@router.get('/item/{pk:int}')\ndef narrow(pk: int): ...\n"
    )

    assert of(findings(), "urls.E002") == [
        "The route GET /item/{pk:int} is hidden by /item/{slug}: config.urls.wide of the project "
        "answers, config.urls.narrow of the project never does."
    ]


def test_the_same_path_but_for_converters_is_a_warning_between_owners(workshop: Workshop) -> None:
    """Within one owner the narrower first is how Django's urls are written."""
    narrow = "@router.get('/item/{pk:int}')\ndef narrow(pk: int): ...\n"
    wide = "@router.api_route('/item/{slug}', methods=['GET', 'PUT'])\ndef wide(slug: str): ...\n"
    plugin_with_routes(workshop, "acme-one", narrow)
    plugin_with_routes(workshop, "acme-two", wide)
    workshop.project(urls=ROUTER + (narrow + wide).replace("item", "own"))

    messages = [m for m in findings() if m.id in {"urls.E001", "urls.E002", "urls.W004"}]

    assert [(m.id, m.message, m.hint) for m in messages] == [
        (
            "urls.W004",
            "The routes GET /item/{pk:int} of acme-one 1.0 and GET /item/{slug} of acme-two 1.0 "
            "have the same path but for the converters of their parameters.",
            "Where both match, the first one answers. Change one of the paths.",
        )
    ]


def test_a_mount_that_an_earlier_route_hides_is_reported(workshop: Workshop) -> None:
    workshop.project(
        urls=ROUTER
        + "from starlette.routing import Mount\nfrom starlette.staticfiles import StaticFiles\n"
        "files = StaticFiles(directory='.')\n"
        "router.routes.append(Mount('/open', files))\n"
        "@router.get('/{path:path}')\ndef page(path: str): ...\n"
        "router.routes.append(Mount('/files', files))\n"
        "router.routes.append(Mount('/open', files))\n"
    )

    messages = findings()

    assert of(messages, "urls.E001") == [
        "The route /open is declared twice: starlette.staticfiles.StaticFiles of raystack-core "
        "answers, starlette.staticfiles.StaticFiles of raystack-core never does."
    ]
    assert of(messages, "urls.E002") == [
        "The route GET /files is hidden by /{path:path}: config.urls.page of the project answers, "
        "starlette.staticfiles.StaticFiles of raystack-core never does."
    ]


def test_the_checks_look_at_the_kernel_they_are_given(workshop: Workshop) -> None:
    """Whichever kernel is active."""
    workshop.project()
    given, active = Kernel(), Kernel(discover=False)
    given.setup()
    Raystack(given).get("/new")(print)
    given.application.get("/new")(print)  # type: ignore[union-attr]  # made above

    with use_kernel(active):
        messages = run_checks(given)

    assert [m.id for m in messages if m.id.startswith("urls.")] == ["urls.E001"]
    assert active.application is None


def test_a_plugin_that_the_build_leaves_out_is_reported(workshop: Workshop) -> None:
    workshop.distribution(
        "acme-late",
        "from raystack import hookimpl\n@hookimpl\ndef raystack_routers(settings): 1 / 0\n",
    )
    workshop.project()

    assert of(findings(PLUGIN_ERRORS="skip"), "core.E001") == [
        "acme-late 1.0 failed in the hook raystack_routers: ZeroDivisionError division by zero."
    ]


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
