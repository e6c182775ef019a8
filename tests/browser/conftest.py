"""A browser, and the example blog in it: a violation or error on a page fails the test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from blog_project import serving_blog
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright
from requirements import chromium_path

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")  # Playwright's event loop is in the way of other modules' tests
def chromium() -> Iterator[Browser]:
    """Chromium without a window."""
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def blog_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the blog answers."""
    with serving_blog(tmp_path_factory.mktemp("browser")) as server:
        yield server.url


@pytest.fixture
def open_page(chromium: Browser, blog_url: str) -> Iterator[OpenPage]:
    """Open pages of the blog, each as a new visitor; afterwards none may have complained."""
    complaints: list[str] = []
    contexts = []

    def listen(message: ConsoleMessage) -> None:
        # Answers with an error are looked at below: a page itself may be meant to be one.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(f"{message.type}: {message.text}")

    def look_at(answer: Response) -> None:
        if answer.status >= 400 and answer.request.resource_type != "document":
            complaints.append(f"{answer.status}: {answer.url}")

    def open_page(path: str = "/", **options: Any) -> Page:
        context = chromium.new_context(base_url=blog_url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
        page.on("response", look_at)
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
