"""Model.check(): mistakes in declarations, by Django's ids.

https://docs.djangoproject.com/en/stable/ref/checks/#models
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import CASCADE, CheckConstraint, F, ForeignKey, Index, Q, UniqueConstraint
from raystack_orm.testing import isolate_apps

Number, Many, Text = models.IntegerField, models.ManyToManyField, models.CharField


@pytest.fixture(autouse=True)
def isolated() -> Iterator[None]:
    """Models of a test are of nobody else."""
    with isolate_apps("conf_checks"):
        yield


def model(label: str, *bases: Any, meta: dict[str, Any] | None = None, **attributes: Any) -> Any:
    """Define a model."""
    given = type("Meta", (), {"app_label": "conf_checks", **(meta or {})})
    namespace = {"__module__": __name__, "Meta": given, **attributes}
    return type(models.Model)(label, bases or (models.Model,), namespace)


def ids(made: Any) -> list[str]:
    return [message.id for message in made.check()]


def test_a_model_without_mistakes_has_nothing_to_say() -> None:
    model("Author", name=Text(max_length=20))
    book = model(
        "Book",
        author=ForeignKey("Author", CASCADE, related_name="books"),
        title=Text(max_length=20, choices=[("a", "A")]),
        readers=Many("Author", related_name="+"),
        published=models.DateField(auto_now_add=True),
        meta={
            "ordering": ["-author__name", F("title").desc(nulls_last=True), "?", "pk", "author_id"],
            "unique_together": ("author", "title"),
            "indexes": [Index(fields=["-title", "author_id"], name="book_title")],
            "constraints": [
                UniqueConstraint("title", name="book_unique", condition=Q(published__year__gt=1)),
                CheckConstraint(condition=Q(author__gt=0) & ~Q(title=F("id")), name="book_check"),
            ],
        },
    )
    assert ids(book) == []


DECLARATIONS: list[tuple[list[str], Callable[[], Any]]] = [
    (["models.E026"], lambda: model("M", a=Number(primary_key=True), b=Number(primary_key=True))),
    (["models.E023"], lambda: model("_M")),
    (["models.E024"], lambda: model("M__N")),
    (["models.E007"], lambda: model("M", a=Number(db_column="x"), b=Number(db_column="x"))),
    (["models.E017"], lambda: model("M", model("Base"), a=Number(), meta={"proxy": True})),
    (["models.E005"] * 2, lambda: model("M", model("A", a=Number()), model("B", a=Number()))),
    (["models.E042"], lambda: model("M", pk=models.CompositePrimaryKey("a", "b"), a=Number())),
]

OPTIONS: list[tuple[list[str], dict[str, Any]]] = [
    (["models.E010"], {"unique_together": "a"}),
    (["models.E010"], {"unique_together": 42}),
    (["models.E012"], {"unique_together": [("a", "nope")]}),
    (["models.E013"], {"unique_together": [("a", "many")]}),
    (["models.E012"], {"indexes": [Index(fields=["nope"], name="i")]}),
    (["models.E013"], {"indexes": [Index(fields=["many"], name="i")]}),
    (["models.E012"], {"indexes": [Index(fields=["a"], include=["nope"], name="i")]}),
    (["models.E012"], {"indexes": [Index(F("nope"), name="i")]}),
    (["models.E012"], {"indexes": [Index(fields=["a"], condition=Q(nope=1), name="i")]}),
    (["models.E016"], {"indexes": [Index(fields=["inherited"], name="i")]}),
    (["models.E033"], {"indexes": [Index(fields=["a"], name="_i")]}),
    (["models.E033"], {"indexes": [Index(fields=["a"], name="9i")]}),
    (["models.E034"], {"indexes": [Index(fields=["a"], name="i" * 31)]}),
    (["models.E012"], {"constraints": [UniqueConstraint(fields=["nope"], name="c")]}),
    (["models.E012"], {"constraints": [UniqueConstraint("nope", name="c")]}),
    (["models.E012"], {"constraints": [CheckConstraint(condition=Q(a=F("nope")), name="c")]}),
    (["models.E041"], {"constraints": [CheckConstraint(condition=Q(one__b=1), name="c")]}),
    (["models.E014"], {"ordering": "a"}),
    (["models.E015"], {"ordering": ["nope"]}),
    (["models.E015"], {"ordering": ["-one__nope"]}),
    (["models.E015"], {"ordering": [F("nope").asc()]}),
    (["models.E021"], {"ordering": ["a"], "order_with_respect_to": "one"}),
]

FIELDS: list[tuple[list[str], Any]] = [
    (["fields.E121"], Text(max_length=-1)),
    (["fields.E009"], Text(max_length=2, choices=[("abc", "x")])),
    (["fields.E005"], Text(max_length=2, choices=[1, 2])),
    (["fields.E007"], Text(max_length=2, primary_key=True, null=True)),
    (["fields.E134"], models.DecimalField(max_digits=2, decimal_places=4)),
    (["fields.E135"], models.DecimalField(max_digits=2)),
    (["fields.E160"], models.DateField(auto_now=True, auto_now_add=True)),
    (["fields.E160"], models.DateField(auto_now=True, default=dt.date(2020, 1, 1))),
    (["fields.E010"], models.JSONField(default={})),
    (["fields.E170"], models.BinaryField(default="x")),
    (["fields.E012"], Number(db_default=F("other"))),
    (["fields.W122"], Number(max_length=4)),
    (["fields.E100"], models.SmallAutoField()),
]

RELATIONS: list[tuple[list[str], Callable[[], Any]]] = [
    (["fields.E300"], lambda: ForeignKey("Nope", CASCADE)),
    (["fields.E300"], lambda: ForeignKey(model("A", meta={"abstract": True}), CASCADE)),
    (["fields.E302", "fields.E303"], lambda: ForeignKey("Other", CASCADE, related_name="b")),
    (["fields.E303"], lambda: ForeignKey("Other", CASCADE, related_query_name="b")),
    (["fields.E304", "fields.E305"], lambda: ForeignKey("Other", CASCADE, related_name="thirds")),
    (["fields.E305"], lambda: ForeignKey("Other", CASCADE, related_query_name="thirds")),
    (["fields.E348"], lambda: ForeignKey("Other", CASCADE, related_name="objects")),
    (["fields.E306"], lambda: ForeignKey("Other", CASCADE, related_name="a-b")),
    (["fields.E306"], lambda: ForeignKey("Other", CASCADE, related_name="class")),
    (["fields.E308"], lambda: ForeignKey("Other", CASCADE, related_query_name="a_")),
    (["fields.E309"], lambda: ForeignKey("Other", CASCADE, related_query_name="a__c")),
    (["fields.E311"], lambda: ForeignKey("Other", CASCADE, to_field="b")),
    (["fields.E312"], lambda: ForeignKey("Other", CASCADE, to_field="nope")),
    ([], lambda: ForeignKey("Other", CASCADE, to_field="single")),
    (["fields.E347"], lambda: ForeignKey("Keyed", CASCADE)),
    (["fields.W342"], lambda: ForeignKey("Other", CASCADE, unique=True)),
    (["fields.E330"], lambda: Many("Other", unique=True)),
    (["fields.W340"], lambda: Many("Other", null=True)),
    (["fields.W341"], lambda: Many("Other", validators=[print])),
    (["fields.W346"], lambda: Many("Other", db_comment="x")),
    (["fields.W345"], lambda: Many("self", related_name="x")),
    (["fields.E331"], lambda: Many("Other", through="Nope")),
    (["fields.E336"], lambda: Many("Other", through="Third")),
    (["fields.E334"], lambda: Many("Other", through="Twice")),
    (["fields.E335"], lambda: Many("Other", through="TwiceThere")),
    (["fields.E333"], lambda: Many("self", through="Thrice")),
    (["fields.E337"], lambda: Many("Other", through="Twice", through_fields=("m",))),
    (["fields.E338"], lambda: Many("Other", through="Twice", through_fields=("m", "nope"))),
    (["fields.E339"] * 2, lambda: Many("Other", through="Twice", through_fields=("other", "m"))),
    ([], lambda: Many("Other", through="Twice", through_fields=("m", "other"))),
]


@pytest.mark.parametrize(("expected", "declare"), DECLARATIONS)
def test_mistakes_in_a_declaration(expected: list[str], declare: Callable[[], Any]) -> None:
    assert ids(declare()) == expected


@pytest.mark.parametrize(("expected", "meta"), OPTIONS)
def test_mistakes_in_meta(expected: list[str], meta: dict[str, Any]) -> None:
    model("Other", b=Number())
    base = model("Base", inherited=Number())
    one = ForeignKey("Other", CASCADE)
    made = model("M", base, a=Number(), one=one, many=Many("Other", related_name="+"), meta=meta)
    assert ids(made) == expected


@pytest.mark.parametrize(("expected", "field"), FIELDS)
def test_mistakes_in_a_field(expected: list[str], field: Any) -> None:
    assert ids(model("M", a=field)) == expected


def test_a_default_that_was_called_is_the_moment_of_the_import() -> None:
    called = model("M", at=models.DateTimeField(default=dt.datetime.now(dt.UTC)))
    assert ids(called) == ["fields.W161"]
    given = model("N", at=models.DateTimeField(default=lambda: dt.datetime.now(dt.UTC)))
    assert ids(given) == []


@pytest.mark.parametrize(("expected", "relation"), RELATIONS)
def test_mistakes_in_a_relation(expected: list[str], relation: Callable[[], Any]) -> None:
    alone = UniqueConstraint(fields=["single"], name="alone")
    model("Other", b=Number(), single=Number(), meta={"constraints": [alone]})
    model("Third", other=ForeignKey("Other", CASCADE, related_name="thirds"))
    model("Keyed", pk=models.CompositePrimaryKey("a", "b"), a=Number(), b=Number())
    keys = {name: ForeignKey("M", CASCADE, related_name="+") for name in ("m", "n", "o")}
    there = {name: ForeignKey("Other", CASCADE, related_name="+") for name in ("other", "more")}
    model("Twice", m=keys["m"], n=keys["n"].clone(), other=there["other"])
    model("TwiceThere", m=keys["m"].clone(), other=there["other"].clone(), more=there["more"])
    model("Thrice", **{name: key.clone() for name, key in keys.items()})
    assert ids(model("M", a=relation())) == expected


def test_two_relations_through_one_model_say_which_keys() -> None:
    model("Other")
    model("Between", a=ForeignKey("Other", CASCADE), m=ForeignKey("M", CASCADE))
    made = model(
        "M",
        first=Many("Other", through="Between", related_name="r1"),
        second=Many("Other", through="Between", related_name="r2"),
    )
    assert ids(made) == ["models.E003"]


def test_a_message_says_what_where_and_what_to_do() -> None:
    message = model("M", title=Text(max_length=5), meta={"ordering": ["titel"]}).check()[0]
    assert (message.id, message.obj) == ("models.E015", "conf_checks.M")
    assert "titel" in message.message


def test_check_may_be_extended() -> None:
    class Own(models.Model):
        class Meta:
            app_label = "conf_checks"

        @classmethod
        def check(cls, **kwargs: Any) -> Any:
            return [*super().check(**kwargs), "mine"]

    assert Own.check() == ["mine"]


def test_through_fields_belong_to_a_through_model() -> None:
    with pytest.raises(ValueError, match="through"):
        Many("Other", through_fields=("a", "b"))
