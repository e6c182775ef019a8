"""raystack startapp: an app in its place, and one entry more in the settings."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli import contents, raystack
from raystack_cli.exceptions import CommandError
from raystack_cli.scaffold.installed_apps import add_app
from raystack_cli.scaffold.root_urls import add_include, include_line


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A new project."""
    raystack("startproject", "shop", cwd=tmp_path)
    return tmp_path / "shop"


def test_an_app_is_written_listed_and_loaded(project: Path) -> None:
    done = raystack("startapp", "orders", cwd=project / "config")

    assert done.code == 0, done.err
    assert (
        'INSTALLED_APPS: list[str] = ["apps.orders"]'
        in (project / "config" / "settings.py").read_text()
    )
    assert done.out.endswith("Its urls are included in config/urls.py, under /orders.\n")
    assert raystack("check", cwd=project).code == 0
    assert "orders:index" in raystack("routes", "/orders", cwd=project).out


def test_urls_that_are_not_understood_are_left_alone_and_told(project: Path) -> None:
    urls = project / "config" / "urls.py"
    urls.write_text(
        "from fastapi import APIRouter\n\n\ndef make():\n    return APIRouter()\n\n\n"
        "for router in [make()]:\n    pass\n"
    )
    before = urls.read_text()

    done = raystack("startapp", "orders", cwd=project)

    assert done.code == 0, done.err
    assert urls.read_text() == before
    assert done.out.endswith(
        "Next: add its urls to config/urls.py:\n"
        '  router.include_router(include("apps.orders.urls", namespace="orders"), '
        'prefix="/orders")\n'
    )


def test_a_list_that_a_variable_sets_is_told(project: Path) -> None:
    """The settings module's own would not count."""
    before = (project / "config" / "settings.py").read_text()
    with (project / ".env").open("a") as dotenv:
        dotenv.write("RAYSTACK_INSTALLED_APPS=core\n")

    done = raystack("startapp", "orders", cwd=project)

    assert done.code == 2
    assert done.err == (
        "Error: INSTALLED_APPS comes from RAYSTACK_INSTALLED_APPS in .env, which wins over the "
        "settings module, so that was left alone. Add apps.orders there.\n"
    )
    assert (project / "config" / "settings.py").read_text() == before


def test_two_apps_are_included_one_after_the_other(project: Path) -> None:
    for name in ("orders", "stock"):
        assert raystack("startapp", name, cwd=project).code == 0

    urls = (project / "config" / "urls.py").read_text()
    assert urls.count("from raystack import include\n") == 1
    assert [line for line in urls.splitlines() if "include_router" in line][-2:] == [
        include_line("apps.orders", "orders"),
        include_line("apps.stock", "stock"),
    ]
    assert raystack("check", cwd=project).out == "No problems.\n"


LINE = include_line("apps.new", "new")
IMPORT = "from raystack import include\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from a import B\nrouter = B()\n", f"from a import B\n{IMPORT}router = B()\n{LINE}\n"),
        (f"{IMPORT}router: R = R()", f"{IMPORT}router: R = R()\n{LINE}\n"),
        ('"""Doc."""\nrouter = R()\n# end\n', f'"""Doc."""\n{IMPORT}router = R()\n# end\n{LINE}\n'),
        (
            "import a\r\nrouter = a.R()\r\n",
            f"import a\r\nfrom raystack import include\r\nrouter = a.R()\r\n{LINE}\r\n",
        ),
        (
            "import typing\nfrom typing import Any\n\nfrom b import R\nfrom z import x\n"
            "\nfrom apps import y\n\nrouter = R()\n",
            f"import typing\nfrom typing import Any\n\nfrom b import R\n{IMPORT}from z import x\n"
            f"\nfrom apps import y\n\nrouter = R()\n{LINE}\n",
        ),
        ("router = R()\nrouter = R()\n", None),
        ("router = R()\ndef include(): ...\n", None),
        ("from a import *\nrouter = R()\n", None),
        ("from a import router\n", None),
        ("if x:\n    router = R()\n", None),
        ("router = (", None),
        ("import a; router = a.R()\n", f"import a; router = a.R()\n{IMPORT}{LINE}\n"),
    ],
)
def test_an_include_is_added_where_that_is_safe(before: str, after: str | None) -> None:
    assert add_include(before, LINE) == after


