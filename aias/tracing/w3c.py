"""The headers of W3C Trace Context: what is valid in them, and how they are written.

Source: https://www.w3.org/TR/trace-context/ (level 1, version 00). What is not valid is treated as not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

__all__ = ["TraceParent", "read_trace_parent", "read_trace_state"]

# all zeros are invalid ids; version ff is invalid; a later version may go on after a dash
_TRACE_PARENT: Final = re.compile(
    r"(?!ff)([0-9a-f]{2})-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII
)
_KEY: Final = re.compile(r"[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13}", re.ASCII)
_VALUE: Final = re.compile(r"[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]", re.ASCII)
_MOST_MEMBERS: Final = 32
_MOST_CHARACTERS: Final = 512
_LONG_MEMBER: Final = 128


class TraceParent(NamedTuple):
    """What a ``traceparent`` says: the trace, the span that called, and the flags (``01``: sampled)."""

    trace_id: str
    span_id: str
    flags: str


def read_trace_parent(values: Iterable[str]) -> TraceParent | None:
    """Read the ``traceparent`` headers of a request; None where there is none, several, or it is not valid."""
    given = list(values)
    match = _TRACE_PARENT.fullmatch(given[0].strip(" \t")) if len(given) == 1 else None
    if match is None or (match[1] == "00" and match[5] is not None):
        return None
    # of the flags of later versions only the one that this version knows is passed on
    return TraceParent(trace_id=match[2], span_id=match[3], flags=f"{int(match[4], 16) & 1:02x}")


def read_trace_state(values: Iterable[str]) -> str | None:
    """Read the ``tracestate`` headers of a request, joined; None where they are empty or one member is not valid.

    Of a key that stands twice the first counts. Of more than 512 characters the members above 128 go first, then the
    last ones; more than 32 members are not valid.
    """
    members: dict[str, str] = {}
    listed = [member.strip(" \t") for value in values for member in value.split(",")]
    listed = [member for member in listed if member]
    if len(listed) > _MOST_MEMBERS:
        return None
    for member in listed:
        key, _, value = member.partition("=")
        if not _KEY.fullmatch(key) or not _VALUE.fullmatch(value):
            return None
        members.setdefault(key, value)
    kept = [f"{key}={value}" for key, value in members.items()]
    if len(",".join(kept)) > _MOST_CHARACTERS:
        kept = [member for member in kept if len(member) <= _LONG_MEMBER]
    while len(",".join(kept)) > _MOST_CHARACTERS:
        kept.pop()
    return ",".join(kept) or None
