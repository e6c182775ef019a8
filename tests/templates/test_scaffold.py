"""What new projects and apps get, rendered as the command line does."""

from collections.abc import Callable
from importlib import import_module

from jinja2 import Environment
from starlette.testclient import TestClient
from workshop import Workshop

from raystack import Raystack
from raystack_templates.plugin import raystack_startapp, raystack_startproject


def test_a_new_projects_and_apps_pages_work(
    workshop: Workshop, make_site: Callable[..., Raystack]
) -> None:
    """The views that show them come with them."""
    environment = Environment(autoescape=False)
    values = {"name": "blog", "title": "My Blog", "package": "apps.blog"}
    scaffolds = [(raystack_startproject(), ""), (raystack_startapp(), "apps/blog/")]
    for scaffold, folder in scaffolds:
        for path, text in scaffold.files.items():
            path, text = (environment.from_string(part).render(values) for part in (path, text))
            workshop.write(folder + path, text)
    urls = (workshop.root / "config" / "urls.py").read_text()
    workshop.app("blog")
    workshop.project("INSTALLED_APPS = ['apps.blog']", urls)
    app = make_site()
    app.get("/blog")(import_module("apps.blog.views").index)
    client = TestClient(app)

    page, app_page = client.get("/").text, client.get("/blog").text

    assert '<p class="lede">It works.' in page
    for text in (page, app_page):
        assert "<title>My Blog</title>" in text
        assert "<h1>My Blog</h1>" in text
    assert '<link rel="stylesheet" href="/static/css/style.css">' in page
    assert client.get("/static/favicon.svg").headers["content-type"] == "image/svg+xml"
    assert "prefers-color-scheme: dark" in client.get("/static/css/style.css").text
