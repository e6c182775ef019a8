"""Every code block of the documentation and the READMEs is run, in order, page by page.

The examples' READMEs need what they are about: tests/middleware/test_example_plugin.py and
tests/integration/test_blog_project.py run them.
"""

import configparser
from pathlib import Path

import pytest
from code_blocks import Block, Reader, blocks_of

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("README.md"),
        *ROOT.glob("raystack-*/README.md"),
        *ROOT.glob("benchmarks/README.md"),
    ]
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_code_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path)

    for block in blocks_of(page):
        reader.follow(block)


@pytest.mark.parametrize(
    ("language", "text", "why"),
    [
        ("console", "pip install raystack\n", "no line begins with '\\$ ', so nothing would run"),
        ("console", "Hello\n$ echo Hello\n", "no command prints 'Hello"),
        ("console", "$ echo Hello\nGoodbye\n", "echo Hello\nHello"),
        ("console", "$ echo Hello && exit 1\nHello\n", "exit 1\nHello"),
        ("console", "$ pip install --help && ls\n", "tests install nothing"),
        ("python", "1 / 0\n", "ZeroDivisionError"),
        ("python", "# app/urls.py\n1 +\n", "invalid syntax"),
        ("toml", "name = \n", "Invalid value"),
        ("ini", "name\n", "no section headers"),
        ("html", "<p>\n", "nobody can check a block of 'html'"),
        ("", "anything\n", "nobody can check a block of ''"),
    ],
)
def test_a_block_that_is_wrong_or_cannot_be_checked_fails(
    tmp_path: Path, language: str, text: str, why: str
) -> None:
    """What is in no page now may be tomorrow."""
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n```{language}\n{text}```\n\n```{{toctree}}\nother\n```\n")
    [block] = blocks_of(page)

    with pytest.raises((AssertionError, SyntaxError, ValueError, configparser.Error), match=why):
        Reader(tmp_path).follow(block)

    assert block == Block(language, text, 3)
