"""What may be shown of what an upstream said: no secret, no control character, not too long.

What a secret looks like is said once, in ``aias.redaction``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

from aias.redaction import MASK, is_secret_name, redact, without

__all__ = ["MASK", "excerpt", "masked", "redact", "redacted"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


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
                redact(key, known): MASK if isinstance(item, str) and is_secret_name(key) else redacted(item, known)
                for key, item in members.items()
            }
        case _:
            return value


def masked(value: Any, secrets: Iterable[str]) -> Any:
    """Give the same JSON value with the known secrets masked, and nothing else: for data that a workflow works with."""
    known = tuple(secrets)
    match value:
        case str():
            return without(value, known)
        case list():
            return [masked(item, known) for item in cast("list[Any]", value)]
        case dict():
            return {without(key, known): masked(item, known) for key, item in cast("dict[str, Any]", value).items()}
        case _:
            return value
