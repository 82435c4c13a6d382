"""Ids that are needed before the database could give them."""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID

__all__ = ["uuid7"]

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """Make a UUIDv7 (RFC 9562, with 12 bits of the millisecond's fraction) that sorts after all earlier ones here."""
    global _last  # noqa: PLW0603 (one sequence per process)
    with _lock:
        # milliseconds and 4096ths of them
        _last = max(_last + 1, time.time_ns() * 4096 // 1_000_000)
        ticks = _last
    bits = (ticks >> 12 << 80) | (7 << 76) | ((ticks & 0xFFF) << 64) | (2 << 62) | secrets.randbits(62)
    return UUID(int=bits)
