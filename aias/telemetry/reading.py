"""Reading an event that came over HTTP: by the rules of ``aias_private.read_telemetry``, before the database is asked.

``tests/telemetry/test_rules.py`` has both read the same events.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, cast

from aias.workflows import json_problems

__all__ = ["GoodEvent", "read_event"]

_FIELDS: Final = frozenset(
    {"event_id", "name", "user_id", "session_id", "occurred_at", "properties", "correlation_id", "trace_id"}
)
_SHORT_TEXTS: Final = ("event_id", "user_id", "session_id", "correlation_id")
_LONGEST_NAME: Final = 200
_LONGEST_TEXT: Final = 255
_MOST_PROPERTIES: Final = 32_768
_AHEAD: Final = timedelta(days=1)
_TIME: Final = re.compile(
    r"(19[7-9]\d|2[01]\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?"
    r"(Z|[+-](0\d|1[0-3]):[0-5]\d)",
    re.ASCII,
)
_TRACE: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


class GoodEvent(NamedTuple):
    """An event that can be stored; what it does not say is None, and its properties are JSON."""

    event_id: str | None
    name: str
    user_id: str | None
    session_id: str | None
    occurred_at: str | None
    properties: str
    correlation_id: str | None
    trace_id: str | None


def read_event(given: Any, now: datetime) -> GoodEvent | str:
    """Read an event; gives why it can't be taken where it can't. ``now`` is what its time is compared with."""
    if not isinstance(given, dict):
        return "an event is an object"
    event = cast("dict[str, Any]", given)
    if (trouble := _trouble(event) or _trouble_with_time(event.get("occurred_at"), now)) is not None:
        return trouble
    try:
        properties = json.dumps(event.get("properties") or {}, ensure_ascii=False, allow_nan=False)
        size = len(properties.encode())
    except ValueError:
        return _not_kept(event)
    if size > _MOST_PROPERTIES:
        return f"properties have at most {_MOST_PROPERTIES} bytes"
    found = GoodEvent(
        event.get("event_id"),
        event["name"],
        event.get("user_id"),
        event.get("session_id"),
        event.get("occurred_at"),
        properties,
        event.get("correlation_id"),
        event.get("trace_id"),
    )
    # a look at all of it together: what follows is rare
    told = "\x1f".join(filter(None, found))
    if ("\x00" in told or "\\u0000" in properties or not (told.isascii() or _is_whole(told))) and json_problems(event):
        return _not_kept(event)
    return found


def _trouble(event: dict[str, Any]) -> str | None:
    if not event.keys() <= _FIELDS:
        return "it has fields that no event has"
    name = event.get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= _LONGEST_NAME:
        return f"name is a text of 1 to {_LONGEST_NAME} characters"
    for field in _SHORT_TEXTS:
        text = event.get(field)
        if text is not None and (not isinstance(text, str) or not 1 <= len(text) <= _LONGEST_TEXT):
            return f"{', '.join(_SHORT_TEXTS[:-1])} and {_SHORT_TEXTS[-1]} are texts of 1 to {_LONGEST_TEXT} characters"
    trace = event.get("trace_id")
    if trace is not None and not (isinstance(trace, str) and _TRACE.fullmatch(trace)):
        return "trace_id has 32 hexadecimal digits"
    if not isinstance(event.get("properties"), dict | None):
        return "properties are an object"
    return None


def _trouble_with_time(given: Any, now: datetime) -> str | None:
    if given is None:
        return None
    try:
        time = datetime.fromisoformat(given) if isinstance(given, str) and _TIME.fullmatch(given) else None
    except ValueError:  # a day that its month has not
        time = None
    if time is None:
        return "occurred_at is a time of RFC 3339 from 1970 on"
    return "occurred_at is more than a day ahead" if time > now + _AHEAD else None


def _is_whole(text: str) -> bool:
    """Whether it has a form in UTF-8: half of a surrogate pair has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _not_kept(event: dict[str, Any]) -> str:
    problems = json_problems(event)
    return f"it holds what can't be kept: {problems[0]}" if problems else "it holds what can't be kept"
