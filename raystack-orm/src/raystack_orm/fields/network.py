"""The field of IP addresses."""

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Unpack

from sqlalchemy.types import TypeEngine

from ..exceptions import ValidationError
from ..validators import clean_ipv6_address, ip_address_validators
from .base import Field
from .checks import error
from .declaration import FieldOptions, N
from .types import IPAddress

if TYPE_CHECKING:
    from raystack import CheckMessage


class GenericIPAddressField(Field[str, N]):
    """An IPv4 or IPv6 address.

    Args:
        verbose_name: What people call it.
        name: Its name.
        protocol: ``"both"``, ``"IPv4"`` or ``"IPv6"``.
        unpack_ipv4: Store ``::ffff:192.0.2.1`` as ``192.0.2.1``; for ``"both"`` alone.
        null: It may be ``None``.
        options: The options of every field.

    https://docs.djangoproject.com/en/stable/ref/models/fields/#genericipaddressfield
    """

    description = "IP address"
    expected = "an IP address"
    internal_type = "GenericIPAddressField"
    empty_strings_allowed = False
    default_error_messages: ClassVar[dict[str, str]] = {
        "invalid": "Enter a valid %(protocol)s address.",
    }
    own_options: ClassVar[dict[str, Any]] = {"protocol": "both", "unpack_ipv4": False}
    protocol: str = "both"
    unpack_ipv4: bool = False

    if TYPE_CHECKING:

        def __init__(
            self,
            verbose_name: str | None = ...,
            name: str | None = ...,
            protocol: Literal["both", "IPv4", "IPv6", "ipv4", "ipv6"] = ...,
            unpack_ipv4: bool = ...,
            *,
            null: N = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...

    else:

        def __init__(
            self,
            verbose_name: str | None = None,
            name: str | None = None,
            protocol: Literal["both", "IPv4", "IPv6", "ipv4", "ipv6"] = "both",
            unpack_ipv4: bool = False,
            **options: Any,
        ) -> None:
            self.protocol = protocol
            self.unpack_ipv4 = unpack_ipv4
            self.default_validators = ip_address_validators(protocol, unpack_ipv4)
            super().__init__(verbose_name, name, **options)
            self.max_length = 39

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        found = super().check(**kwargs)
        if self.blank and not self.null:
            message = f"{self} has blank=True without null=True, but no address is stored as null."
            found.append(error(self, "fields.E150", message))
        return found

    def deconstruct(self) -> tuple[str | None, str, list[Any], dict[str, Any]]:
        """Return name, path and arguments; the length is always the same."""
        name, path, args, options = super().deconstruct()
        options.pop("max_length", None)
        return name, path, args, options

    def to_python(self, value: Any) -> Any:
        """Write the address in its shortest form.

        Raises:
            ValidationError: It is no address.
        """
        if value is None:
            return None
        text = str(value).strip()
        if ":" not in text:
            return text
        try:
            return clean_ipv6_address(text, unpack_ipv4=self.unpack_ipv4)
        except ValidationError:
            raise self.invalid("invalid", value=value, protocol="IPv6") from None

    def get_prep_value(self, value: Any) -> Any:
        """Write an IPv6 address in its shortest form; other text stays."""
        value = super().get_prep_value(value)
        if value is None or value == "":
            return None  # an empty address is none
        try:
            return self.to_python(value) if ":" in str(value) else str(value)
        except ValidationError:
            return str(value)

    def make_type(self) -> TypeEngine[Any]:
        """Return INET, or text where there is none."""
        return IPAddress()
