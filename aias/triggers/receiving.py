"""What becomes of a webhook's delivery: what it is about, what it starts, and how both are stored."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from aias.tracing import TraceContext, current, current_request_id
from aias.triggers.mapping import decide
from aias.triggers.signatures import Style
from aias.workflows import TemplateError

__all__ = ["Decision", "Taking", "decide_on", "describe", "take"]

_KEPT_HEADERS: Final = ("content-type", "user-agent")
_KEPT_PREFIXES: Final = ("x-shopify-", "shopify-", "webhook-", "x-github-", "ce-")
_SIGNATURES: Final = ("hmac", "signature", "secret", "token")
_LONGEST: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to become of a delivery: ``start`` with an input, ``filtered``, or ``failed`` with an error."""

    outcome: str
    input: Any = None
    error: dict[str, Any] | None = None


def decide_on(
    condition: str | None, mapping: Mapping[str, Any] | None, described: Mapping[str, Any], payload: Any
) -> Decision:
    """Apply a webhook's condition and mapping; a template that fails is the delivery's error, not the sender's."""
    variables = {
        "payload": payload,
        "topic": described["topic"],
        "account": described["account"],
        "headers": described["headers"],
    }
    try:
        made = decide(condition, mapping, variables)
    except TemplateError as error:
        return Decision(outcome="failed", error={"type": "Template", "message": str(error)})
    return Decision(outcome="filtered") if made is None else Decision(outcome="start", input=made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """A verified delivery on its way into the database."""

    tenant_id: UUID
    webhook: UUID
    described: Mapping[str, Any]
    payload: Any
    body_hash: bytes
    decision: Decision
    version: str | None = None
    """The version of the webhook that was decided by; None: whatever it is like."""
    until: datetime | None = None
    """When the secrets that it was verified by are not good any more."""
    trace: TraceContext | None = field(default_factory=current)
    request_id: str | None = field(default_factory=current_request_id)

    def delivery(self) -> dict[str, Any]:
        """Give what is known of the delivery, and of the request that it came with."""
        found = dict(self.described)
        if self.trace is not None:
            found |= {
                "trace_parent": self.trace.trace_parent,
                "correlation_id": self.trace.given_correlation_id,
                "request_id": self.request_id,
            }
        return found

    def to_json(self) -> dict[str, Any]:
        """Give it as ``aias_private.take_deliveries`` takes it."""
        return {
            "tenant": str(self.tenant_id),
            "webhook": str(self.webhook),
            "delivery": self.delivery(),
            "payload": self.payload,
            "body_hash": self.body_hash.hex(),
            "outcome": self.decision.outcome,
            # without a mapping the payload is the input, and is sent once
            **({} if self.decision.input is self.payload else {"input": self.decision.input}),
            "error": self.decision.error,
            "version": self.version,
            "until": None if self.until is None else self.until.isoformat(),
        }


async def take(conn: AsyncConnection[Any], taking: Taking) -> tuple[UUID, str] | None:
    """Store a delivery with what it starts, in one transaction; gives its id and status (the former ones if known).

    None, and nothing is stored: the webhook is gone, disabled, or not what it was when this was decided.
    """
    async with conn.transaction(), conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            "select id, status from aias_private.take_delivery(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                taking.tenant_id,
                taking.webhook,
                Jsonb(taking.delivery()),
                Jsonb(taking.payload),
                taking.body_hash,
                taking.decision.outcome,
                None if taking.decision.input is None else Jsonb(taking.decision.input),
                None if taking.decision.error is None else Jsonb(taking.decision.error),
                taking.version,
                taking.until,
            ),
        )
        row = await cursor.fetchone()
        return None if row is None else (row["id"], row["status"])


def describe(style: Style, config: Mapping[str, Any], headers: Mapping[str, str], payload: Any) -> dict[str, Any]:
    """Say which delivery it is and what it is about, from where the style puts that."""
    body = cast("dict[str, Any]", payload) if isinstance(payload, dict) else {}

    def shopify(name: str) -> str | None:
        return headers.get(f"x-shopify-{name}") or headers.get(f"shopify-{name}")

    found: dict[str, Any] = {"source_event_id": None, "account": None}
    match style:
        case "shopify":
            found |= {"delivery_id": shopify("webhook-id"), "topic": shopify("topic")}
            found |= {"source_event_id": shopify("event-id"), "account": shopify("shop-domain")}
        case "standard":
            found |= {"delivery_id": headers["webhook-id"], "topic": body.get("type")}
        case "github":
            found |= {"delivery_id": headers.get("x-github-delivery"), "topic": headers.get("x-github-event")}
        case "stripe":
            found |= {"delivery_id": body.get("id"), "topic": body.get("type"), "account": body.get("account")}
        case "wave":
            found |= {"delivery_id": body.get("event_id"), "topic": body.get("event_type")}
            found |= {"account": body.get("business_id")}
        case "shared":
            found |= {"delivery_id": headers.get((config.get("id_header") or "").lower())}
            found |= {"topic": headers.get((config.get("topic_header") or "").lower())}
    described = {name: _text(value) for name, value in found.items()}
    # one that brings no id is one of its own
    described["delivery_id"] = described["delivery_id"] or str(uuid4())
    return {**described, "headers": _kept(headers)}


def _text(value: Any) -> str | None:
    """Give what a sender says of itself as a short text; too long an id by its hash, so that it stays one."""
    if value is None or value == "" or isinstance(value, dict | list):
        return None
    text = str(value).replace("\x00", "")
    return text if len(text) <= _LONGEST else hashlib.sha256(text.encode()).hexdigest()


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value[:1000].replace("\x00", "")
        for name, value in sorted(headers.items())
        if (name in _KEPT_HEADERS or name.startswith(_KEPT_PREFIXES)) and not any(word in name for word in _SIGNATURES)
    }
