"""render_template and its siblings."""

import asyncio
import os
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request
from jinja2 import TemplateNotFound, TemplateRuntimeError, UndefinedError
from starlette.testclient import TestClient
from workshop import Workshop

from raystack import Raystack
from raystack_templates import (
    arender_template,
    get_environment,
    render_block,
    render_template,
    render_to_string,
)

MakeSite = Callable[..., Raystack]


def test_a_view_returns_a_rendered_page(workshop: Workshop, make_site: MakeSite) -> None:
    workshop.write("templates/blog/detail.html", "<h1>{{ title }}</h1>")
    app = make_site()

    @app.get("/")
    async def index() -> Any:
        return render_template(
            "blog/detail.html", {"title": "Tea & cake"}, status_code=203, headers={"X-Page": "1"}
        )

    response = TestClient(app).get("/")

    assert (response.status_code, response.text) == (203, "<h1>Tea &amp; cake</h1>")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["x-page"] == "1"


@pytest.mark.parametrize("is_async", [True, False])
def test_the_request_is_known_without_being_handed_over(
    workshop: Workshop, make_site: MakeSite, is_async: bool
) -> None:
    workshop.write("templates/where.html", "{{ request.url.path }} {{ request.state.name }}")
    app = make_site()

    def index(request: Request) -> Any:
        request.state.name = "ann"
        return render_template("where.html")

    async def aindex(request: Request) -> Any:
        request.state.name = "ann"
        return await arender_template("where.html")

    app.get("/here")(aindex if is_async else index)

    assert TestClient(app).get("/here").text == "/here ann"


def test_outside_of_a_request_there_is_none(workshop: Workshop, make_site: MakeSite) -> None:
    """A command renders a mail with the same templates."""
    workshop.write(
        "templates/mail.txt", "Dear {{ name }}{% if request %}, {{ request.url }}{% endif %}"
    )
    make_site()

    assert render_to_string("mail.txt", {"name": "Ann"}) == "Dear Ann"
    assert asyncio.run(arender_template("mail.txt", {"name": "Bob"})).body == b"Dear Bob"


def test_a_request_that_is_handed_over_is_used(workshop: Workshop, make_site: MakeSite) -> None:
    workshop.write("templates/where.html", "{{ request.url.path }}")
    make_site()
    scope = {"type": "http", "path": "/there", "headers": [], "query_string": b""}
    scope |= {"scheme": "http", "server": ("localhost", 80)}

    assert render_to_string("where.html", request=Request(scope)) == "/there"


def test_a_test_client_sees_template_and_context(workshop: Workshop, make_site: MakeSite) -> None:
    workshop.write("templates/page.html", "{{ posts|length }}")
    app = make_site()
    app.get("/")(lambda: render_template("page.html", {"posts": [1, 2]}))

    response: Any = TestClient(app).get("/")

    assert (response.template, response.context) == ("page.html", {"posts": [1, 2]})


EVIL = "<script>alert('1')</script>"
ESCAPED = "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"


@pytest.mark.parametrize(
    "name", ["a.html", "a.txt", "a.html.j2", "a.xml", "a.svg", "a", "mail/subject.txt", "a.js"]
)
def test_xs_06_every_template_escapes_whatever_its_name(
    workshop: Workshop, make_site: MakeSite, name: str
) -> None:
    workshop.write(f"templates/{name}", "{{ evil }}")
    make_site()

    assert render_to_string(name, {"evil": EVIL}) == ESCAPED


def test_xs_06_a_template_from_a_string_escapes_and_so_do_blocks_and_macros(
    workshop: Workshop, make_site: MakeSite
) -> None:
    workshop.write(
        "templates/a.txt",
        "{% macro show(x) %}{{ x }}{% endmacro %}{% block b %}{{ show(evil) }}{% endblock %}",
    )
    make_site()

    assert get_environment().from_string("{{ evil }}").render(evil=EVIL) == ESCAPED
    assert render_block("a.txt", "b", {"evil": EVIL}).body == ESCAPED.encode()


