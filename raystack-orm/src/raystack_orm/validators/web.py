"""Validators of domain names, URLs and email addresses."""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from ..deconstruct import deconstructible
from ..exceptions import ValidationError
from .addresses import validate_ipv6_address, validate_ipv46_address
from .patterns import LazyPattern, RegexValidator

MAX_HOST_LENGTH = 253
_LETTERS = "a-z\u00a1-\uffff"
_LABEL = rf"(?!-)[{_LETTERS}0-9-]{{1,63}}(?<!-)"
_TOP = rf"(?!-)(?:[{_LETTERS}-]{{2,63}}|xn--[a-z0-9]{{1,59}})(?<!-)"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*\.{_TOP}"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_ATOM = r"[-!#$%&'*+/=?^_`{}|~0-9A-Z]+"


@deconstructible
class DomainNameValidator(RegexValidator):
    """Refuse what is no domain name.

    Args:
        accept_idna: Accept letters beyond ASCII.
        options: Those of ``RegexValidator``.
    """

    message = "Enter a valid domain name."
    max_length = 255
    regex = LazyPattern(rf"\A{_DOMAIN}\.?\Z", re.IGNORECASE)

    def __init__(self, *, accept_idna: bool = True, **options: Any) -> None:
        self.accept_idna = accept_idna
        super().__init__(**options)

    def __call__(self, value: Any) -> None:
        """Check ``value``."""
        if not isinstance(value, str) or len(value) > self.max_length:
            raise self.refuse(value)
        if not self.accept_idna and not value.isascii():
            raise self.refuse(value)
        super().__call__(value)


@deconstructible
class URLValidator(RegexValidator):
    """Refuse what is no URL of some schemes.

    Args:
        schemes: The schemes, in lower case.
        options: Those of ``RegexValidator``.
    """

    message = "Enter a valid URL."
    schemes: Iterable[str] = ("http", "https", "ftp", "ftps")
    unsafe_chars = frozenset("\t\r\n")
    max_length = 2048
    regex = LazyPattern(
        r"\A[a-z0-9.+-]*://"
        r"(?:[^\s:@/]+(?::[^\s:@/]*)?@)?"  # user and password
        rf"(?:{_IPV4}|\[[0-9a-f:.]+\]|{_DOMAIN}\.?|localhost)"
        r"(?::[0-9]{1,5})?"
        r"(?:[/?#]\S*)?\Z",
        re.IGNORECASE,
    )

    def __init__(self, schemes: Iterable[str] | None = None, **options: Any) -> None:
        super().__init__(**options)
        if schemes is not None:
            self.schemes = list(schemes)

    def __call__(self, value: Any) -> None:
        """Check ``value``."""
        if not isinstance(value, str) or len(value) > self.max_length:
            raise self.refuse(value)
        scheme = value.partition("://")[0].lower()
        if self.unsafe_chars.intersection(value) or scheme not in self.schemes:
            raise self.refuse(value)
        super().__call__(value)
        try:
            parts = urlsplit(value)
            host = parts.hostname or ""
            if "[" in parts.netloc:
                validate_ipv6_address(host)
        except (ValueError, ValidationError):
            raise self.refuse(value) from None
        if not 0 < len(host) <= MAX_HOST_LENGTH:
            raise self.refuse(value)


@deconstructible
class EmailValidator:
    """Refuse what is no email address.

    Args:
        message: What to say.
        code: The error's code.
        allowlist: Domains that are accepted although they are none; ``localhost`` by default.
    """

    message: Any = "Enter a valid email address."
    code: str = "invalid"
    max_length = 320
    domain_allowlist: Iterable[str] = ("localhost",)
    user_regex = LazyPattern(
        rf"\A{_ATOM}(?:\.{_ATOM})*\Z"
        r'|\A"(?:[\001-\010\013\014\016-\037!#-\[\]-\177]|\\[\001-\011\013\014\016-\177])*"\Z',
        re.IGNORECASE,
    )
    domain_regex = LazyPattern(rf"\A{_DOMAIN}\Z", re.IGNORECASE)
    literal_regex = LazyPattern(r"\A\[([A-F0-9:.]+)\]\Z", re.IGNORECASE)

    def __init__(
        self,
        message: Any = None,
        code: str | None = None,
        allowlist: Iterable[str] | None = None,
    ) -> None:
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code
        if allowlist is not None:
            self.domain_allowlist = list(allowlist)

    def __call__(self, value: Any) -> None:
        """Check ``value``."""
        text = value if isinstance(value, str) else str(value or "")
        user, at, domain = text.rpartition("@")
        if len(text) > self.max_length or not at or not self.user_regex.match(user):
            raise ValidationError(self.message, self.code, {"value": value})
        if domain not in self.domain_allowlist and not self.validate_domain_part(domain):
            raise ValidationError(self.message, self.code, {"value": value})

    def validate_domain_part(self, domain_part: str) -> bool:
        """Say whether what follows the @ is a domain, or an IP address in brackets."""
        if self.domain_regex.match(domain_part):
            return True
        literal = self.literal_regex.match(domain_part)
        with suppress(ValidationError):
            if literal:
                validate_ipv46_address(literal[1])
                return True
        return False

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, EmailValidator):
            return NotImplemented
        mine = (set(self.domain_allowlist), self.message, self.code)
        return mine == (set(other.domain_allowlist), other.message, other.code)

    __hash__ = None  # type: ignore[assignment]  # as in Django: it can be changed


validate_domain_name = DomainNameValidator()
validate_email = EmailValidator()
validate_url = URLValidator()
