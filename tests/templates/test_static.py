"""Static files: FI-01 and FI-02 of the attack cases."""

import os
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from raw_requests import get
from starlette.testclient import TestClient
from workshop import Workshop

from raystack import Raystack, SettingsError
from raystack_templates import render_template, render_to_string

MakeSite = Callable[..., Raystack]


@pytest.mark.parametrize("debug", [True, False])
def test_files_of_project_apps_and_plugins_are_served_in_that_order(
    workshop: Workshop,
    make_site: MakeSite,
    make_plugin: Callable[..., ModuleType],
    debug: bool,
) -> None:
    workshop.app("blog")
    workshop.project("INSTALLED_APPS = ['apps.blog']")
    for folder, depth in (("plugin", 3), ("apps/blog/static", 2), ("static", 1)):
        for number in range(depth):
            workshop.write(f"{folder}/css/{number}.css", folder)
    plugin = make_plugin("hello", raystack_static_dirs=[workshop.root / "plugin"])
    client = TestClient(make_site(plugin, DEBUG=debug))

    served = [client.get(f"/static/css/{number}.css").text for number in range(3)]

    assert served == ["static", "apps/blog/static", "plugin"]


def test_a_file_comes_with_its_type_and_etag_and_304_afterwards(
    workshop: Workshop, make_site: MakeSite
) -> None:
    workshop.write("static/app.mjs", "export {}")
    client = TestClient(make_site())

    first = client.get("/static/app.mjs")
    again = client.get("/static/app.mjs", headers={"If-None-Match": first.headers["etag"]})
    head = client.head("/static/app.mjs")

    assert first.headers["content-type"] == "text/javascript; charset=utf-8"
    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content, again.headers["etag"]) == (
        304,
        b"",
        first.headers["etag"],
    )
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "9")
    assert client.post("/static/app.mjs").status_code == 405


def test_a_changed_file_is_served_at_once(workshop: Workshop, make_site: MakeSite) -> None:
    client = TestClient(make_site(DEBUG=True))
    assert client.get("/static/late.css").status_code == 404

    workshop.write("static/late.css", "a{}")
    first = client.get("/static/late.css")
    workshop.write("static/late.css", "b{color:red}")
    second = client.get("/static/late.css", headers={"If-None-Match": first.headers["etag"]})

    assert (first.text, second.text) == ("a{}", "b{color:red}")


def test_a_route_for_every_path_does_not_hide_them(workshop: Workshop, make_site: MakeSite) -> None:
    workshop.write("static/a.css", "a{}")
    workshop.project(
        urls="""
        from fastapi import APIRouter
        router = APIRouter()
        @router.get("/{path:path}")
        async def page(path: str) -> str:
            return path
        """
    )
    client = TestClient(make_site())

    assert client.get("/static/a.css").text == "a{}"
    assert client.get("/static/b.css").status_code == 404
    assert client.get("/about").json() == "about"


@pytest.mark.parametrize(
    "path",
    [
        b"../config/settings.py",
        b"%2e%2e/config/settings.py",
        b"..%2fconfig/settings.py",
        b"..%5cconfig%5csettings.py",
        b"css/../../config/settings.py",
        b"/etc/passwd",
        b"%2fetc%2fpasswd",
        b"//etc/passwd",
        b"a.css%00",
        b"%00",
        b"../static-private/secret.txt",
        b"link-out.txt",
        b"folder-out/secret.txt",
        b"css",
        b"css/",
        b"",
        b"a" * 5000,
        b"a/" * 2500,
        b"a.css/x",
        b"%ff%fe",
    ],
)
def test_fi_01_nothing_outside_of_the_folders_is_served(
    workshop: Workshop, make_site: MakeSite, path: bytes
) -> None:
    workshop.write("static/css/a.css", "a{}")
    workshop.write("static/a.css", "a{}")
    workshop.write("static-private/secret.txt", "secret")
    (workshop.root / "static/link-out.txt").symlink_to(workshop.root / "static-private/secret.txt")
    (workshop.root / "static/folder-out").symlink_to(workshop.root / "static-private")

    assert get(make_site(), b"/static/" + path).status == 404


