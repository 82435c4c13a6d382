"""Whether a webhook comes from whom it says: the signature of the raw body, before anything of it is read.

Sources: Shopify, https://shopify.dev/docs/apps/build/webhooks/verify-deliveries; Standard Webhooks,
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md; GitHub,
https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries; Stripe,
https://docs.stripe.com/webhooks#verify-manually; Wave,
https://developer.waveapps.com/hc/en-us/articles/47778664499220-Webhooks-Setup-Guide, which does not say how the
signature is encoded: hexadecimal and base64 are both taken.

Every comparison takes the same time whatever differs, and every live secret is tried, so that a secret can be rotated
without losing a delivery.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

__all__ = ["Style", "is_genuine", "key_of", "sign_standard"]

Style = Literal["shopify", "standard", "github", "stripe", "wave", "shared"]

_TOLERANCE: Final = 300
"""Seconds that a signed timestamp may be off, either way."""
_MOST_SIGNATURES: Final = 10
_DIGITS: Final = re.compile(r"[0-9]{1,12}")
_PREFIX: Final = "whsec_"


def is_genuine(
    style: Style,
    headers: Mapping[str, str],
    body: bytes,
    *,
    secrets: Sequence[str],
    now: datetime,
    header: str | None = None,
) -> bool:
    """Tell whether one of the secrets signed a body. Names of headers are in small letters.

    ``header`` is where a plain shared secret stands (default: ``x-webhook-secret``; ``authorization`` takes a bearer).
    """
    match style:
        case "shopify":
            given = headers.get("x-shopify-hmac-sha256") or headers.get("shopify-hmac-sha256") or ""
            return _is_one_of([given], [_base64(_digest(secret.encode(), body)) for secret in secrets])
        case "github":
            given = headers.get("x-hub-signature-256", "")
            return _is_one_of([given], [f"sha256={_digest(secret.encode(), body).hex()}" for secret in secrets])
        case "wave":
            given = headers.get("x-wave-signature", "")
            digests = [_digest(secret.encode(), body) for secret in secrets]
            return _is_one_of([given], [form for digest in digests for form in (digest.hex(), _base64(digest))])
        case "shared":
            name = (header or "x-webhook-secret").lower()
            given = headers.get(name, "")
            return _is_one_of([given.removeprefix("Bearer ") if name == "authorization" else given], secrets)
        case "standard":
            id, time = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
            if not id or not _is_fresh(time, now):
                return False
            given = headers.get("webhook-signature", "").split(" ")
            return _is_one_of(given, [sign_standard(secret, id, time, body) for secret in secrets])
        case "stripe":
            parts = [part.partition("=") for part in headers.get("stripe-signature", "").split(",")]
            time = next((value for name, _, value in parts if name.strip() == "t"), "")
            if not _is_fresh(time, now):
                return False
            signed = time.encode() + b"." + body
            given = [value for name, _, value in parts if name.strip() == "v1"]
            return _is_one_of(given, [_digest(secret.encode(), signed).hex() for secret in secrets])


def sign_standard(secret: str, id: str, timestamp: str, body: bytes) -> str:
    """Give the signature of Standard Webhooks, ``v1,`` and base64."""
    return "v1," + _base64(_digest(key_of(secret), f"{id}.{timestamp}.".encode() + body))


def key_of(secret: str) -> bytes:
    """Give the key that a secret of Standard Webhooks stands for: ``whsec_`` (or nothing) and base64.

    Raises:
        ValueError: that is no base64.
    """
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX) + "==")
    except binascii.Error as error:
        raise ValueError("a secret of Standard Webhooks is whsec_ and base64") from error


def _digest(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _is_fresh(timestamp: str, now: datetime) -> bool:
    return bool(_DIGITS.fullmatch(timestamp)) and abs(now.timestamp() - int(timestamp)) <= _TOLERANCE


def _is_one_of(given: Sequence[str], expected: Iterable[str]) -> bool:
    """Compare all with all, to the end."""
    is_found = False
    wanted = [text.encode() for text in expected]
    for text in given[:_MOST_SIGNATURES]:
        for one in wanted:
            is_found |= bool(text) and hmac.compare_digest(text.encode("utf-8", "surrogateescape"), one)
    return is_found
