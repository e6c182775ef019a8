"""Every code block of the documentation and the READMEs is run, in order, page by page."""

from pathlib import Path

import pytest
from code_blocks import Reader, blocks_of

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
