"""Validators: what each one lets pass, and the code it refuses with.

https://docs.djangoproject.com/en/stable/ref/validators/
"""

import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from raystack_orm import ValidationError, validators
from raystack_orm.validators import (
    DecimalValidator,
    DomainNameValidator,
    EmailValidator,
    FileExtensionValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
    ProhibitNullCharactersValidator,
    RegexValidator,
    StepValueValidator,
    URLValidator,
    int_list_validator,
)


def code_of(validator: Any, value: Any) -> str | None:
    """Return the code that a value is refused with, ``None`` where it passes."""
    try:
        validator(value)
    except ValidationError as error:
        return error.code
    return None


PASS = [
    (RegexValidator("^x"), "xy"),
    (RegexValidator(re.compile("y$")), "xy"),
    (RegexValidator("x", inverse_match=True), "y"),
    (RegexValidator("X", flags=re.IGNORECASE), "x"),
    (RegexValidator(), "anything"),
    (EmailValidator(), "ann@example.org"),
    (EmailValidator(), "ann.b+c@sub.example.co"),
    (EmailValidator(), '"quoted"@example.org'),
    (EmailValidator(), "ann@localhost"),
    (EmailValidator(allowlist=["intern"]), "ann@intern"),
    (EmailValidator(), "ann@[127.0.0.1]"),
    (DomainNameValidator(), "example.org"),
    (DomainNameValidator(), "müller.example"),
    (URLValidator(), "http://example.org"),
    (URLValidator(), "https://user:pw@example.org:8000/a?b=c#d"),
    (URLValidator(), "ftp://10.0.0.1/x"),
    (URLValidator(), "http://[::1]:80/"),
    (URLValidator(), "http://localhost/"),
    (URLValidator(), "http://مثال.إختبار"),
    (URLValidator(schemes=["git"]), "git://example.org"),
    (validators.validate_email, "ann@example.org"),
    (validators.validate_domain_name, "example.org"),
    (validators.validate_slug, "a-b_1"),
    (validators.validate_unicode_slug, "straße"),
    (validators.validate_ipv4_address, "1.2.3.4"),
    (validators.validate_ipv6_address, "::1"),
    (validators.validate_ipv46_address, "1.2.3.4"),
    (validators.validate_ipv46_address, "fe80::1"),
    (validators.validate_comma_separated_integer_list, "1,2,3"),
    (int_list_validator(sep="-"), "1-2"),
    (int_list_validator(allow_negative=True), "-1,2"),
    (MaxValueValidator(10), 10),
    (MaxValueValidator(lambda: 10), 9),
    (MinValueValidator(10), 10),
    (MaxLengthValidator(3), "abc"),
    (MinLengthValidator(3), "abc"),
    (DecimalValidator(5, 2), Decimal("999.99")),
    (FileExtensionValidator(["txt"]), SimpleNamespace(name="a.TXT")),
    (FileExtensionValidator(), SimpleNamespace(name="anything.exe")),
    (ProhibitNullCharactersValidator(), "abc"),
    (StepValueValidator(3), 9),
    (StepValueValidator(3, offset=1.4), 4.4),
]


@pytest.mark.parametrize(("validator", "value"), PASS)
def test_it_passes(validator: Any, value: Any) -> None:
    assert code_of(validator, value) is None


