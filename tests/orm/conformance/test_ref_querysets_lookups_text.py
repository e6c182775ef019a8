"""Field lookups of text, and regular expressions.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#field-lookups
"""

from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import F, Value
from raystack_orm.models.functions import Lower, Upper


class Note(models.Model):
    label = models.CharField(max_length=10)
    text = models.TextField(null=True)
    number = models.IntegerField(default=0)
    slug = models.SlugField(default="")
    email = models.EmailField(default="")

    class Meta:
        app_label = "conf_text"


ROWS = {
    "a": "Beatles Blog",
    "b": "beatles blog",
    "c": "100% sure_thing",
    "d": "back\\slash 'quoted' \"twice\"",
    "e": "",
    "f": None,
    "g": "line one\nLine two",
    "h": "The fox; -- DROP",
}


@pytest.fixture(autouse=True)
def notes(db: str) -> None:
    """Texts with upper and lower case, wildcards, quotes, a line break, nothing and NULL."""
    for number, (label, text) in enumerate(ROWS.items()):
        Note.objects.create(
            label=label,
            text=text,
            number=number * 11,
            slug=f"the-{label}",
            email=f"{label}@example.com",
        )


def labels(**conditions: Any) -> str:
    return "".join(sorted(Note.objects.filter(**conditions).values_list("label", flat=True)))


@pytest.mark.parametrize(
    ("lookup", "value", "expected"),
    [
        ("iexact", "BEATLES BLOG", "ab"),
        ("iexact", "beatles_blog", ""),
        ("iexact", "", "e"),
        ("contains", "%", "c"),
        ("contains", "_", "c"),
        ("contains", "\\", "d"),
        ("contains", "'", "d"),
        ("contains", '"', "d"),
        ("contains", "", "abcdegh"),
        ("contains", "; --", "h"),
        ("contains", "x%y", ""),
        ("icontains", "BLOG", "ab"),
        ("icontains", "%", "c"),
        ("icontains", "LINE", "g"),
        ("startswith", "100%", "c"),
        ("startswith", "1%", ""),
        ("startswith", "", "abcdegh"),
        ("istartswith", "BEA", "ab"),
        ("istartswith", "THE FOX", "h"),
        ("endswith", "_thing", "c"),
        ("endswith", "Xthing", ""),
        ("endswith", '"', "d"),
        ("iendswith", "BLOG", "ab"),
        ("iendswith", "TWO", "g"),
        ("regex", r"^B", "a"),
        ("regex", r"[bB]log$", "ab"),
        ("regex", r"^(The|100)", "ch"),
        ("regex", r"%", "c"),
        ("regex", r"s.a", "d"),
        ("iregex", r"^B", "abd"),
        ("iregex", r"^the fox", "h"),
        ("in", ["", "100% sure_thing"], "ce"),
        ("in", [None, ""], "e"),
        ("in", [], ""),
        ("isnull", True, "f"),
        ("isnull", False, "abcdegh"),
        ("exact", None, "f"),
        ("iexact", None, "f"),
        ("exact", "", "e"),
    ],
)
def test_lookups_of_text(lookup: str, value: Any, expected: str) -> None:
    assert labels(**{f"text__{lookup}": value}) == expected
    assert len(expected) == Note.objects.filter(**{f"text__{lookup}": value}).count()


@pytest.mark.parametrize(
    ("lookup", "value", "expected"),
    [
        ("contains", "Blog", "a"),
        ("contains", "blog", "b"),
        ("startswith", "Bea", "a"),
        ("startswith", "bea", "b"),
        ("endswith", "Blog", "a"),
        ("endswith", "blog", "b"),
    ],
)
def test_like_ignores_case_on_sqlite_alone(db: str, lookup: str, value: str, expected: str) -> None:
    """SQLite's LIKE knows no case for ASCII: contains means icontains there."""
    assert labels(**{f"text__{lookup}": value}) == ("ab" if db == "sqlite" else expected)


@pytest.mark.parametrize(
    ("lookup", "value", "expected"),
    [("exact", "Beatles Blog", "a"), ("in", ["beatles blog"], "b")],
)
def test_exact_and_in_tell_upper_from_lower_case(
    db: str, lookup: str, value: Any, expected: str
) -> None:
    if db == "mysql":
        pytest.skip("The collation decides")
    assert labels(**{f"text__{lookup}": value}) == expected


