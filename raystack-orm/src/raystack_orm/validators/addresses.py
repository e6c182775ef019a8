"""Validators of IP addresses."""

from ipaddress import IPv4Address, IPv6Address
from typing import Any

from ..exceptions import ValidationError

MAX_IPV6_LENGTH = 39


def _refuse(value: Any, protocol: str) -> ValidationError:
    params = {"protocol": protocol, "value": value}
    return ValidationError("Enter a valid %(protocol)s address.", "invalid", params)


def validate_ipv4_address(value: Any) -> None:
    """Refuse what is no IPv4 address."""
    try:
        IPv4Address(value)
    except ValueError:
        raise _refuse(value, "IPv4") from None


def validate_ipv6_address(value: Any) -> None:
    """Refuse what is no IPv6 address; a zone (``%eth0``) belongs to none."""
    try:
        _ = value if isinstance(value, IPv6Address) else _ipv6(value)
    except (TypeError, ValueError):
        raise _refuse(value, "IPv6") from None


def validate_ipv46_address(value: Any) -> None:
    """Refuse what is no IP address."""
    for validate in (validate_ipv4_address, validate_ipv6_address):
        try:
            validate(value)
        except ValidationError:
            continue
        return
    raise _refuse(value, "IPv4 or IPv6")


def ip_address_validators(protocol: str, unpack_ipv4: bool) -> list[Any]:
    """Return the validators for addresses of a protocol.

    Args:
        protocol: ``"both"``, ``"ipv4"`` or ``"ipv6"``, in any case.
        unpack_ipv4: IPv4 addresses in IPv6 are unpacked.

    Raises:
        ValueError: There is no such protocol, or there is nothing to unpack in it.
    """
    if protocol != "both" and unpack_ipv4:
        raise ValueError("unpack_ipv4 goes with the protocol 'both' alone.")
    known = {
        "both": validate_ipv46_address,
        "ipv4": validate_ipv4_address,
        "ipv6": validate_ipv6_address,
    }
    if protocol.lower() not in known:
        raise ValueError(f"The protocol {protocol!r} is unknown; it is one of {', '.join(known)}.")
    return [known[protocol.lower()]]


def clean_ipv6_address(value: str, *, unpack_ipv4: bool = False) -> str:
    """Write an IPv6 address in its shortest form.

    Args:
        value: The address.
        unpack_ipv4: Return the IPv4 address that it maps.

    Raises:
        ValidationError: It is none.
    """
    try:
        address = _ipv6(value)
    except ValueError:
        raise _refuse(value, "IPv6") from None
    mapped = address.ipv4_mapped
    if mapped is None:
        return str(address)
    return str(mapped) if unpack_ipv4 else f"::ffff:{mapped}"


def _ipv6(value: Any) -> IPv6Address:
    text = str(value)
    if len(text) > MAX_IPV6_LENGTH or "%" in text:
        raise ValueError(text)
    return IPv6Address(text)
