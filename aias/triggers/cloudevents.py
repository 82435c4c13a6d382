"""Reading CloudEvents 1.0 over HTTP: structured, batched and binary.

Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md and
.../formats/json-format.md.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from urllib.parse import unquote

from aias.errors import InvalidArgument
from aias.workflows import json_problems, load_json

__all__ = ["CloudEvent", "read_cloudevents"]

_MOST: Final = 1000
_STRUCTURED: Final = "application/cloudevents+json"
_BATCH: Final = "application/cloudevents-batch+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudEvent:
    """One event, as ``emit_event`` takes it; what has no id (no CloudEvent, then) is one of its own."""

    id: str | None
    source: str
    type: str
    subject: str | None
    time: datetime | None
    data: Any


def read_cloudevents(headers: Mapping[str, str], body: bytes) -> list[CloudEvent]:
    """Read the events of a request, one or (batched) at most 1,000.

    Raises:
        InvalidArgument: it holds no events of version 1.0; the message says what is missing or malformed.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    media_type = lower.get("content-type", "").split(";")[0].strip().lower()
    if media_type == _STRUCTURED:
        return [_structured(_json(body))]
    if media_type == _BATCH:
        batch = _json(body)
        if not isinstance(batch, list):
            raise InvalidArgument("a batch of events is a JSON array")
        events = cast("list[Any]", batch)
        if len(events) > _MOST:
            raise InvalidArgument(f"a batch has at most {_MOST} events, not {len(events)}")
        return [_structured(event) for event in events]
    if "ce-specversion" in lower:
        attributes = {name[3:]: unquote(value) for name, value in lower.items() if name.startswith("ce-")}
        return [_event(attributes, _data(media_type, body))]
    raise InvalidArgument(f"neither {_STRUCTURED} nor ce- headers: this is no CloudEvent")


def _structured(given: Any) -> CloudEvent:
    if not isinstance(given, dict):
        raise InvalidArgument("an event is a JSON object")
    event = cast("dict[str, Any]", given)
    if "data_base64" in event:
        if "data" in event:
            raise InvalidArgument("an event has data or data_base64, not both")
        try:
            raw = base64.b64decode(event["data_base64"], validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise InvalidArgument("data_base64 is not base64") from None
        return _event(event, _data(str(event.get("datacontenttype", "")).split(";")[0].strip().lower(), raw))
    return _event(event, event.get("data"))


def _event(attributes: Mapping[str, Any], data: Any) -> CloudEvent:
    version = attributes.get("specversion")
    if version != "1.0":
        raise InvalidArgument(f"specversion is 1.0, not {str(version)[:20]!r}")
    for name in ("id", "source", "type"):
        if not isinstance(attributes.get(name), str) or not attributes[name]:
            raise InvalidArgument(f"the attribute {name} is missing or no text")
    subject, time = attributes.get("subject"), attributes.get("time")
    if subject is not None and not isinstance(subject, str):
        raise InvalidArgument("the attribute subject is no text")
    return CloudEvent(
        id=attributes["id"],
        source=attributes["source"],
        type=attributes["type"],
        subject=subject or None,
        time=None if time is None else _time(time),
        data={} if data is None else data,
    )


def _time(value: Any) -> datetime:
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidArgument("the attribute time is no RFC 3339 time") from None
    if time.tzinfo is None:
        raise InvalidArgument("the attribute time has no offset")
    return time


def _json(body: bytes) -> Any:
    try:
        value = load_json(body.decode())
    except ValueError as error:
        raise InvalidArgument(f"the body is not JSON: {error}") from None
    if problems := json_problems(value):
        raise InvalidArgument(f"the body can't be kept: {problems[0]}")
    return value


def _data(media_type: str, body: bytes) -> Any:
    """Give data by its type: JSON as it is, other text as text, anything else as base64."""
    if not body:
        return None
    if media_type in {"", "application/json"} or media_type.endswith("+json"):
        return _json(body)
    if media_type.startswith("text/"):
        try:
            return body.decode()
        except UnicodeDecodeError:
            raise InvalidArgument("the body is not UTF-8") from None
    return {"base64": base64.b64encode(body).decode(), "content_type": media_type}
