"""What may be shown of what an upstream said: no secret, no control character, not too long."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

__all__ = ["MASK", "excerpt", "masked", "redact", "redacted"]

MASK = "[redacted]"

_SHORTEST_SECRET = 6
"""Shorter strings are words: masking each "a" would hide everything and protect nothing."""

_PATTERNS = (
    # Authorization headers and anything that quotes one.
    (re.compile(r"(?i)\b(bearer|basic)(\s+)[a-z0-9._~+/=-]{6,}"), rf"\1\2{MASK}"),
    # Shopify's token formats (shpat_, shpca_, shpss_, shprt_...) and Slack's.
    (re.compile(r"\bshp[a-z]{2}_[A-Za-z0-9]{6,}"), MASK),
    (re.compile(r"\bxox[a-z]-[A-Za-z0-9-]{6,}"), MASK),
    # "access_token": "...", password=..., X-Shopify-Access-Token: ...
    (
        re.compile(
            r"""(?ix) \b ((?:access|refresh|id|api)?[_-]?(?:token|secret|password|passwd|api[_-]?key|client[_-]?secret))
                (["']?\s*[:=]\s*["']?) [^\s"',;&}]{4,}"""
        ),
        rf"\1\2{MASK}",
    ),
    # https://user:password@host
    (re.compile(r"(?i)(\bhttps?://)[^/\s:@]+:[^/\s@]+@"), rf"\1{MASK}@"),
)
_SECRET_NAME = re.compile(
    r"(?i)(?:[a-z0-9]+[_-])*(?:token|secret|password|passwd|api[_-]?key|authorization)|(?:access|refresh|api|client)(?:Token|Secret|Key)"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Mask every known secret, and whatever looks like a token or a password, in ``text``."""
    text = _without(text, secrets)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, MASK)
    return text


def excerpt(body: bytes | str, secrets: Iterable[str] = (), *, limit: int = 500) -> str:
    """Give the beginning of an answer as it may be stored: decoded, masked, at most ``limit`` characters.

    PostgreSQL stores neither NUL nor lone surrogates, so both become the replacement character. Masking comes before
    cutting: a token that the cut would halve is still recognised.
    """
    head = body[: limit * 8]
    text = head.decode("utf-8", "replace") if isinstance(head, bytes) else head
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", redact(text, secrets))
    return text if len(text) <= limit else text[:limit] + "..."


def redacted(value: Any, secrets: Iterable[str] = ()) -> Any:
    """Give the same JSON value with every secret in its strings masked, and every string whose name says secret."""
    known = tuple(secrets)
    match value:
        case str():
            return redact(value, known)
        case list():
            return [redacted(item, known) for item in cast("list[Any]", value)]
        case dict():
            members = cast("dict[str, Any]", value)
            return {
                redact(key, known): MASK
                if isinstance(item, str) and _SECRET_NAME.fullmatch(key)
                else redacted(item, known)
                for key, item in members.items()
            }
        case _:
            return value


def masked(value: Any, secrets: Iterable[str]) -> Any:
    """Give the same JSON value with the known secrets masked, and nothing else: for data that a workflow works with."""
    known = tuple(secrets)
    match value:
        case str():
            return _without(value, known)
        case list():
            return [masked(item, known) for item in cast("list[Any]", value)]
        case dict():
            return {_without(key, known): masked(item, known) for key, item in cast("dict[str, Any]", value).items()}
        case _:
            return value
