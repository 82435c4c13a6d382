"""CloudEvents 1.0 as other libraries and senders write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from aias.errors import InvalidArgument
from aias.triggers import read_cloudevents

ATTRIBUTES = {"specversion": "1.0", "id": "A-1", "source": "/till/3", "type": "com.example.paid"}


def structured(**more: Any) -> tuple[dict[str, str], bytes]:
    return {"Content-Type": "application/cloudevents+json; charset=utf-8"}, json.dumps({**ATTRIBUTES, **more}).encode()


def test_a_structured_event_is_read() -> None:
    (event,) = read_cloudevents(*structured(data={"n": 1}, time="2026-05-01T12:00:00Z", subject="order 7"))
    assert (event.id, event.source, event.type, event.data) == ("A-1", "/till/3", "com.example.paid", {"n": 1})
    assert (event.time, event.subject) == (datetime(2026, 5, 1, 12, tzinfo=UTC), "order 7")


def test_a_binary_event_is_read() -> None:
    headers = {f"ce-{name}": value for name, value in ATTRIBUTES.items()} | {"ce-subject": "caf%C3%A9"}
    (event,) = read_cloudevents({**headers, "content-type": "application/json"}, b'{"n": [1]}')
    assert (event.id, event.data, event.subject) == ("A-1", {"n": [1]}, "café")
    (text,) = read_cloudevents({**headers, "content-type": "text/plain"}, b"hello")
    (image,) = read_cloudevents({**headers, "content-type": "image/png"}, b"\x89PNG")
    assert (text.data, image.data) == ("hello", {"base64": "iVBORw==", "content_type": "image/png"})


def test_a_batch_is_read_in_order() -> None:
    body = json.dumps([{**ATTRIBUTES, "id": str(n)} for n in range(3)]).encode()
    events = read_cloudevents({"content-type": "application/cloudevents-batch+json"}, body)
    assert [event.id for event in events] == ["0", "1", "2"]


def test_data_in_base64_is_read_by_its_type() -> None:
    (event,) = read_cloudevents(*structured(data_base64="eyJuIjogMX0=", datacontenttype="application/json"))
    assert event.data == {"n": 1}


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (({}, b"{}"), "no CloudEvent"),
        (structured(specversion="0.3"), "specversion is 1.0"),
        (structured(id=""), "attribute id is missing"),
        (structured(type=7), "attribute type is missing"),
        (structured(time="yesterday"), "no RFC 3339"),
        (structured(time="2026-05-01T12:00:00"), "no offset"),
        (structured(data=1, data_base64=""), "not both"),
        (structured(data_base64="%"), "not base64"),
        (({"content-type": "application/cloudevents+json"}, b"["), "not JSON"),
        (({"content-type": "application/cloudevents-batch+json"}, b"{}"), "JSON array"),
    ],
)
def test_what_is_no_event_is_refused(request_: tuple[dict[str, str], bytes], says: str) -> None:
    with pytest.raises(InvalidArgument, match=says):
        read_cloudevents(*request_)


def made(data: Any, **more: Any) -> CloudEvent:
    """An event of the specification's own library."""
    time = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
    return CloudEvent({**ATTRIBUTES, "time": time, "datacontenttype": "application/json", **more}, data)


@pytest.mark.parametrize("write", [to_structured_event, to_binary_event])
@pytest.mark.parametrize("data", [{"n": [1, 2.5, None], "name": "Zoë Ünïcode Test"}, [], 7])
def test_what_the_library_of_the_specification_writes_is_read(write: Any, data: Any) -> None:
    message = write(made(data, subject="株式会社テスト & co"))
    (event,) = read_cloudevents(message.headers, message.body)
    assert (event.id, event.source, event.type, event.data) == ("A-1", "/till/3", "com.example.paid", data)
    assert (event.time, event.subject) == (datetime(2026, 5, 1, 12, 30, tzinfo=UTC), "株式会社テスト & co")
