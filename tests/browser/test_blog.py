"""The example blog as a visitor meets it: by mouse, by keyboard, on a phone, in the dark.

The fixture ``open_page`` fails a test whose pages violate their Content Security Policy or report
an error.
"""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]

PATHS = [
    "/",
    "/?page=3",
    "/tags",
    "/tags/web",
    "/authors",
    "/authors/kenji-morimoto",
    "/search",
    "/search?q=onion",
    "/search?q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
    "/posts/why-script-alert-is-a-fine-title",
    "/posts/a-very-long-title",
    "/posts/uberfahrt",
    "/posts/reading-an-explain-plan",
    "/posts/the-slug-truce",
    "/posts/hello",
]


def test_a_visitor_reads_from_the_list_to_a_post(open_page: OpenPage) -> None:
    """The list leads to a post, the post to its tag and its author."""
    page = open_page()
    expect(page).to_have_title("The Long Table")
    expect(page.get_by_role("article")).to_have_count(13)

    page.get_by_role("link", name="Forms that forgive").click()
    expect(page).to_have_title("Forms that forgive · The Long Table")
    expect(page.get_by_role("heading", level=1)).to_have_text("Forms that forgive")
    expect(page.get_by_role("heading", name="5 comments")).to_be_visible()

    page.get_by_role("article").get_by_role("link", name="Accessibility").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Accessibility")
    page.get_by_role("link", name="Amara Okafor").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Amara Okafor")


def test_a_card_is_a_link_as_a_whole(open_page: OpenPage) -> None:
    """A click beside the title opens the post; a click on a tag opens the tag."""
    page = open_page()
    card = page.get_by_role("article").filter(has_text="Sourdough in a cold kitchen")

    card.get_by_role("link", name="Bread", exact=True).click()
    expect(page).to_have_url(re.compile("/tags/bread$"))
    page.go_back()
    card.click(position={"x": 12, "y": 12})
    expect(page).to_have_url(re.compile("/posts/sourdough-in-a-cold-kitchen$"))


def test_pages_lead_to_older_posts_and_back(open_page: OpenPage) -> None:
    """Older and Newer turn the pages; the current one is marked."""
    page = open_page()
    pages = page.get_by_role("navigation", name="Pages")

    pages.get_by_role("link", name="Older").click()
    expect(pages.get_by_role("link", name="Page 2")).to_have_attribute("aria-current", "page")
    pages.get_by_role("link", name="Page 5").click()
    expect(page.get_by_role("heading", name="Hello", exact=True)).to_be_visible()
    expect(pages.get_by_role("link", name="Older")).to_have_count(0)
    pages.get_by_role("link", name="Newer").click()
    expect(page).to_have_url(re.compile(r"\?page=4$"))


def test_a_visitor_searches(open_page: OpenPage) -> None:
    """From the field in the header to results with marked words, and to a post."""
    page = open_page()
    page.get_by_role("searchbox", name="Search posts").fill("night train")
    page.get_by_role("button", name="Search").click()

    expect(page.locator("mark").first).to_have_text(re.compile("night train", re.IGNORECASE))
    page.get_by_role("link", name="The night train to Vienna").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The night train to Vienna")


