"""A local Slack: incoming webhooks.

``POST`` JSON (``{"text": ...}``, with or without ``blocks`` and ``attachments``) to ``url``; the answer is ``ok`` as
plain text, or one of Slack's errors: ``invalid_payload``, ``no_text``, ``no_service``, ``too_many_attachments``.
Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request

from aias.simulators.delivery import Answer
from aias.simulators.graph import bounded_loads
from aias.simulators.journal import Call, as_array, as_object, summary
from aias.simulators.simulator import Simulator

__all__ = ["MESSAGE_LIMIT", "SlackSimulator"]

MESSAGE_LIMIT = 1000
"""How many messages are kept; older ones are dropped, their number is not."""

_PATH = "/services/TSIMULATE/BSIMULATE/simulator"
_ATTACHMENTS = 100


def _text(body: str, status: int = 200) -> Answer:
    error = None if status == 200 else body  # noqa: PLR2004 - the status itself
    return Answer(status=status, body=body.encode(), content_type="text/plain; charset=utf-8", error=error)


class SlackSimulator(Simulator):
    """The local Slack. ``url`` is the webhook."""

    name = "slack"

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(clock=clock)
        self.messages: deque[dict[str, Any]] = deque(maxlen=MESSAGE_LIMIT)
        self.message_count = 0

    @property
    def url(self) -> str:
        """Where messages are posted."""
        return f"{self.base_url}{_PATH}"

    def reset_state(self) -> None:
        """No messages."""
        self.messages.clear()
        self.message_count = 0

    def state(self) -> dict[str, Any]:
        """How many messages came, and how many of them are kept."""
        return {"messages": {"count": self.message_count, "kept": len(self.messages)}}

    def records(self) -> list[dict[str, Any]]:
        """The messages, the oldest first."""
        return list(self.messages)

    def ready(self) -> dict[str, Any]:
        """The webhook."""
        return {"url": self.url, "control_url": self.control_url}

    def read(self, request: Request, body: bytes) -> Call:
        """The message that is posted."""
        message = _message(body, request.headers.get("content-type", ""))
        return Call(
            operations=("webhook",) if request.url.path.startswith("/services/") else (),
            kind="webhook",
            variables=message or {},
            key=request.headers.get("idempotency-key"),
        )

    def answer(self, request: Request, body: bytes, call: Call) -> Answer:
        """Take the message."""
        del call
        if request.method != "POST":
            return _text("invalid_method", 405)
        if request.url.path != _PATH:
            return _text("no_service", 404)
        message = _message(body, request.headers.get("content-type", ""))
        if message is None:
            return _text("invalid_payload", 400)
        attachments = as_array(message.get("attachments") or [])
        if attachments is None or as_array(message.get("blocks") or []) is None:
            return _text("invalid_payload", 400)
        if len(attachments) > _ATTACHMENTS:
            return _text("too_many_attachments", 400)
        if not (message.get("text") or message.get("blocks") or attachments):
            return _text("no_text", 400)
        self.message_count += 1
        self.messages.append({"at": datetime.fromtimestamp(self.clock(), UTC).isoformat(), **summary(message)})
        self.changed()
        return _text("ok")

    def refusal(self, status: int) -> Answer:
        """Slack's word for this HTTP status."""
        words = {403: "action_prohibited", 404: "channel_not_found", 410: "channel_is_archived", 429: "rate_limited"}
        return _text(words.get(status, "rollup_error"), status)


def _message(body: bytes, content_type: str) -> dict[str, Any] | None:
    """The message in a body: JSON, or a form whose field ``payload`` is JSON."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        body = parse_qs(body.decode(errors="replace")).get("payload", [""])[0].encode()
    try:
        return as_object(bounded_loads(body))
    except ValueError:
        return None