@pytest.mark.parametrize("name", ["class", "json", "raystack_shop", "my-app", ""])
def test_a_name_that_cannot_work_changes_nothing(project: Path, name: str) -> None:
    before = contents(project)

    assert raystack("startapp", name, cwd=project).code == 2
    assert contents(project) == before


def test_cl_01_an_app_that_is_there_is_not_touched(project: Path) -> None:
    raystack("startapp", "orders", cwd=project)
    before = contents(project)

    done = raystack("startapp", "orders", cwd=project)

    assert (done.code, contents(project)) == (2, before)
    assert 'has the label "orders" already' in done.err


def test_a_computed_list_is_left_alone_and_told(project: Path) -> None:
    settings = project / "config" / "settings.py"
    settings.write_text("EXTRA = []\nINSTALLED_APPS = ['apps.' + x for x in EXTRA]\n")
    before = settings.read_text()

    done = raystack("startapp", "orders", cwd=project)

    assert done.code == 1
    assert settings.read_text() == before
    assert 'Add "apps.orders" to it.' in done.err


def test_outside_of_a_project_it_says_what_it_looked_for(tmp_path: Path) -> None:
    done = raystack("startapp", "orders", cwd=tmp_path)

    assert done.code == 2
    assert f"no manage.py in {tmp_path} or a folder above it" in done.err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("INSTALLED_APPS = []", 'INSTALLED_APPS = ["apps.new"]'),
        ("INSTALLED_APPS = ['a']", "INSTALLED_APPS = ['a', \"apps.new\"]"),
        ("INSTALLED_APPS = ('a',)", "INSTALLED_APPS = ('a', \"apps.new\",)"),
        ("INSTALLED_APPS = ()", 'INSTALLED_APPS = ("apps.new",)'),
        (
            "INSTALLED_APPS = [\n    'a',  # first, always\n]\n",
            "INSTALLED_APPS = [\n    'a',  # first, always\n    \"apps.new\",\n]\n",
        ),
        (
            "INSTALLED_APPS = [\n  'a',\n  'b'  # no comma\n]\n",
            "INSTALLED_APPS = [\n  'a',\n  'b',  # no comma\n  \"apps.new\",\n]\n",
        ),
        (
            "X = 'ü'; INSTALLED_APPS: list[str] = [\r\n\t'ä',\r\n]\r\n",
            "X = 'ü'; INSTALLED_APPS: list[str] = [\r\n\t'ä',\r\n\t\"apps.new\",\r\n]\r\n",
        ),
    ],
)
def test_the_rest_of_the_settings_stays_as_it_is(before: str, after: str) -> None:
    assert add_app(before, "apps.new") == after


@pytest.mark.parametrize(
    "text",
    [
        "INSTALLED_APPS = [*BASE]",
        "INSTALLED_APPS = BASE + ['a']",
        "INSTALLED_APPS = []\nINSTALLED_APPS = ['a']",
        "DEBUG = True",
        "INSTALLED_APPS = [\n    'a'] ; X = ['b',\n]",
    ],
)
def test_what_is_not_understood_is_refused_or_right(text: str) -> None:
    """A list is never mangled: either exactly one entry more, or an error."""
    try:
        changed = add_app(text, "apps.new")
    except CommandError:
        return
    names: dict[str, list[str]] = {}
    exec(changed, names)
    assert names["INSTALLED_APPS"] == ["a", "apps.new"]


names = st.from_regex(r"[a-z_ä]{1,8}", fullmatch=True)


@given(
    st.lists(names, max_size=4),
    st.sampled_from([" ", "\n    ", "\n    # a comment, with, commas\n    "]),
    st.booleans(),
    st.sampled_from(["", "  # ends here", " "]),
)
def test_any_plain_list_gets_exactly_one_entry(
    apps: list[str], gap: str, comma: bool, tail: str
) -> None:
    items = f",{gap}".join(repr(app) for app in apps) + ("," if comma and apps else "")
    text = f"A = 1\nINSTALLED_APPS = [{gap}{items}\n]{tail}\nB = [2]\n"

    found: dict[str, object] = {}
    exec(add_app(text, "apps.new"), found)

    assert found["INSTALLED_APPS"] == [*apps, "apps.new"]
    assert (found["A"], found["B"]) == (1, [2])