# Blocks ------------------------------------------------------------------------------------------


def test_a_block_is_rendered_alone_with_what_its_template_imports(
    workshop: Workshop, make_site: MakeSite
) -> None:
    workshop.write("templates/macros.html", "{% macro row(x) %}<li>{{ x }}</li>{% endmacro %}")
    workshop.write(
        "templates/base.html",
        "<html>{% block main %}{% endblock %}{% block foot %}foot{% endblock %}</html>",
    )
    workshop.write(
        "templates/list.html",
        """\
        {% extends "base.html" %}
        {% from "macros.html" import row %}
        {% set label = "Posts" %}
        {% block main %}{{ label }}: {% block rows %}
        {%- for x in posts %}{{ row(x) }}{% endfor %}{% endblock %}{% endblock %}
        {% block foot %}my {{ super() }}{% endblock %}
        """,
    )
    app = make_site()
    app.get("/rows")(lambda: render_block("list.html", "rows", {"posts": "ab"}, status_code=201))

    response = TestClient(app).get("/rows")

    assert (response.status_code, response.text) == (201, "<li>a</li><li>b</li>")
    assert render_block("list.html", "main", {"posts": ""}).body == b"Posts: "
    assert render_block("list.html", "foot").body == b"my foot"


def test_a_block_of_the_layout_is_found_through_the_page(
    workshop: Workshop, make_site: MakeSite
) -> None:
    workshop.write("templates/base.html", "{% block nav %}nav of {{ section }}{% endblock %}")
    workshop.write("templates/page.html", '{% extends "base.html" %}')
    make_site()

    assert render_block("page.html", "nav", {"section": "blog"}).body == b"nav of blog"


def test_a_block_knows_what_stands_before_the_first_output(
    workshop: Workshop, make_site: MakeSite
) -> None:
    """To know the rest, the whole page would have to be rendered for one block."""
    workshop.write("templates/base.html", "{{ title }}{% block a %}{% endblock %}")
    for name, text in {
        "before": "{% set x = 1 %}<p>{% block a %}{{ x }}{% endblock %}",
        "after": "<p>{% set x = 1 %}{% block a %}{{ x }}{% endblock %}",
        "extends": "{% extends 'base.html' %}<p>{% set x = 1 %}{% block a %}{{ x }}{% endblock %}",
    }.items():
        workshop.write(f"templates/{name}.html", text)
    make_site()

    assert render_block("before.html", "a").body == b"1"
    assert render_block("extends.html", "a", {"title": "T"}).body == b"1"
    with pytest.raises(UndefinedError, match=r"^'x' is undefined\.$"):
        render_block("after.html", "a")
    with pytest.raises(UndefinedError, match=r"^'title' is undefined\.$"):
        render_block("extends.html", "a")


def test_a_missing_block_is_an_error_with_the_nearest_name(
    workshop: Workshop, make_site: MakeSite
) -> None:
    workshop.write(
        "templates/page.html", "{% block rows %}{% endblock %}{% block foot %}{% endblock %}"
    )
    make_site()

    with pytest.raises(TemplateRuntimeError) as raised:
        render_block("page.html", "row")
    assert str(raised.value) == (
        'The template "page.html" has no block "row". Did you mean "rows"?\n'
        "  Blocks there are: foot, rows."
    )


# Errors ------------------------------------------------------------------------------------------


def test_a_missing_template_says_where_it_was_looked_for(
    workshop: Workshop, make_site: MakeSite
) -> None:
    workshop.app("blog")
    workshop.write("apps/blog/templates/blog/detail.html", "")
    workshop.project("INSTALLED_APPS = ['apps.blog']")
    make_site()

    with pytest.raises(TemplateNotFound) as raised:
        render_template("blog/detial.html")
    root = workshop.root
    assert str(raised.value) == (
        'There is no template "blog/detial.html". Did you mean "blog/detail.html"?\n'
        "  It was looked for in:\n"
        f"    {root}/templates (the project; not there)\n"
        f"    {root}/apps/blog/templates (the app apps.blog)"
    )


