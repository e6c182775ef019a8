"""Database functions of text and numbers, and those that compare, convert and rank."""

from decimal import Decimal
from typing import Any

import pytest
from press import Article, Author, Everything

from raystack_orm import NotSupportedError, connection
from raystack_orm.models import (
    CharField,
    Count,
    F,
    FloatField,
    IntegerField,
    TextField,
    Value,
    Window,
)
from raystack_orm.models.functions import (
    MD5,
    SHA256,
    Cast,
    Chr,
    Coalesce,
    Collate,
    Concat,
    Greatest,
    JSONArray,
    JSONObject,
    Lag,
    Left,
    Length,
    Log,
    Lower,
    LPad,
    NullIf,
    Ord,
    Rank,
    Repeat,
    Replace,
    Right,
    Round,
    StrIndex,
    Substr,
    Upper,
)


@pytest.fixture(autouse=True)
def authors(db: str) -> None:
    """Two authors; one has no address."""
    Author.objects.create(name="Ann Ärmel", email="ann@example.org")
    Author.objects.create(name="bob", email="")


def of_ann(expression: Any) -> Any:
    return Author.objects.annotate(value=expression).get(email="ann@example.org").value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Lower("email"), "ann@example.org"),
        (Upper("email"), "ANN@EXAMPLE.ORG"),
        (Length("name"), 9),
        (Left("name", 3), "Ann"),
        (Right("name", 5), "Ärmel"),
        (Substr("name", 5, 1), "Ä"),
        (Substr("name", 5), "Ärmel"),
        (
            Concat("name", Value(" <"), "email", Value(">"), output_field=CharField()),
            "Ann Ärmel <ann@example.org>",
        ),
        (Concat("name", Value(None, TextField()), output_field=TextField()), "Ann Ärmel"),
        (Replace("name", Value("Ann"), Value("A'n")), "A'n Ärmel"),
        (LPad("name", 11, Value("*")), "**Ann Ärmel"),
        (Repeat(Value("ab"), 3), "ababab"),
        (StrIndex("name", Value("Ä")), 5),
        (StrIndex("name", Value("x")), 0),
        (Chr(Value(77)), "M"),
        (Ord(Value("M")), 77),
        (MD5(Value("abc")), "900150983cd24fb0d6963f7d28e17f72"),
        (SHA256(Value("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (Coalesce(NullIf("email", Value("")), Value("none")), "ann@example.org"),
        (NullIf(Value(3), Value(3)), None),
        (Greatest(Value(1), Value(3), Value(2)), 3),
        (Round(Value(2.345), 1), 2.3),
        (Log(Value(2.0), Value(8.0)), 3.0),
        (Cast(Value("12"), IntegerField()), 12),
        (Cast(Value("1.5"), FloatField()), 1.5),
    ],
)
def test_a_function_gives_the_same_on_every_database(expression: Any, expected: Any) -> None:
    found = of_ann(expression)
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


def test_a_function_of_decimals_gives_a_decimal() -> None:
    Everything.objects.create(price=Decimal("12.35"))
    found = Everything.objects.annotate(value=Round("price")).get().value
    assert (found, type(found)) == (12, Decimal)


def test_json_is_made_of_columns_and_json_stays_json() -> None:
    Everything.objects.create(whole=3, data={"a": [1]})
    made = JSONObject(n="whole", twice=F("whole") * 2, data="data", list=JSONArray("whole"))
    found = Everything.objects.annotate(value=made).get().value
    assert found == {"n": 3, "twice": 6, "data": {"a": [1]}, "list": [3]}


def test_a_function_that_is_selected_can_be_grouped_by() -> None:
    """The text in it is one parameter for the database: it would not group by another one."""
    Author.objects.create(name="bill", email="")
    shown = Concat(Left("name", 1), Value("'"))
    rows = Author.objects.order_by().annotate(first=shown).values("first").annotate(n=Count("pk"))
    assert sorted((row["first"], row["n"]) for row in rows) == [("A'", 1), ("b'", 2)]


def test_whole_numbers_in_a_function_stand_in_the_sql() -> None:
    """An index on the expression serves the query only then."""
    sql = str(Author.objects.annotate(x=Substr("name", 1, 3)).query).lower()
    assert "1, 3)" in sql or "from 1 for 3)" in sql


def test_arguments_are_checked_where_they_are_written() -> None:
    for wrong in (
        lambda: Left("name", 0),
        lambda: Substr("name", 0),
        lambda: LPad("name", -1),
        lambda: Coalesce("name"),
        lambda: Greatest("name"),
        lambda: Concat("name"),
        lambda: Collate("name", 'x"; DROP TABLE press_author; --'),
        lambda: Lag("name", 0),
    ):
        with pytest.raises(ValueError):
            wrong()


def test_windows_rank_and_look_back(db: str) -> None:
    ann = Author.objects.get(name__startswith="Ann")
    for views in (5, 7, 7):
        Article.objects.create(title=f"{Article.objects.count()}", author=ann, views=views)
    ranked = Article.objects.annotate(rank=Window(Rank(), order_by="-views"))
    assert sorted(ranked.values_list("rank", flat=True)) == [1, 1, 3]
    earlier = Article.objects.annotate(before=Window(Lag("views"), order_by="title"))
    assert list(earlier.order_by("title").values_list("before", flat=True)) == [None, 5, 7]
    with_default = Article.objects.annotate(
        before=Window(Lag("views", default=0), order_by="title")
    ).order_by("title")
    if not connection.driver.supports_default_in_lead_lag:
        with pytest.raises(NotSupportedError):
            list(with_default)
        return
    assert with_default[0].before == 0
