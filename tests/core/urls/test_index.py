"""RouteIndex: few candidates, and never one too few."""

from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.convertors import Convertor, register_url_convertor
from starlette.routing import BaseRoute, Mount, Route

from raystack.urls.index import RouteIndex, route_path


async def nothing() -> None:
    """An endpoint."""


def paths_of(found: Any) -> list[str]:
    return [route.path for route in found]


def test_the_number_of_candidates_does_not_grow_with_the_number_of_routes() -> None:
    """Of a thousand routes, each path has the one that it means; an unknown path has none."""
    index = RouteIndex(APIRoute(f"/area{n % 7}/thing{n}/{{item}}", nothing) for n in range(1000))

    assert paths_of(index.candidates("/area0/thing0/7")) == ["/area0/thing0/{item}"]
    assert paths_of(index.candidates("/area5/thing999/7")) == ["/area5/thing999/{item}"]
    assert paths_of(index.candidates("/area5/thing1000/7")) == []
    assert paths_of(index.candidates("/area5/thing999/7/more")) == []


def test_candidates_come_in_declaration_order() -> None:
    """Whether literal, parameter, mount or mixed: the first declared is asked first."""
    declared = ("/a/{x}", "/{x:path}", "/a/b", "/{x}/b", "/a/{x}.json", "/a/b")
    index = RouteIndex(Route(path, nothing) for path in declared)

    assert paths_of(index.candidates("/a/b")) == list(declared)
    assert paths_of(index.candidates("/c/b")) == ["/{x:path}", "/{x}/b"]


def test_a_mount_is_a_candidate_for_all_below_it() -> None:
    """And for nothing beside it."""
    index = RouteIndex(Mount(path, routes=[]) for path in ("/static", "/of/{user}", ""))

    assert paths_of(index.candidates("/static/css/x.css")) == ["/static", ""]
    assert paths_of(index.candidates("/of/ann/")) == ["/of/{user}", ""]
    assert paths_of(index.candidates("/statics")) == [""]


def test_a_path_that_ends_with_a_line_break_finds_what_the_expressions_match() -> None:
    """``$`` matches before it, so the path means "/a", and a parameter with the break too."""
    index = RouteIndex([Route("/a", nothing), Route("/{x}", nothing), Route("/b", nothing)])
    literal = RouteIndex([Route("/a", nothing), Route("/b/c", nothing)])

    assert paths_of(index.candidates("/a\n")) == ["/a", "/{x}"]
    assert paths_of(literal.candidates("/a\n")) == ["/a"]
    assert Route("/a", nothing).path_regex.match("/a\n")


class _Converter(Convertor[str]):
    def __init__(self, regex: str) -> None:
        self.regex = regex  # type: ignore[misc]  # a class attribute elsewhere

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


@pytest.mark.parametrize(
    ("regex", "is_placed"),
    [
        (r"[a-z0-9_-]+", True),
        (r"[\w.-]+", True),
        (r"\d{4}-\d{2}", True),
        (r"[0-9]+(\.[0-9]+)?", True),
        (r"[A-Za-z]{2,}[0-9]*", True),
        (r".+", False),
        (r"[a-z/]+", False),
        (r"[^a]+", False),
        (r"[.-9]+", False),
        (r"[+-~]+", False),
        (r"a|b/c", False),
        (r"\S+", False),
        (r"\W", False),
        (r"(?:a/b)", False),
    ],
)
def test_a_converter_that_could_match_a_slash_is_not_taken_for_one_segment(
    regex: str, is_placed: bool
) -> None:
    """Placed or not, its route is found; one in doubt is asked about more paths than needed."""
    register_url_convertor("tried", _Converter(regex))
    index = RouteIndex([Route("/start/{x:tried}", nothing)])

    assert len(index.candidates("/start/anything")) == 1
    assert len(index.candidates("/start/any/thing")) == (0 if is_placed else 1)


def test_a_route_with_a_match_of_its_own_is_always_a_candidate() -> None:
    """Its path does not tell what it matches."""

    class Own(Route):
        def matches(self, scope: Any) -> Any:
            return super().matches(scope)

    class Foreign(BaseRoute):
        path = "/foreign"

    ignoring_case = Route("/case", nothing)
    ignoring_case.path_regex = Route("/CASE", nothing).path_regex
    index = RouteIndex([Own("/own", nothing), Foreign(), ignoring_case, Route("/usual", nothing)])

    assert paths_of(index.candidates("/elsewhere")) == ["/own", "/foreign", "/case"]


@pytest.mark.parametrize(
    ("root_path", "path", "expected"),
    [
        ("", "/a", "/a"),
        ("/a", "/a/b", "/b"),
        ("/a", "/a", ""),
        ("/a", "/ab", "/ab"),
        ("/a", "/b", "/b"),
        ("/a/", "/a/b", "/a/b"),
    ],
)
def test_the_path_below_the_root_path_is_looked_up(
    root_path: str, path: str, expected: str
) -> None:
    """ASGI's ``path`` includes ``root_path``; one that does not is taken as it is."""
    assert route_path({"path": path, "root_path": root_path}) == expected