@pytest.mark.parametrize("name", ["../settings.py", "/etc/passwd", "a/../../config/settings.py"])
def test_a_name_that_leads_out_of_the_folders_is_a_missing_template(
    workshop: Workshop, make_site: MakeSite, name: str
) -> None:
    workshop.write("templates/settings.py", "")
    workshop.write("templates/include.html", "{% include name ignore missing %}nothing")
    make_site()

    with pytest.raises(TemplateNotFound):
        render_to_string(name)
    assert render_to_string("include.html", {"name": name}) == "nothing"


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ titel }}", "'titel' is undefined. Did you mean \"title\"?"),
        ("{% for x in titel %}{% endfor %}", "'titel' is undefined. Did you mean \"title\"?"),
        ("{{ titel.upper() }}", "'titel' is undefined. Did you mean \"title\"?"),
        *(
            (text, "'titel' is undefined. Did you mean \"title\"?")
            for text in (
                "{{ titel + 'x' }}",
                "{{ 'x' + titel }}",
                "{{ titel - 1 }}",
                "{{ 2 * titel }}",
                "{{ titel / 2 }}",
                "{{ titel // 2 }}",
                "{{ titel % 2 }}",
                "{{ titel ** 2 }}",
                "{{ -titel }}",
                "{{ +titel }}",
                "{{ titel < 1 }}",
                "{{ 1 >= titel }}",
                "{{ titel() }}",
                "{{ titel[0] }}",
                "{{ titel|int }}",
                "{{ titel|float }}",
            )
        ),
        ("{{ nothing_like_it }}", "'nothing_like_it' is undefined."),
        ("{{ 1 in titel }}", "'titel' is undefined. Did you mean \"title\"?"),
        (
            "{{ post.autor }}",
            "'types.SimpleNamespace object' has no attribute 'autor'. Did you mean \"author\"?",
        ),
        ("{{ row.autor }}", "'dict object' has no attribute 'autor'. Did you mean \"author\"?"),
        ("{{ row[7] }}", "dict object has no element 7"),
    ],
)
def test_showing_an_undefined_name_is_an_error_with_and_without_debug(
    workshop: Workshop, make_site: MakeSite, text: str, message: str, debug: bool
) -> None:
    """A page must not differ in production; and no value is in the message."""
    workshop.write("templates/page.html", text)
    make_site(DEBUG=debug)
    context = {"title": "T", "post": SimpleNamespace(author="a"), "row": {"author": "secret"}}

    with pytest.raises(UndefinedError) as raised:
        render_to_string("page.html", context)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{% if user %}yes{% else %}no{% endif %}", "no"),
        ("{{ user or 'nobody' }}", "nobody"),
        ("{{ user|default('nobody') }}", "nobody"),
        ("{{ user is defined }}", "False"),
        ("{{ 'x' if not post.draft }}{{ post.draft == 1 }}", "xFalse"),
    ],
)
def test_asking_for_an_undefined_name_is_no_error(
    workshop: Workshop, make_site: MakeSite, text: str, shown: str
) -> None:
    """As in Django: an optional variable needs no ceremony."""
    workshop.write("templates/page.html", text)
    make_site()

    assert render_to_string("page.html", {"post": {}}) == shown


def test_a_changed_template_is_seen_in_debug_and_kept_in_production(
    workshop: Workshop, make_site: MakeSite
) -> None:
    seen = {}
    for debug in (True, False):
        page = workshop.write("templates/page.html", "old")
        make_site(DEBUG=debug)
        render_to_string("page.html")
        page.write_text("new")
        os.utime(page, (2e9, 2e9))
        seen[debug] = render_to_string("page.html")

    assert seen == {True: "new", False: "old"}
