"""Text for readers: bodies taken apart into blocks, matches marked, dates and times spelt out.

Nothing here makes HTML by joining strings: blocks and parts go to the template, which escapes
them. The one exception, ``highlight``, escapes each piece itself.
"""

import math
import re
import textwrap
from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple

from markupsafe import Markup, escape

WORDS_PER_MINUTE = 200
SNIPPET_LENGTH = 220

INLINE = re.compile(r"`([^`\n]+)`|\*\*([^*\n]+)\*\*|\*(?!\s)([^*\n]+)(?<!\s)\*")


class Part(NamedTuple):
    """A piece of a line."""

    kind: Literal["text", "code", "strong", "em"]
    text: str


class Block(NamedTuple):
    """A paragraph, a heading, some code, or a list; ``items`` has one entry but for a list."""

    kind: Literal["paragraph", "heading", "code", "list"]
    items: list[list[Part]]


def blocks(body: str) -> list[Block]:
    """Take a post's body apart.

    Blank lines separate blocks. ``## `` begins a heading, ``- `` an entry of a list, and three
    backticks stand before and after code. Inside of a line there are backticks for code, one
    asterisk for emphasis and two for strong emphasis. Everything else is text.
    """
    found = []
    for index, chunk in enumerate(re.split(r"^```[ \t]*$\n?", body, flags=re.MULTILINE)):
        if index % 2:
            found.append(Block("code", [[Part("text", chunk.rstrip("\n"))]]))
        else:
            found += [_block(text) for text in re.split(r"\n[ \t]*\n", chunk) if text.strip()]
    return found


def _block(text: str) -> Block:
    lines = text.strip().splitlines()
    if lines[0].startswith("## "):
        return Block("heading", [inline(" ".join(lines).removeprefix("## "))])
    if all(line.startswith("- ") for line in lines):
        return Block("list", [inline(line.removeprefix("- ")) for line in lines])
    return Block("paragraph", [inline("\n".join(lines))])


def inline(text: str) -> list[Part]:
    """Take a line apart into text, code and emphasis."""
    return list(_parts(text))


def _parts(text: str) -> Iterator[Part]:
    end = 0
    for match in INLINE.finditer(text):
        if match.start() > end:
            yield Part("text", text[end : match.start()])
        code, strong, em = match.groups()
        if code is not None:
            yield Part("code", code)
        elif strong is not None:
            yield Part("strong", strong)
        else:
            yield Part("em", em)
        end = match.end()
    if end < len(text):
        yield Part("text", text[end:])


def reading_minutes(body: str) -> int:
    """Return how long reading takes, in minutes; at least one."""
    return max(1, math.ceil(len(body.split()) / WORDS_PER_MINUTE))


def long_date(moment: datetime) -> str:
    """Spell a date out: ``7 July 2024``."""
    return f"{moment.day} {moment:%B %Y}"


def initials(name: str) -> str:
    """Return the first letters of a name's first two words: ``IL`` for Ida Lindqvist."""
    words = [word for word in re.split(r"[\s(]+", name) if word[:1].isalpha()]
    return "".join(word[0] for word in words[:2]).upper()


def highlight(text: str, words: str) -> Markup:
    """Escape a text and wrap what was searched for in ``<mark>``, in any case."""
    needle = words.strip()
    if not needle:
        return escape(text)
    pieces = re.split(f"({re.escape(needle)})", text, flags=re.IGNORECASE)
    marked = (
        Markup("<mark>{}</mark>").format(piece) if index % 2 else escape(piece)
        for index, piece in enumerate(pieces)
    )
    return Markup("").join(marked)


def snippet(body: str, words: str) -> str:
    """Return the part of a body around the first place that has what was searched for."""
    plain = " ".join(re.sub(r"^(?:## |- |```)", "", body, flags=re.MULTILINE).split())
    found = re.search(re.escape(words.strip()), plain, flags=re.IGNORECASE)
    start = max(0, found.start() - SNIPPET_LENGTH // 3) if found else 0
    if start:
        start = plain.find(" ", start) + 1
    shown = textwrap.shorten(plain[start:], SNIPPET_LENGTH, placeholder=" …")
    return f"… {shown}" if start else shown
