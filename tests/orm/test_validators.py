"""Validators accept and refuse what Django's documentation says, in linear time."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from raystack_orm import ValidationError
from raystack_orm import validators as v

SLUG = v.RegexValidator(r"^[a-z]+\Z", code="slug", message="No: %(value)s")

ACCEPTED = [
    (SLUG, "abc"),
    (v.RegexValidator("x", inverse_match=True), "abc"),
    (v.RegexValidator("ABC", flags=re.IGNORECASE), "xabcx"),
    (v.validate_email, "ann.b+c@example.co.uk"),
    (v.validate_email, '"a!b"@example.com'),
    (v.validate_email, "ann@[127.0.0.1]"),
    (v.validate_email, "ann@[::1]"),
    (v.validate_email, "ann@localhost"),
    (v.validate_email, "ann@münchen.de"),
    (v.EmailValidator(allowlist=["intranet"]), "ann@intranet"),
    (v.validate_domain_name, "example.com."),
    (v.validate_domain_name, "münchen.de"),
    (v.validate_domain_name, "xn--mnchen-3ya.xn--p1ai"),
    (v.validate_url, "https://user:pw@example.com:8000/a?b=c#d"),
    (v.validate_url, "http://[::1]/"),
    (v.validate_url, "ftp://127.0.0.1"),
    (v.validate_url, "http://localhost:80"),
    (v.URLValidator(schemes=["git"]), "git://example.com"),
    (v.validate_slug, "a-B_1"),
    (v.validate_unicode_slug, "zoë-1"),
    (v.validate_ipv4_address, "1.2.3.4"),
    (v.validate_ipv6_address, "fe80::1"),
    (v.validate_ipv46_address, "::ffff:1.2.3.4"),
    (v.validate_comma_separated_integer_list, "1,2,3"),
    (v.int_list_validator(sep="-", allow_negative=True), "1--2-3"),
    (v.MaxValueValidator(3), 3),
    (v.MinValueValidator(lambda: 3), 3),
    (v.MaxLengthValidator(3), "abc"),
    (v.MinLengthValidator(3), [1, 2, 3]),
    (v.StepValueValidator(0.1), 0.3),
    (v.StepValueValidator(3, offset=1.4), 7.4),
    (v.DecimalValidator(4, 2), Decimal("12.34")),
    (v.DecimalValidator(4, 2), Decimal("0.01")),
    (v.FileExtensionValidator(["TXT"]), SimpleNamespace(name="a/b.txt")),
    (v.ProhibitNullCharactersValidator(), "abc"),
    (v.validate_integer, "-12"),
]

REFUSED = [
    (SLUG, "a1", "slug", "No: a1"),
    (v.RegexValidator("x", inverse_match=True), "axb", "invalid", "Enter a valid value."),
    (v.validate_email, "ann", "invalid", "Enter a valid email address."),
    (v.validate_email, "a@b@c", "invalid", "Enter a valid email address."),
    (v.validate_email, "ann..b@example.com", "invalid", "Enter a valid email address."),
    (v.validate_email, "ann@example.com\n", "invalid", "Enter a valid email address."),
    (v.validate_email, "ann@-example.com", "invalid", "Enter a valid email address."),
    (v.validate_email, "a" * 310 + "@example.com", "invalid", "Enter a valid email address."),
    (v.validate_domain_name, "127.0.0.1", "invalid", "Enter a valid domain name."),
    (v.validate_domain_name, "a-.com", "invalid", "Enter a valid domain name."),
    (v.DomainNameValidator(accept_idna=False), "münchen.de", "invalid", ""),
    (v.validate_url, "javascript:alert(1)", "invalid", "Enter a valid URL."),
    (v.validate_url, "http://example", "invalid", "Enter a valid URL."),
    (v.validate_url, "http://example.com\n", "invalid", "Enter a valid URL."),
    (v.validate_url, "http://[1::2::3]/", "invalid", "Enter a valid URL."),
    (v.validate_url, "http://example.com:99999999", "invalid", "Enter a valid URL."),
    (v.validate_url, "http://ex ample.com", "invalid", "Enter a valid URL."),
    (v.validate_url, "http://example.com/" + "a" * 2048, "invalid", "Enter a valid URL."),
    (v.validate_slug, "zoë", "invalid", ""),
    (v.validate_slug, "a\n", "invalid", ""),
    (v.validate_unicode_slug, "a b", "invalid", ""),
    (v.validate_ipv4_address, "1.2.3.04", "invalid", "Enter a valid IPv4 address."),
    (v.validate_ipv6_address, "fe80::1%eth0", "invalid", "Enter a valid IPv6 address."),
    (v.validate_ipv46_address, "x", "invalid", "Enter a valid IPv4 or IPv6 address."),
    (v.validate_comma_separated_integer_list, "1,,2", "invalid", ""),
    (v.int_list_validator(), "-1", "invalid", ""),
    (v.MaxValueValidator(3), 4, "max_value", ""),
    (v.MinValueValidator(3), 2, "min_value", ""),
    (v.MaxLengthValidator(3), "abcd", "max_length", ""),
    (v.MinLengthValidator(3), "ab", "min_length", ""),
    (v.StepValueValidator(2), 3, "step_size", ""),
    (v.StepValueValidator(3, offset=1), 3, "step_size", ""),
    (v.DecimalValidator(4, 2), Decimal("123.4"), "max_whole_digits", ""),
    (v.DecimalValidator(4, 2), Decimal("1.234"), "max_decimal_places", ""),
    (v.DecimalValidator(4, 2), Decimal(12345), "max_digits", ""),
    (v.DecimalValidator(4, 2), Decimal("1e5"), "max_digits", ""),
    (v.DecimalValidator(4, 2), Decimal("NaN"), "invalid", ""),
    (v.FileExtensionValidator(["txt"]), SimpleNamespace(name="a.exe"), "invalid_extension", ""),
    (v.validate_image_file_extension, SimpleNamespace(name="a.exe"), "invalid_extension", ""),
    (v.ProhibitNullCharactersValidator(), "a\0", "null_characters_not_allowed", ""),
]


@pytest.mark.parametrize(("validator", "value"), ACCEPTED)
def test_what_fits_is_accepted(validator: Callable[[Any], None], value: Any) -> None:
    """A validator that accepts a value does nothing."""
    validator(value)


@pytest.mark.parametrize(("validator", "value", "code", "message"), REFUSED)
def test_what_does_not_fit_is_refused(
    validator: Callable[[Any], None], value: Any, code: str, message: str
) -> None:
    """The error has Django's code, and the value among its parameters."""
    with pytest.raises(ValidationError) as caught:
        validator(value)

    assert caught.value.code == code
    if message:
        assert caught.value.messages == [message]
    if "value" in (caught.value.params or {}):
        assert caught.value.params["value"] is value