def test_fi_01_what_the_server_may_not_read_is_not_there(
    workshop: Workshop, make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's answers are put into its mouth: root may read whatever there is."""
    for path in ("unreadable.css", "unreadable-folder/x.css"):
        workshop.write(f"static/{path}", "a{}")
    real_stat, real_access = os.stat, os.access

    def stat(path: Any, **options: Any) -> os.stat_result:
        if str(path).endswith("unreadable-folder/x.css"):
            raise PermissionError(path)
        return real_stat(path, **options)

    def access(path: Any, mode: int, **options: Any) -> bool:
        return not str(path).endswith("unreadable.css") and real_access(path, mode, **options)

    site = make_site()
    assert get(site, b"/static/unreadable.css").status == 200
    monkeypatch.setattr(os, "stat", stat)
    monkeypatch.setattr(os, "access", access)

    assert get(site, b"/static/unreadable.css").status == 404
    assert get(site, b"/static/unreadable-folder/x.css").status == 404


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".git/config",
        "css/.htaccess",
        ".well-known/x",
        "link-to-env",
        "link-to-git/config",
        "./.env",
        "css/../.env",
    ],
)
def test_fi_02_dotfiles_are_not_served(workshop: Workshop, make_site: MakeSite, path: str) -> None:
    for name in (".env", ".git/config", "css/.htaccess", ".well-known/x"):
        workshop.write(f"static/{name}", "secret")
    (workshop.root / "static/link-to-env").symlink_to(workshop.root / "static/.env")
    (workshop.root / "static/link-to-git").symlink_to(workshop.root / "static/.git")

    assert get(make_site(), f"/static/{path}".encode()).status == 404


# Addresses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{% static 'css/style.css' %}", "/static/css/style.css"),
        ('{% static "css/" ~ theme ~ ".css" %}', "/static/css/dark &amp; deep.css"),
        ("{% static files[0] %}", "/static/a.js"),
        ("{{ static('css/style.css') }}", "/static/css/style.css"),
        ("{% set u = static('a.js') %}{{ u }}", "/static/a.js"),
        ("{{ static('caf\u00e9 menu.pdf') }}", "/static/caf%C3%A9%20menu.pdf"),
        ("{{ static('a?b#c.js') }}", "/static/a%3Fb%23c.js"),
        ("{% static '\"><script>' %}", "/static/%22%3E%3Cscript%3E"),
    ],
)
def test_static_gives_the_address(
    workshop: Workshop, make_site: MakeSite, text: str, shown: str
) -> None:
    workshop.write("templates/page.html", text)
    make_site()

    rendered = render_to_string("page.html", {"theme": "dark & deep", "files": ["a.js"]})
    assert rendered == shown.replace("dark &amp; deep", "dark%20&amp;%20deep")


def test_a_path_with_a_leading_slash_is_an_error(workshop: Workshop, make_site: MakeSite) -> None:
    workshop.write("templates/page.html", "{% static '/css/style.css' %}")
    make_site()

    with pytest.raises(ValueError, match="starts without a slash"):
        render_to_string("page.html")


def test_addresses_stand_below_the_root_path(workshop: Workshop, make_site: MakeSite) -> None:
    workshop.write("templates/page.html", "{% static 'a.css' %}")
    workshop.write("static/a.css", "a{}")
    app = make_site()
    app.get("/")(lambda: render_template("page.html"))
    client = TestClient(app, root_path="/shop")

    assert client.get("/").text == "/shop/static/a.css"
    assert client.get("/shop/static/a.css").text == "a{}"


def test_another_server_may_have_them(workshop: Workshop, make_site: MakeSite) -> None:
    workshop.write("templates/page.html", "{% static 'a.css' %}")
    workshop.write("static/a.css", "a{}")
    app = make_site(STATIC_URL="https://cdn.example.com/shop/")

    assert render_to_string("page.html") == "https://cdn.example.com/shop/a.css"
    assert TestClient(app).get("/static/a.css").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "static/",
        "/static",
        "/",
        "",
        "/st atic/",
        "ftp://x/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "https:///static/",
    ],
)
def test_an_address_that_cannot_work_is_refused(make_site: MakeSite, url: str) -> None:
    """``//evil.example/`` would be mounted here, and browsers would ask another server."""
    with pytest.raises(SettingsError, match="STATIC_URL"):
        make_site(STATIC_URL=url)
