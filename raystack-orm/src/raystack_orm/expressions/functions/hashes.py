"""Hashes of text, as hexadecimal digits.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#md5
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func

from ..transforms import Transform
from .base import BuiltFunc

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler


class MD5(Transform):
    """The MD5 hash."""

    function = "MD5"
    lookup_name = "md5"


class SHA1(BuiltFunc, Transform):
    """The SHA-1 hash; on PostgreSQL the extension pgcrypto has to be installed."""

    function = "SHA1"
    lookup_name = "sha1"

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the call."""
        text = compiler.value_of(self.lhs)
        if compiler.vendor == "postgresql":
            digest = func.digest(text, compiler.constant("sha1"))
            return func.encode(digest, compiler.constant("hex"), type_=self.sa_type)
        return func.sha1(text, type_=self.sa_type)


class _SHA2(BuiltFunc, Transform):
    """The base of the SHA-2 hashes, whose names end in their number of bits."""

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the call."""
        text = compiler.value_of(self.lhs)
        name = str(self.function).lower()
        if compiler.vendor == "mysql":
            return func.sha2(text, compiler.constant(int(name[3:])), type_=self.sa_type)
        if compiler.vendor == "postgresql":
            data = func.convert_to(text, compiler.constant("UTF8"))
            digest = getattr(func, name)(data)
            return func.encode(digest, compiler.constant("hex"), type_=self.sa_type)
        return getattr(func, name)(text, type_=self.sa_type)  # type: ignore[no-any-return]  # by name


class SHA224(_SHA2):
    """The SHA-224 hash."""

    function = "SHA224"
    lookup_name = "sha224"


class SHA256(_SHA2):
    """The SHA-256 hash."""

    function = "SHA256"
    lookup_name = "sha256"


class SHA384(_SHA2):
    """The SHA-384 hash."""

    function = "SHA384"
    lookup_name = "sha384"


class SHA512(_SHA2):
    """The SHA-512 hash."""

    function = "SHA512"
    lookup_name = "sha512"