@pytest.mark.parametrize("field", ["slug", "email", "label"])
@pytest.mark.parametrize(
    ("lookup", "value"),
    [
        ("contains", "c"),
        ("icontains", "C"),
        ("regex", "c"),
        ("iregex", "C"),
    ],
)
def test_every_text_field_has_them(field: str, lookup: str, value: str) -> None:
    assert "c" in labels(**{f"{field}__{lookup}": value})


@pytest.mark.parametrize(
    ("lookup", "value", "expected"),
    [
        ("contains", "7", "h"),
        ("contains", 4, "e"),
        ("icontains", "5", "f"),
        ("startswith", 1, "b"),
        ("istartswith", "2", "c"),
        ("endswith", "3", "d"),
        ("iendswith", 3, "d"),
        ("regex", "^[12]", "bc"),
        ("iregex", "^7+$", "h"),
        ("iexact", "33", "d"),
    ],
)
def test_numbers_are_searched_as_text(lookup: str, value: Any, expected: str) -> None:
    assert labels(**{f"number__{lookup}": value}) == expected


@pytest.mark.parametrize(
    ("lookup", "expected"),
    [
        ("contains", "ab"),
        ("icontains", "Cab"),
        ("startswith", "a"),
        ("istartswith", "Ca"),
        ("endswith", "b"),
        ("iendswith", "b"),
    ],
)
def test_the_value_may_be_another_column(db: str, lookup: str, expected: str) -> None:
    """Its wildcards are escaped in the database."""
    Note.objects.all().delete()
    for label, text in (("a", "axx"), ("b", "x_b"), ("C", "cx")):
        Note.objects.create(label=label, text=text, slug=label)
    if db == "sqlite" and lookup in {"contains", "startswith"}:
        expected = f"C{expected}"
    assert labels(**{f"text__{lookup}": F("slug")}) == expected


def test_wildcards_of_another_column_are_plain_characters() -> None:
    Note.objects.all().delete()
    Note.objects.create(label="%", text="abc")
    Note.objects.create(label="a_c", text="abc")
    Note.objects.create(label="\\", text="a\\c")
    assert labels(text__contains=F("label")) == "\\"


def test_expressions_on_the_right() -> None:
    assert labels(label=Lower(Value("A"))) == "a"
    assert labels(text__istartswith=Upper(Value("the"))) == "h"
    assert labels(label__in=[Lower(Value("A")), "b", F("label")]) == "abcdefgh"


def test_transforms_chain_before_the_lookup() -> None:
    models.TextField.register_lookup(Lower)
    models.TextField.register_lookup(Upper)
    try:
        assert labels(text__lower="beatles blog") == "ab"
        assert labels(text__lower__contains="blog") == "ab"
        assert labels(text__upper__startswith="THE") == "h"
        assert labels(text__lower__upper__endswith="BLOG") == "ab"
    finally:
        models.TextField._unregister_lookup(Lower)
        models.TextField._unregister_lookup(Upper)


@pytest.mark.parametrize("value", ["a", "ab", ("a", "c"), {"a", "c"}, ["a", "a"]])
def test_in_takes_any_iterable_even_a_string(value: Any) -> None:
    """A string is a list of its characters."""
    assert labels(label__in=value) == "".join(sorted(set(value)))


def test_in_takes_generators_and_querysets() -> None:
    assert labels(label__in=(label for label in "ab")) == "ab"
    assert labels(label__in=Note.objects.filter(number__lt=22).values("label")) == "ab"
    assert labels(label__in=Note.objects.filter(number__lt=22).values_list("label")) == "ab"
    assert labels(pk__in=Note.objects.filter(number__lt=22)) == "ab"


def test_in_takes_a_thousand_values() -> None:
    assert labels(number__in=range(2000)) == "abcdefgh"


def test_range_of_text_includes_both_ends() -> None:
    assert labels(label__range=("b", "d")) == "bcd"
    assert labels(label__range=["g", "z"]) == "gh"
    assert labels(label__range=("z", "a")) == ""


def test_a_lookup_does_not_fit_after_a_lookup() -> None:
    for lookup in ("label__contains__contains", "label__isnull__exact", "label__in__x"):
        with pytest.raises(FieldError):
            Note.objects.filter(**{lookup: "x"})


def test_unicode_is_found() -> None:
    Note.objects.create(label="u", text="Zażółć gęślą 日本 🦊")
    assert labels(text__contains="gęślą") == "u"
    assert labels(text__endswith="🦊") == "u"
    assert labels(text__startswith="Zaż") == "u"
