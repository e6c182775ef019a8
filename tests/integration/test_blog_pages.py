"""The pages of the example blog, on a real server with its seed."""

import html
import re
from collections.abc import Iterator

import httpx2
import pytest
from blog_project import serving_blog, serving_blog_on


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def blog(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx2.Client]:
    with (
        serving_blog_on(request.param, tmp_path_factory.mktemp("pages")) as server,
        httpx2.Client(base_url=server.url) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def empty_blog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    with (
        serving_blog(tmp_path_factory.mktemp("empty"), filled=False) as server,
        httpx2.Client(base_url=server.url) as client,
    ):
        yield client


def titles(page: httpx2.Response) -> list[str]:
    """Return the titles of the posts in a list or in search results."""
    found = re.findall(r'<h2><a href="[^"]*/posts/[^"]+">(.*?)</a></h2>', page.text)
    return [html.unescape(re.sub("</?mark>", "", title)) for title in found]


def test_the_list_shows_the_newest_posts_first(blog: httpx2.Client) -> None:
    """The front page begins with what was published last, with its author and tags."""
    page = blog.get("/")

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert len(titles(page)) == 13
    assert titles(page)[:3] == [
        "Forms that forgive",
        "The index you did not need",
        "Sourdough in a cold kitchen",
    ]
    assert 'href="/authors/amara-okafor">Amara Okafor</a>' in page.text
    assert 'href="/tags/accessibility">Accessibility</a>' in page.text
    assert '<time datetime="2026-11-15T09:30:00+00:00">15 November 2026</time>' in page.text


def test_all_pages_together_show_each_post_once(blog: httpx2.Client) -> None:
    """Pagination leaves nothing out and shows nothing twice."""
    shown = [title for number in range(1, 6) for title in titles(blog.get(f"/?page={number}"))]

    assert len(shown) == len(set(shown)) == 62
    assert shown[-1] == "Hello"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("0", 1),
        ("-3", 1),
        ("", 1),
        ("two", 1),
        ("٣", 1),
        ("1_0", 1),
        ("2", 2),
        ("6", 5),
        (str(10**18), 5),
        ("9" * 5000, 5),
        ("2.0", 1),
        ("\"'><script>", 1),
    ],
)
def test_any_page_number_gives_the_nearest_page(
    blog: httpx2.Client, asked: str, shown: int
) -> None:
    """RX-04, XS-03: a page's number is clamped; text means the first page; nothing is echoed."""
    page = blog.get("/", params={"page": asked})

    assert page.status_code == 200
    assert re.findall(r'aria-label="Page (\d+)" aria-current="page"', page.text) == [str(shown)]
    assert "<script" not in page.text


def test_a_tag_and_an_author_list_their_posts_alone(blog: httpx2.Client) -> None:
    """A filtered list is the same list with fewer posts."""
    trains = blog.get("/tags/trains")
    nina = blog.get("/authors/nina-petrovic")

    assert titles(trains) == ["The night train to Vienna", "Porto to Lisbon, the slow way"]
    assert "2 posts" in trains.text
    assert len(titles(nina)) == 9
    assert "Writes Python and the tests for it in Novi Sad." in html.unescape(nina.text)


def test_tags_and_authors_are_listed_with_the_number_of_their_posts(blog: httpx2.Client) -> None:
    """The overviews count."""
    tags, authors = blog.get("/tags").text, blog.get("/authors").text

    assert len(re.findall('href="/tags/[a-z]+"', tags)) == 21
    assert "<strong>Web</strong> <span>13 posts</span>" in tags
    assert "<strong>Bread</strong> <span>1 post</span>" in tags
    assert len(re.findall('<h2><a href="/authors/[a-z-]+"', authors)) == 8


