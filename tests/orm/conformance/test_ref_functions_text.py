"""Text functions.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#text-functions
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import F, Value
from raystack_orm.models.functions import (
    MD5,
    SHA1,
    SHA224,
    SHA256,
    SHA384,
    SHA512,
    Chr,
    Concat,
    Left,
    Length,
    Lower,
    LPad,
    LTrim,
    Ord,
    Repeat,
    Replace,
    Reverse,
    Right,
    RPad,
    RTrim,
    StrIndex,
    Substr,
    Trim,
    Upper,
)


class Word(models.Model):
    text = models.CharField(max_length=50)
    other = models.CharField(max_length=50, null=True)
    number = models.IntegerField(default=3)

    class Meta:
        app_label = "conf_text_functions"


@pytest.fixture(autouse=True)
def words(db: str) -> None:
    """One word, whose other column is NULL."""
    Word.objects.create(text="Elephant")


def value(expression: Any) -> Any:
    return Word.objects.annotate(value=expression).get().value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Lower("text"), "elephant"),
        (Upper("text"), "ELEPHANT"),
        (Upper(Value("x")), "X"),
        (Lower("other"), None),
        (Length("text"), 8),
        (Length("other"), None),
        (Length(Value("żó")), 2),
        (Chr(Value(77)), "M"),
        (Ord("text"), 69),
        (Ord(Value("a")), 97),
        (Concat("text", Value("!")), "Elephant!"),
        (Concat("text", Value(" "), Lower("text"), Value(".")), "Elephant elephant."),
        (Concat("text", "other"), "Elephant"),
        (Concat("other", "other"), ""),
        (Left("text", 3), "Ele"),
        (Left("text", F("number")), "Ele"),
        (Left("text", 99), "Elephant"),
        (Right("text", 3), "ant"),
        (Right("text", F("number") - 1), "nt"),
        (LPad("text", 10, Value("-")), "--Elephant"),
        (LPad("text", 3), "Ele"),
        (LPad("text", Length("text") + 2, Value("ab")), "abElephant"),
        (RPad("text", 10, Value("-")), "Elephant--"),
        (RPad("text", 3), "Ele"),
        (RPad("text", 9), "Elephant "),
        (Trim(Value("  x ")), "x"),
        (LTrim(Value("  x ")), "x "),
        (RTrim(Value("  x ")), "  x"),
        (Repeat("text", 2), "ElephantElephant"),
        (Repeat("text", 0), ""),
        (Repeat(Value("ab"), F("number")), "ababab"),
        (Replace("text", Value("ant"), Value("uncle")), "Elephuncle"),
        (Replace("text", Value("e")), "Elphant"),
        (Replace("text", Value("zzz"), Value("y")), "Elephant"),
        (Reverse("text"), "tnahpelE"),
        (Reverse("other"), None),
        (StrIndex("text", Value("p")), 4),
        (StrIndex("text", Value("zz")), 0),
        (Substr("text", 1, 3), "Ele"),
        (Substr("text", 4), "phant"),
        (Substr("text", F("number"), 2), "ep"),
        (Substr("text", 1, 99), "Elephant"),
        (Upper(Left(Reverse("text"), 3)), "TNA"),
        (Length(Concat("text", Value("!!"))), 10),
        (MD5("text"), "f6cf83978d6a8e7ac57444bb38a540a7"),
        (SHA1(Value("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            SHA256(Value("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (SHA256("other"), None),
    ],
)
def test_text_functions(expression: Any, expected: Any) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(("function", "digits"), [(SHA224, 56), (SHA384, 96), (SHA512, 128)])
def test_longer_digests(db: str, function: Any, digits: int) -> None:
    found = value(function("text"))
    assert len(found) == digits
    assert int(found, 16)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Left("text", 0),
        lambda: Left("text", -1),
        lambda: Right("text", 0),
        lambda: LPad("text", -1),
        lambda: RPad("text", -1),
        lambda: Repeat("text", -1),
        lambda: Substr("text", 0),
        lambda: Substr("text", -2),
        lambda: Concat("text"),
    ],
)
def test_arguments_are_checked(make: Any) -> None:
    with pytest.raises(ValueError):
        make()


@pytest.mark.parametrize("function", [Lower, Upper, Length, Reverse, Trim, MD5, Chr, Ord])
def test_one_argument_is_taken(function: Any) -> None:
    with pytest.raises(TypeError):
        function("text", "other")


def test_functions_filter_order_and_update() -> None:
    Word.objects.create(text="ant", other="x")
    assert Word.objects.annotate(n=Length("text")).filter(n__gt=3).get().text == "Elephant"
    assert [word.text for word in Word.objects.order_by(Length("text"))] == ["ant", "Elephant"]
    assert Word.objects.filter(text=Lower(Value("ANT"))).exists()
    Word.objects.update(other=Concat(Upper("text"), Value("-"), Left("text", 1)))
    assert Word.objects.get(text="ant").other == "ANT-a"


@contextmanager
def registered(function: Any) -> Iterator[None]:
    models.CharField.register_lookup(function)
    try:
        yield
    finally:
        models.CharField._unregister_lookup(function)


@pytest.mark.parametrize(
    ("function", "lookup", "given"),
    [
        (Lower, "lower", "elephant"),
        (Upper, "upper", "ELEPHANT"),
        (Length, "length", 8),
        (Reverse, "reverse", "tnahpelE"),
        (Trim, "trim", "Elephant"),
        (LTrim, "ltrim", "Elephant"),
        (RTrim, "rtrim", "Elephant"),
        (Ord, "ord", 69),
        (MD5, "md5", "f6cf83978d6a8e7ac57444bb38a540a7"),
        (SHA1, "sha1", None),
    ],
)
def test_transforms_can_be_registered(function: Any, lookup: str, given: Any) -> None:
    assert function.lookup_name == lookup
    with registered(function):
        if given is None:
            assert Word.objects.exclude(text__sha1=None).count() == 1
        else:
            assert Word.objects.filter(**{f"text__{lookup}": given}).count() == 1
            assert Word.objects.filter(**{f"text__{lookup}__in": [given]}).count() == 1
            assert Word.objects.order_by(f"text__{lookup}").count() == 1


def test_chr_as_a_transform_of_numbers() -> None:
    models.IntegerField.register_lookup(Chr)
    try:
        Word.objects.update(number=69)
        assert value(Chr("number")) == "E"
        assert Word.objects.filter(number__chr="E").count() == 1
    finally:
        models.IntegerField._unregister_lookup(Chr)


def test_concat_of_numbers_and_texts() -> None:
    assert value(Concat("text", "number", output_field=models.CharField())) == "Elephant3"
