"""Sessions in signed cookies, for sites that have no store.

The values travel with the visitor: whoever has the cookie can read them, but not change them. A
session ends when its signature says so, whatever the browser does with the cookie; nothing on the
server remembers it, so one that was copied cannot be revoked before.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from functools import cached_property
from hashlib import sha256
from time import time
from typing import Any

from itsdangerous import BadData, TimestampSigner

from raystack import RaystackError

from .session import SessionData

# Browsers keep 4096 bytes, name and attributes included, and drop larger cookies without a word.
MAX_BYTES = 3800


class SignedCookies:
    """Turns sessions into texts for cookies, and back.

    Args:
        keys: Gives the secret keys, the one to sign with first; asked when first needed.
        idle_s: Seconds after its last change until a session ends.
        absolute_s: Seconds after its beginning until a session ends.
    """

    def __init__(self, keys: Callable[[], Sequence[str]], *, idle_s: int, absolute_s: int) -> None:
        self._keys = keys
        self._idle_s = idle_s
        self._absolute_s = absolute_s

    @cached_property
    def _signer(self) -> TimestampSigner:
        newest_last = list(reversed(self._keys()))
        return TimestampSigner(
            newest_last, salt="raystack.sessions", key_derivation="hmac", digest_method=sha256
        )

    def loads(self, text: str) -> SessionData:
        """Read a session; one that is forged, damaged or over is a new one."""
        signer = self._signer
        if len(text) > MAX_BYTES:
            return SessionData()
        try:
            signed = signer.unsign(text.encode("ascii"), max_age=self._idle_s)
            payload = json.loads(urlsafe_b64decode(signed))
            data = SessionData(dict(payload["values"]), int(payload["created"]))
        except (BadData, ValueError, KeyError, TypeError):
            return SessionData()
        return data if 0 <= time() - data.created <= self._absolute_s else SessionData()

    def dumps(self, data: SessionData) -> str:
        """Write a session.

        Raises:
            RaystackError: It holds what JSON cannot, or is too big for a cookie.
        """
        payload = {"values": data.values, "created": data.created or int(time())}
        try:
            encoded = json.dumps(payload, separators=(",", ":")).encode()
        except (TypeError, ValueError) as error:
            raise RaystackError(_unfit(data.values)) from error
        text = self._signer.sign(urlsafe_b64encode(encoded)).decode("ascii")
        if len(text) > MAX_BYTES:
            raise RaystackError(
                f"The session takes {len(text)} bytes and a cookie holds {MAX_BYTES}: "
                f"{', '.join(sorted(data.values))}. Keep less in it: ids instead of objects."
            )
        return text


def _unfit(values: dict[str, Any]) -> str:
    for key, value in values.items():
        try:
            json.dumps({key: value})
        except (TypeError, ValueError):
            kind = type(value).__name__
            return (
                f"request.session[{key!r}] has a {kind} that JSON cannot hold. "
                f"Keep strings, numbers, booleans, None, lists and dictionaries of them."
            )
    return "The session holds what JSON cannot."
