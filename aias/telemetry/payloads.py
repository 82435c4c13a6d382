"""What an HTTP request holds: one event, an array of them, or one on each line; plain or compressed, within bounds."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, cast

from aias.errors import InvalidArgument
from aias.telemetry.queries import TelemetryProblem
from aias.telemetry.reading import GoodEvent, read_event
from aias.workflows import load_json

__all__ = ["MOST_EVENTS", "Payload", "TooLargeError", "decompressed", "read_payload"]

MOST_EVENTS: Final = 10_000
_GZIP: Final = 16 + zlib.MAX_WBITS


class TooLargeError(InvalidArgument):
    """It is larger than can be taken at once."""


@dataclass(slots=True, kw_only=True)
class Payload:
    """The events of a request."""

    events: list[tuple[int, GoodEvent]] = field(default_factory=list[tuple[int, GoodEvent]])
    """The good ones, each with its place among all, from 0."""
    problems: list[TelemetryProblem] = field(default_factory=list[TelemetryProblem])


def decompressed(body: bytes, *, limit: int) -> bytes:
    """Give what was compressed by gzip (RFC 1952); stops as soon as it is more than ``limit`` bytes.

    Raises:
        TooLargeError: it is more than that.
        InvalidArgument: it is not gzip, or not all of it.
    """
    found = bytearray()
    rest = body
    try:
        while rest:
            unzip = zlib.decompressobj(_GZIP)
            found += unzip.decompress(rest, limit + 1 - len(found))
            if len(found) > limit:
                raise TooLargeError(f"the events have at most {limit} bytes, decompressed", argument="p_events")
            if not unzip.eof:
                raise InvalidArgument("the body ends within its compressed data", argument="p_events")
            rest = unzip.unused_data
    except zlib.error as error:
        raise InvalidArgument(f"the body is not gzip: {error}", argument="p_events") from None
    return bytes(found)


def read_payload(body: bytes, *, is_lines: bool) -> Payload:
    """Read a body: JSON (an event or an array of them), or with ``is_lines`` JSON lines, one event each.

    A bad event is a problem of the payload; a line that is no JSON too.

    Raises:
        TooLargeError: there are more than 10,000 events.
        InvalidArgument: it can't be read at all.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise InvalidArgument(f"the body is not UTF-8: byte {error.start}", argument="p_events") from None
    now = datetime.now(UTC)
    payload = Payload()
    for place, given in enumerate(_lines(text) if is_lines else _values(text)):
        if place >= MOST_EVENTS:
            raise TooLargeError(f"at most {MOST_EVENTS} events are taken at once", argument="p_events")
        read = f"the line is not JSON: {given}" if isinstance(given, _NoJson) else read_event(given, now)
        if isinstance(read, str):
            payload.problems.append(TelemetryProblem(index=place, reason=read))
        else:
            payload.events.append((place, read))
    if is_lines and not payload.events and not payload.problems:
        raise InvalidArgument("the body has no line", argument="p_events")
    return payload


class _NoJson(str):
    """What is wrong with a line."""

    __slots__ = ()


def _values(text: str) -> list[Any]:
    try:
        given = load_json(text)
    except ValueError as error:
        raise InvalidArgument(f"the body is not JSON: {error}", argument="p_events") from None
    if isinstance(given, list):
        return cast("list[Any]", given)
    if isinstance(given, dict):
        return [given]
    raise InvalidArgument("the body is an event or an array of events", argument="p_events")


def _lines(text: str) -> Iterator[Any]:
    # only a line feed ends a line: others may stand inside a text
    for line in text.split("\n"):
        if not line or line.isspace():
            continue
        try:
            yield load_json(line)
        except ValueError as error:
            yield _NoJson(error)