REFUSE = [
    (RegexValidator("^x"), "yx", "invalid"),
    (RegexValidator("x", code="mine"), "y", "mine"),
    (RegexValidator("x", inverse_match=True), "x", "invalid"),
    (EmailValidator(), "ann", "invalid"),
    (EmailValidator(), "@example.org", "invalid"),
    (EmailValidator(), "ann@example", "invalid"),
    (EmailValidator(), "ann@-example.org", "invalid"),
    (EmailValidator(), "ann@example.org\n", "invalid"),
    (EmailValidator(), "a" * 310 + "@example.org", "invalid"),
    (EmailValidator(), None, "invalid"),
    (DomainNameValidator(), "127.0.0.1", "invalid"),
    (DomainNameValidator(), "a" * 256, "invalid"),
    (DomainNameValidator(accept_idna=False), "müller.example", "invalid"),
    (URLValidator(), "example.org", "invalid"),
    (URLValidator(), "http://", "invalid"),
    (URLValidator(), "javascript:alert(1)", "invalid"),
    (URLValidator(), "http://exa mple.org", "invalid"),
    (URLValidator(), "http://-bad.example", "invalid"),
    (URLValidator(), "http://example.org\n", "invalid"),
    (URLValidator(), "git://example.org", "invalid"),
    (URLValidator(schemes=["file"]), "file:///etc/passwd", "invalid"),
    (URLValidator(), "http://example.org/" + "a" * 2048, "invalid"),
    (URLValidator(), 5, "invalid"),
    (validators.validate_slug, "no slug", "invalid"),
    (validators.validate_slug, "straße", "invalid"),
    (validators.validate_unicode_slug, "a.b", "invalid"),
    (validators.validate_ipv4_address, "256.1.1.1", "invalid"),
    (validators.validate_ipv4_address, "1.2.3", "invalid"),
    (validators.validate_ipv4_address, "01.2.3.4", "invalid"),
    (validators.validate_ipv6_address, "::g", "invalid"),
    (validators.validate_ipv46_address, "x", "invalid"),
    (validators.validate_comma_separated_integer_list, "1,a", "invalid"),
    (int_list_validator(), "-1", "invalid"),
    (int_list_validator(code="mine"), "x", "mine"),
    (MaxValueValidator(10), 11, "max_value"),
    (MinValueValidator(lambda: 10), 9, "min_value"),
    (MaxLengthValidator(3), "abcd", "max_length"),
    (MinLengthValidator(3), "ab", "min_length"),
    (DecimalValidator(5, 2), Decimal(1234), "max_whole_digits"),
    (DecimalValidator(5, 2), Decimal("1.234"), "max_decimal_places"),
    (DecimalValidator(3, 2), Decimal(12345), "max_digits"),
    (DecimalValidator(3, 2), Decimal("NaN"), "invalid"),
    (FileExtensionValidator(["txt"]), SimpleNamespace(name="a.exe"), "invalid_extension"),
    (FileExtensionValidator(["txt"], code="mine"), SimpleNamespace(name="a"), "mine"),
    (ProhibitNullCharactersValidator(), "a\x00b", "null_characters_not_allowed"),
    (ProhibitNullCharactersValidator(code="mine"), "\x00", "mine"),
    (StepValueValidator(3), 10, "step_size"),
    (StepValueValidator(3, offset=1.4), 4, "step_size"),
]


@pytest.mark.parametrize(("validator", "value", "code"), REFUSE)
def test_it_refuses(validator: Any, value: Any, code: str) -> None:
    assert code_of(validator, value) == code


@pytest.mark.parametrize(
    ("validator", "value"),
    [
        (RegexValidator("x", message="No %(value)s"), "y"),
        (EmailValidator(message="No %(value)s"), "y"),
        (MaxValueValidator(1, message="No %(value)s"), 2),
        (ProhibitNullCharactersValidator(message="No %(value)s"), "\x00"),
    ],
)
def test_a_message_may_hold_the_value(validator: Any, value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        validator(value)
    assert caught.value.messages == [f"No {value}"]


def test_limits_are_parameters_of_the_message() -> None:
    with pytest.raises(ValidationError) as caught:
        MaxLengthValidator(3, message="%(show_value)s of %(limit_value)s: %(value)s")("abcd")
    assert caught.value.messages == ["4 of 3: abcd"]


def test_flags_need_a_string() -> None:
    with pytest.raises(TypeError):
        RegexValidator(re.compile("x"), flags=re.IGNORECASE)


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        (RegexValidator("x"), RegexValidator("x"), RegexValidator("y")),
        (EmailValidator(), EmailValidator(), EmailValidator(code="x")),
        (MaxValueValidator(1), MaxValueValidator(1), MaxValueValidator(2)),
        (DecimalValidator(1, 1), DecimalValidator(1, 1), DecimalValidator(2, 1)),
        (FileExtensionValidator(["a"]), FileExtensionValidator(["A"]), FileExtensionValidator()),
    ],
)
def test_validators_compare_by_their_arguments(one: Any, same: Any, other: Any) -> None:
    assert one == same
    assert one != other


def test_validators_of_other_kinds_are_not_equal() -> None:
    assert MaxValueValidator(1) != MinValueValidator(1)


def test_validators_can_be_deconstructed() -> None:
    path, args, kwargs = MaxValueValidator(1).deconstruct()  # type: ignore[attr-defined]
    assert path.rpartition(".")[2] == "MaxValueValidator"
    assert (tuple(args), kwargs) == ((1,), {})
