"""Uses of the database's functions."""

import datetime as dt
import hashlib
import math
import uuid
from typing import Any

from raystack_orm import models
from raystack_orm.models import F, Value, Window
from raystack_orm.models import functions as fn

from .library import Article, article
from .uses import uses

PAGE = "ref/models/database-functions"
MOMENT = dt.datetime(2026, 11, 15, 9, 30, 5, 7, tzinfo=dt.UTC)  # a Sunday


def of(**expressions: Any) -> dict[str, Any]:
    """Return what expressions are for the only article."""
    found: dict[str, Any] = Article.objects.annotate(**expressions).values(*expressions).get()
    return found


@uses(PAGE, "Cast", "Coalesce", "Collate", "Greatest", "Least", "NullIf", "JSONArray", "JSONObject")
def comparison_and_json() -> None:
    article("On", views=2)
    found = of(
        text=fn.Cast("views", models.CharField()),
        some=fn.Coalesce("price", Value(1.5), output_field=models.FloatField()),
        same=fn.Collate("title", "nocase"),
        most=fn.Greatest("views", 5),
        least=fn.Least("views", 5),
        none=fn.NullIf("views", 2),
        array=fn.JSONArray("views", Value("a")),
        object=fn.JSONObject(v="views"),
    )
    assert (found["text"], found["some"], found["same"]) == ("2", 1.5, "On")
    assert (found["most"], found["least"], found["none"]) == (5, 2, None)
    assert (found["array"], found["object"]) == ([2, "a"], {"v": 2})


PARTS = {
    "Year": 2026,
    "IsoYear": 2026,
    "Month": 11,
    "Day": 15,
    "WeekDay": 1,
    "IsoWeekDay": 7,
    "Week": 46,
    "Quarter": 4,
    "Hour": 9,
    "Minute": 30,
    "Second": 5,
}


