"""What new projects and apps get, rendered as the command line does."""

from collections.abc import Callable

from jinja2 import Environment
from starlette.testclient import TestClient
from workshop import Workshop

from raystack import Raystack
from raystack_templates import render_template
from raystack_templates.plugin import raystack_startapp, raystack_startproject


def test_a_new_projects_and_apps_pages_work(
    workshop: Workshop, make_site: Callable[..., Raystack]
) -> None:
    environment = Environment(autoescape=False)
    values = {"name": "blog", "title": "My Blog", "package": "apps.blog"}
    scaffolds = [(raystack_startproject(), ""), (raystack_startapp(), "apps/blog/")]
    for scaffold, folder in scaffolds:
        for path, text in scaffold.files.items():
            path, text = (environment.from_string(part).render(values) for part in (path, text))
            workshop.write(folder + path, text)
    workshop.app("blog")
    workshop.project("INSTALLED_APPS = ['apps.blog']")
    app = make_site()
    app.get("/")(lambda: render_template("blog/index.html"))
    client = TestClient(app)

    page = client.get("/").text

    assert "<title>My Blog</title>" in page
    assert "<h1>My Blog</h1>" in page
    assert '<link rel="stylesheet" href="/static/css/style.css">' in page
    assert client.get("/static/favicon.svg").headers["content-type"] == "image/svg+xml"
    assert "prefers-color-scheme: dark" in client.get("/static/css/style.css").text