def test_a_visitor_comments_after_a_mistake(open_page: OpenPage) -> None:
    """The server's errors are tied to the fields; what was typed is there; then it is posted."""
    page = open_page("/posts/hello")
    email = page.get_by_label("E-mail")
    page.get_by_label("Name").fill("Zoë <b>Test</b>")
    email.fill("zoe")
    page.get_by_label("Comment", exact=True).fill("First!\nAnd a second line.")
    page.get_by_role("button", name="Post comment").click()

    expect(page.get_by_role("alert")).to_contain_text("One thing is not right yet.")
    expect(email).to_have_accessible_description(
        "This e-mail address is not complete: name@example.org."
    )
    expect(page.get_by_label("Name")).to_have_value("Zoë <b>Test</b>")
    expect(page.get_by_label("Comment", exact=True)).to_have_value("First!\nAnd a second line.")
    page.get_by_role("alert").get_by_role("link").click()
    expect(email).to_be_focused()

    email.fill("zoe@example.org")
    page.get_by_role("button", name="Post comment").click()
    expect(page).to_have_url(re.compile("/posts/hello#comments$"))
    expect(page.get_by_role("status")).to_have_text(
        "Thank you, Zoë <b>Test</b>. Your comment is below."
    )
    expect(page.get_by_text("And a second line.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("status")).to_have_count(0)
    expect(page.get_by_role("heading", name="1 comment")).to_be_visible()


def test_the_keyboard_is_enough(open_page: OpenPage) -> None:
    """The skip link comes first and jumps over the navigation; Enter opens the first post."""
    page = open_page()

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Forms that forgive")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Forms that forgive")


def test_what_has_the_focus_is_seen_to_have_it(open_page: OpenPage) -> None:
    """Each stop of the Tab key through the header and the form shows an outline."""
    page = open_page("/posts/hello")
    for _ in range(25):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
                const element = document.activeElement;
                const style = getComputedStyle(element);
                return [element.tagName, style.outlineStyle, parseFloat(style.outlineWidth)];
            }"""
        )
        assert seen[0] == "BODY" or (seen[1] == "solid" and seen[2] >= 2), seen


@pytest.mark.parametrize("width", [320, 375, 768])
def test_nothing_is_wider_than_the_window(open_page: OpenPage, width: int) -> None:
    """From 320 pixels up no page scrolls sideways."""
    page = open_page("/", viewport={"width": width, "height": 700})
    for path in PATHS:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_phone_has_room_for_fingers(open_page: OpenPage) -> None:
    """What is tapped most is at least 24 pixels high (WCAG 2.2, 2.5.8)."""
    page = open_page("/", viewport={"width": 375, "height": 700}, has_touch=True)
    for link in page.locator("header.site a, header.site button, .pages a, .tags a").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 24, link.text_content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_in_light_and_dark(open_page: OpenPage, scheme: str) -> None:
    """Text and background keep a contrast of 4.5 to 1 (WCAG 2.2, 1.4.3), on every page."""
    page = open_page("/", color_scheme=scheme)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", background))) < 384) == (scheme == "dark")

    for path in PATHS:
        page.goto(path)
        assert page.evaluate(LOW_CONTRAST) == [], path


# Text whose contrast is too low for its size, as "text (ratio)".
LOW_CONTRAST = """() => {
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const rgba = colour => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return canvas.getImageData(0, 0, 1, 1).data;
    };
    const luminance = ([r, g, b]) => [r, g, b]
        .map(c => c / 255)
        .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = element => {
        for (let e = element; e; e = e.parentElement) {
            const colour = rgba(getComputedStyle(e).backgroundColor);
            if (colour[3] === 255) return colour;
        }
        return [255, 255, 255, 255];
    };
    const low = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim();
        const element = walker.currentNode.parentElement;
        if (!text || !element.checkVisibility() || element.closest("[aria-hidden=true]")) continue;
        const style = getComputedStyle(element);
        const [a, b] = [rgba(style.color), behind(element)].map(luminance);
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) low.push(`${text} (${ratio})`);
    }
    return low;
}"""


def test_pages_have_one_heading_and_landmarks(open_page: OpenPage) -> None:
    """Semantic HTML: one h1, no level left out, one main; each field has a label."""
    page = open_page()
    for path in PATHS:
        page.goto(path)
        levels = page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))"
        )
        assert levels.count(1) == 1, path
        assert levels[0] == 1, path
        assert all(b - a <= 1 for a, b in pairwise(levels)), (path, levels)
        assert page.get_by_role("main").count() == 1
        assert page.evaluate(
            "[...document.querySelectorAll('input, textarea')].every(f => f.labels.length == 1)"
        ), path
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids)), path


def test_a_wrong_address_shows_a_way_back(open_page: OpenPage) -> None:
    """The 404 page is part of the site."""
    page = open_page("/nowhere")

    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not on the table")
    page.get_by_role("link", name="To the posts").click()
    expect(page).to_have_title("The Long Table")


def test_the_page_is_the_same_without_scripts(open_page: OpenPage) -> None:
    """Nothing here needs JavaScript."""
    page = open_page("/posts/measure-first", java_script_enabled=False)

    page.get_by_label("Name").fill("Plain")
    page.get_by_label("E-mail").fill("plain@example.org")
    page.get_by_label("Comment", exact=True).fill("No script was needed.")
    page.get_by_role("button", name="Post comment").click()

    expect(page.get_by_text("No script was needed.")).to_be_visible()