def test_flags_go_with_text_alone() -> None:
    """A compiled pattern has its own."""
    with pytest.raises(TypeError):
        v.RegexValidator(re.compile("a"), flags=re.IGNORECASE)


def test_equal_validators_are_equal() -> None:
    """Migrations compare them, and write down how they were made."""
    assert v.MaxValueValidator(3) == v.MaxValueValidator(3)
    assert v.MaxValueValidator(3) != v.MaxValueValidator(4)
    assert v.MaxValueValidator(3) != v.MinValueValidator(3)
    assert v.RegexValidator("a") == v.RegexValidator("a")
    assert v.EmailValidator() == v.validate_email
    assert v.FileExtensionValidator(["a", "b"]) == v.FileExtensionValidator(["b", "a"])
    path, args, kwargs = v.MinLengthValidator(3, message="No").deconstruct()  # type: ignore[attr-defined]  # the decorator adds it
    assert path.rpartition(".")[2] == "MinLengthValidator"
    assert (args, kwargs) == ((3,), {"message": "No"})


HOSTILE: list[Callable[[int], str]] = [
    lambda n: "a" * n,
    lambda n: "<" * n,
    lambda n: "1" * n,
    lambda n: "1," * n,
    lambda n: "-" * n,
    lambda n: "a@" * n,
    lambda n: "a." * n,
    lambda n: "http://" + "a." * n,
    lambda n: "http://a@" + "a:" * n,
    lambda n: '"' + "\\a" * n,
    lambda n: "e\u0301" * n,
    lambda n: ":" * n,
]
ON_TEXT = [
    v.validate_email, v.validate_url, v.validate_domain_name, v.validate_slug,
    v.validate_unicode_slug, v.validate_ipv4_address, v.validate_ipv6_address,
    v.validate_ipv46_address, v.validate_comma_separated_integer_list,
    v.int_list_validator(allow_negative=True), v.validate_integer, v.MaxLengthValidator(5),
    v.ProhibitNullCharactersValidator(),
]  # fmt: skip


@pytest.mark.parametrize("validator", ON_TEXT)
def test_rx_01_validators_take_linear_time(validator: Callable[[Any], None]) -> None:
    """A megabyte of whatever somebody sends takes less than a second."""
    for make in HOSTILE:
        text = make(500_000)
        start = time.perf_counter()
        with suppress(ValidationError):
            validator(text)
        assert time.perf_counter() - start < 1