def test_a_post_is_shown_whole_with_its_comments(blog: httpx2.Client) -> None:
    """The body's paragraphs, headings, code and lists become elements; comments are in order."""
    page = html.unescape(blog.get("/posts/the-index-you-did-not-need").text)

    assert "<h1>The index you did not need</h1>" in page
    assert "<h2>Before you drop anything</h2>" in page
    assert '<pre tabindex="0"><code>SELECT relname, indexrelname, idx_scan\nFROM' in page
    assert "an index on <code>(customer_id)</code> next to" in page
    assert "<li>Leave unique indexes alone." in page
    assert "5 comments" in page
    names = re.findall(r"<strong>([^<]+)</strong> <a class=\"when\"", page)
    assert names == [
        "Priya Raman",
        "Jonas Weber",
        "Tomasz Wieczorek",
        "Leila Farahani",
        "Callum Reid",
    ]
    assert "priya.raman@example.org" not in page


def test_a_post_leads_to_the_ones_before_and_after(blog: httpx2.Client) -> None:
    """The newest post has none after it, the oldest none before it."""
    newest, oldest = blog.get("/posts/forms-that-forgive").text, blog.get("/posts/hello").text

    assert 'rel="prev" href="/posts/the-index-you-did-not-need"' in newest
    assert 'rel="next"' not in newest
    assert 'rel="next" class="newer" href="/posts/letters-by-hand"' in oldest
    assert 'rel="prev"' not in oldest


@pytest.mark.parametrize(
    "path",
    [
        "/?page=2",
        "/posts/why-script-alert-is-a-fine-title",
        "/tags/testing",
        "/authors/amara-okafor",
        "/search?q=<script>",
    ],
)
def test_xs_01_markup_in_titles_names_and_texts_is_shown_and_not_run(
    blog: httpx2.Client, path: str
) -> None:
    """XS-01: escaped in the list, the detail page, the title and the search results."""
    page = blog.get(path).text

    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page or path == "/?page=2"


def test_the_title_element_of_a_page_is_escaped(blog: httpx2.Client) -> None:
    """XS-01: a post's title is text in ``<title>``, too."""
    page = blog.get("/posts/why-script-alert-is-a-fine-title").text

    title = re.search("<title>(.*)</title>", page)
    assert title is not None
    assert title[1] == (
        "Why &lt;script&gt;alert(&#34;hello&#34;)&lt;/script&gt; is a fine title · The Long Table"
    )


def test_search_finds_words_in_titles_and_texts_in_any_case(blog: httpx2.Client) -> None:
    """The matches are marked in the title and in a piece of the text."""
    page = blog.get("/search", params={"q": "ONION"})

    assert "The patience of onions" in titles(page)
    assert "Locks, explained with a kitchen" in titles(page)
    assert "<mark>onion</mark>s sprouted" in page.text
    assert f"{len(titles(page))} posts have “ONION”" in page.text


def test_search_finds_other_scripts(blog: httpx2.Client) -> None:
    """What is searched for need not be ASCII."""
    assert titles(blog.get("/search", params={"q": "味噌"})) == ["味噌 at home: a year in a jar"]
    assert blog.get("/search", params={"q": "البحر"}).text.count("<mark>البحر</mark>") == 2


def test_long_results_come_in_pages_that_keep_the_words(blog: httpx2.Client) -> None:
    """A link to another page of results has the search in it, encoded."""
    first = blog.get("/search", params={"q": "a"})
    second = blog.get("/search", params={"q": "a", "page": "2"})

    assert 'href="?q=a&amp;page=2"' in first.text or 'href="?q=a&page=2"' in first.text
    assert len(titles(second)) == 12
    assert not set(titles(first)) & set(titles(second))


@pytest.mark.parametrize("words", ["%", "_", "50%_", "\\", "'", "') OR 1=1 --", "%%"])
def test_sq_09_wildcards_and_quotes_are_words_like_any_other(
    blog: httpx2.Client, words: str
) -> None:
    """SQ-09: only posts that really contain the character are found."""
    page = blog.get("/search", params={"q": words})

    assert page.status_code == 200
    every = blog.get("/api/posts", params={"per_page": 100}).json()["items"]
    holding = [p["title"] for p in every if words in p["title"] or words in p["body"]]
    assert titles(page) == holding[:12]