@uses(
    PAGE,
    "Extract",
    "Now",
    *[f"Extract{part}" for part in PARTS],
    *[f"Extract{part}.lookup_name" for part in PARTS],
)
def parts_of_moments() -> None:
    article(published=MOMENT)
    for part, value in PARTS.items():
        extract = getattr(fn, f"Extract{part}")
        assert of(part=extract("published")) == {"part": value}
        assert of(part=fn.Extract("published", extract.lookup_name)) == {"part": value}
    assert abs(of(now=fn.Now())["now"] - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


BEGINS = {
    "Year": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    "Quarter": dt.datetime(2026, 10, 1, tzinfo=dt.UTC),
    "Month": dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    "Week": dt.datetime(2026, 11, 9, tzinfo=dt.UTC),
    "Day": dt.datetime(2026, 11, 15, tzinfo=dt.UTC),
    "Hour": MOMENT.replace(minute=0, second=0, microsecond=0),
    "Minute": MOMENT.replace(second=0, microsecond=0),
    "Second": MOMENT.replace(microsecond=0),
}


@uses(
    PAGE,
    "Trunc",
    "TruncDate",
    "TruncTime",
    *[f"Trunc{kind}" for kind in BEGINS],
    *[f"Trunc{kind}.kind" for kind in BEGINS],
    "TruncDate.lookup_name",
    "TruncDate.output_field",
    "TruncTime.lookup_name",
    "TruncTime.output_field",
)
def beginnings_of_moments() -> None:
    article(published=MOMENT)
    for kind, value in BEGINS.items():
        trunc = getattr(fn, f"Trunc{kind}")
        assert of(start=trunc("published")) == {"start": value}
        assert of(start=fn.Trunc("published", trunc.kind)) == {"start": value}
    assert of(d=fn.TruncDate("published"), t=fn.TruncTime("published")) == {
        "d": MOMENT.date(),
        "t": MOMENT.time(),
    }
    assert (fn.TruncDate.lookup_name, fn.TruncTime.lookup_name) == ("date", "time")
    assert isinstance(fn.TruncDate("published").output_field, models.DateField)
    assert isinstance(fn.TruncTime("published").output_field, models.TimeField)


@uses(
    PAGE,
    "Abs",
    "ACos",
    "ASin",
    "ATan",
    "ATan2",
    "Ceil",
    "Cos",
    "Cot",
    "Degrees",
    "Exp",
    "Floor",
    "Ln",
    "Log",
    "Mod",
    "Pi",
    "Power",
    "Radians",
    "Random",
    "Round",
    "Sign",
    "Sin",
    "Sqrt",
    "Tan",
)
def mathematics() -> None:
    article(views=2)
    half = Value(0.5)
    expected = {
        "Abs": (-2, 2),
        "ACos": (0.5, math.acos(0.5)),
        "ASin": (0.5, math.asin(0.5)),
        "ATan": (0.5, math.atan(0.5)),
        "Ceil": (0.5, 1),
        "Cos": (0.5, math.cos(0.5)),
        "Cot": (0.5, 1 / math.tan(0.5)),
        "Degrees": (0.5, math.degrees(0.5)),
        "Exp": (0.5, math.exp(0.5)),
        "Floor": (0.5, 0),
        "Ln": (0.5, math.log(0.5)),
        "Radians": (0.5, math.radians(0.5)),
        "Round": (1.4, 1),
        "Sign": (-2.5, -1),
        "Sin": (0.5, math.sin(0.5)),
        "Sqrt": (4.0, 2),
        "Tan": (0.5, math.tan(0.5)),
    }
    for name, (value, result) in expected.items():
        given = Value(value, output_field=models.FloatField())
        assert math.isclose(of(n=getattr(fn, name)(given))["n"], result), name
    found = of(
        a=fn.ATan2(half, half),
        log=fn.Log(Value(2.0), Value(8.0)),
        mod=fn.Mod("views", Value(2)),
        pi=fn.Pi(),
        power=fn.Power("views", Value(3)),
        random=fn.Random(),
    )
    assert math.isclose(found["a"], math.pi / 4)
    assert math.isclose(found["log"], 3)
    assert (found["mod"], found["power"]) == (0, 8)
    assert math.isclose(found["pi"], math.pi)
    assert 0 <= found["random"] < 1


@uses(
    PAGE,
    "Chr",
    "Concat",
    "Left",
    "Length",
    "Lower",
    "LPad",
    "LTrim",
    "Ord",
    "Repeat",
    "Replace",
    "Reverse",
    "Right",
    "RPad",
    "RTrim",
    "StrIndex",
    "Substr",
    "Trim",
    "Upper",
)
def text() -> None:
    article(" On ")
    expected = {
        fn.Chr(Value(65)): "A",
        fn.Concat("title", Value("x")): " On x",
        fn.Left("title", 2): " O",
        fn.Length("title"): 4,
        fn.Lower("title"): " on ",
        fn.LPad("title", 5, Value("-")): "- On ",
        fn.LTrim("title"): "On ",
        fn.Ord(Value("A")): 65,
        fn.Repeat(Value("ab"), 2): "abab",
        fn.Replace("title", Value("O"), Value("I")): " In ",
        fn.Reverse("title"): " nO ",
        fn.Right("title", 2): "n ",
        fn.RPad("title", 5, Value("-")): " On -",
        fn.RTrim("title"): " On",
        fn.StrIndex("title", Value("n")): 3,
        fn.Substr("title", 2, 2): "On",
        fn.Trim("title"): "On",
        fn.Upper("title"): " ON ",
    }
    for function, result in expected.items():
        assert of(text=function) == {"text": result}, function


@uses(PAGE, "MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "UUID4", "UUID7")
def hashes_and_keys() -> None:
    article("On")
    for name in ("MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512"):
        expected = hashlib.new(name.lower(), b"On").hexdigest()
        assert of(hash=getattr(fn, name)("title")) == {"hash": expected}, name
    for version, function in ((4, fn.UUID4), (7, fn.UUID7)):
        made = of(key=function())["key"]
        assert isinstance(made, uuid.UUID)
        assert made.version == version


@uses(
    PAGE,
    "CumeDist",
    "DenseRank",
    "FirstValue",
    "Lag",
    "LastValue",
    "Lead",
    "NthValue",
    "Ntile",
    "PercentRank",
    "Rank",
    "RowNumber",
)
def window_functions() -> None:
    for views in (1, 1, 3):
        article(views=views)
    expected = {
        fn.CumeDist(): [2 / 3, 2 / 3, 1],
        fn.DenseRank(): [1, 1, 2],
        fn.FirstValue("views"): [1] * 3,
        fn.Lag("views"): [None, 1, 1],
        fn.LastValue("views"): [1, 1, 3],
        fn.Lead("views"): [1, 3, None],
        fn.NthValue("views", 1): [1] * 3,
        fn.Ntile(3): [1, 2, 3],
        fn.PercentRank(): [0, 0, 1],
        fn.Rank(): [1, 1, 3],
        fn.RowNumber(): [1, 2, 3],
    }
    for function, result in expected.items():
        window = Window(function, order_by=F("views").asc())
        rows = Article.objects.annotate(n=window).order_by("views", "n")
        found = sorted([a.n for a in rows], key=lambda n: (n is None, n))
        assert found == sorted(result, key=lambda n: (n is None, n)), function