@pytest.mark.parametrize(
    "words", ['"><img src=x onerror=1>', "</title><script>", "' onfocus=x autofocus='"]
)
def test_xs_03_what_was_searched_for_is_escaped(blog: httpx2.Client, words: str) -> None:
    """XS-03, XS-05: in the field, in the text, in the title, and in the links to other pages."""
    page = blog.get("/search", params={"q": words})

    assert page.status_code == 200
    assert words not in page.text
    field = re.search('name="q" maxlength="100" value="([^"]*)"', page.text)
    assert field is not None
    assert html.unescape(field[1]) == words


def test_what_was_searched_for_is_no_template(blog: httpx2.Client) -> None:
    """Text of a visitor is put into a page, and never made one."""
    page = blog.get("/search", params={"q": "{{ 7777*7 }}{% raw %}"}).text

    assert "No post has “{{ 7777*7 }}{% raw %}” in it." in page
    assert "54439" not in page


def test_a_search_for_nothing_offers_some_words(blog: httpx2.Client) -> None:
    """Empty states say what to do."""
    assert "Try <a" in blog.get("/search").text
    assert "Try <a" in blog.get("/search?q=+++").text
    assert "No post has “zeppelin” in it." in blog.get("/search?q=zeppelin").text


def test_a_very_long_search_is_cut(blog: httpx2.Client) -> None:
    """RX-04: ten kilobytes of words are no reason to fail, nor to search for them all."""
    page = blog.get("/search", params={"q": "onion " * 2000})

    assert page.status_code == 200
    assert page.text.count("onion onion") < 100
    assert blog.get("/search?q=%00%ff%0d%0a").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/posts/nowhere",
        "/tags/nowhere",
        "/authors/nowhere",
        "/posts/",
        "/%3Cscript%3E",
        "/posts/..%2f..%2fconfig",
        "/posts/%00",
        "/tags/%00",
        "/authors/a%00b",
        "/static/css/nowhere.css",
    ],
)
def test_an_unknown_address_gets_the_404_page(blog: httpx2.Client, path: str) -> None:
    """XS-09: a page with a way on; nothing of the address is repeated in it."""
    page = blog.get(path, follow_redirects=True)

    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "This page is not on the table" in page.text
    assert "<script" not in page.text


def test_a_wrong_method_gets_a_page_that_says_which_are_right(blog: httpx2.Client) -> None:
    """405 keeps its Allow header."""
    page = blog.delete("/posts/hello")

    assert page.status_code == 405
    assert "GET" in page.headers["allow"]
    assert "Not like this" in page.text


def test_every_page_brings_the_strict_policy_and_no_inline_code(blog: httpx2.Client) -> None:
    """HD-03, XS-10: nothing on a page needs more than the default policy."""
    for path in ("/", "/posts/hello", "/search?q=a", "/tags", "/authors", "/nowhere"):
        page = blog.get(path)

        assert "script-src 'self'" in page.headers["content-security-policy"], path
        assert page.headers["x-content-type-options"] == "nosniff", path
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", page.text), path
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text), path


def test_static_files_are_served(blog: httpx2.Client) -> None:
    """The style sheet and the icon that pages name are there."""
    page = blog.get("/").text
    for path in re.findall('<link rel="[a-z]+" href="([^"]+)"', page):
        assert blog.get(path).status_code == 200, path


def test_the_pages_of_an_empty_blog_say_how_to_fill_it(empty_blog: httpx2.Client) -> None:
    """Empty states: a list without posts is no error."""
    assert "Fill the blog with: python manage.py seed" in empty_blog.get("/").text
    assert "python manage.py seed" in empty_blog.get("/tags").text
    assert "python manage.py seed" in empty_blog.get("/authors").text
    assert "No post has “onion” in it." in empty_blog.get("/search?q=onion").text
    assert empty_blog.get("/?page=7").status_code == 200
    assert empty_blog.get("/api/posts").json()["items"] == []
