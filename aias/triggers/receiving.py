"""Taking a webhook: verified before it is read, stored with what it starts in one transaction, then answered."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, cast
from uuid import UUID, uuid4

import structlog
from psycopg import AsyncConnection
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from aias.db import Pool
from aias.errors import ConfigurationError
from aias.integrations.credentials import SealedFor, load_keyring
from aias.settings import get_settings
from aias.triggers.kinds import WebhookSecret
from aias.triggers.mapping import decide
from aias.triggers.signatures import Style, is_genuine
from aias.workflows import TemplateError, json_problems, load_json

__all__ = ["Answer", "Decision", "decide_on", "receive", "take"]

_log = structlog.stdlib.get_logger(__name__)

_KEPT_HEADERS: Final = ("content-type", "user-agent")
_KEPT_PREFIXES: Final = ("x-shopify-", "shopify-", "webhook-", "x-github-", "ce-")
_SIGNATURES: Final = ("hmac", "signature", "secret", "token")
_LONGEST: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the sender is told: the status, and why or (202, 409) which delivery."""

    status: HTTPStatus
    detail: str
    delivery: UUID | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Webhook:
    tenant_id: UUID
    tenant: str
    id: UUID
    name: str
    style: Style
    integration_id: UUID
    config: dict[str, Any]
    secret: bytes
    key_id: str
    wrapped_key: bytes | None
    master_key_id: str | None
    condition: str | None
    mapping: dict[str, Any] | None
    max_bytes: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to become of a delivery: ``start`` with an input, ``filtered``, or ``failed`` with an error."""

    outcome: str
    input: Any = None
    error: dict[str, Any] | None = None


async def receive(pool: Pool, token: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Take one request to ``/hooks/{token}``; what it starts is committed when this returns.

    404 unknown token, 413 too large, 401 not genuine, 400 no JSON, 409 a known delivery id with another body, 202
    taken: the same answer for the same delivery, however often it comes.

    Raises:
        ConfigurationError: the webhook's secret can't be unsealed by this process.
    """
    async with pool.connection() as conn:
        webhook = await _find(conn, token)
        if webhook is None:
            return Answer(status=HTTPStatus.NOT_FOUND, detail="there is no such webhook")
        if len(body) > webhook.max_bytes:
            told = f"a body has at most {webhook.max_bytes} bytes here"
            return Answer(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail=told)
        lower = {name.lower(): value for name, value in headers.items()}
        secrets = _secret(webhook).live(webhook.now)
        if not is_genuine(
            webhook.style, lower, body, secrets=secrets, now=webhook.now, header=webhook.config.get("header")
        ):
            _log.warning("a webhook is not genuine", webhook=webhook.name, tenant=webhook.tenant)
            return Answer(status=HTTPStatus.UNAUTHORIZED, detail="the signature is not valid")
        try:
            payload = load_json(body.decode())
        except ValueError as error:
            return Answer(status=HTTPStatus.BAD_REQUEST, detail=f"the body is not JSON: {error}")
        if problems := json_problems(payload):
            return Answer(status=HTTPStatus.BAD_REQUEST, detail=f"the body can't be kept: {problems[0]}")
        described = _describe(webhook.style, webhook.config, lower, payload)
        decision = decide_on(webhook.condition, webhook.mapping, described, payload)
        delivery, status = await take(
            conn,
            webhook.tenant_id,
            webhook.id,
            described,
            payload,
            hashlib.sha256(body).digest(),
            decision,
        )
    if status == "conflict":
        told = "this delivery id came before with another body"
        return Answer(status=HTTPStatus.CONFLICT, detail=told, delivery=delivery, outcome=status)
    return Answer(status=HTTPStatus.ACCEPTED, detail="taken", delivery=delivery, outcome=status)


async def _find(conn: AsyncConnection[Any], token: str) -> _Webhook | None:
    async with conn.cursor(row_factory=class_row(_Webhook)) as cursor:
        await cursor.execute(
            "select tenant_id, tenant, id, name, style, integration_id, config, secret, key_id, wrapped_key,"
            " master_key_id, condition, mapping, max_bytes, now from aias_private.find_webhook(%s)",
            (hashlib.sha256(token.encode()).digest(),),
        )
        return await cursor.fetchone()


def _secret(webhook: _Webhook) -> WebhookSecret:
    row = SealedFor(tenant_id=webhook.tenant_id, integration_id=webhook.integration_id, name=webhook.name)
    try:
        opened = load_keyring(get_settings()).open(
            webhook.secret,
            row,
            key_id=webhook.key_id,
            wrapped=webhook.wrapped_key,
            master_key_id=webhook.master_key_id,
        )
    except ConfigurationError:
        _log.exception("a webhook's secret can't be unsealed", webhook=webhook.name, tenant=webhook.tenant)
        raise
    return WebhookSecret.model_validate(opened)


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


async def take(
    conn: AsyncConnection[Any],
    tenant_id: UUID,
    webhook: UUID,
    described: Mapping[str, Any],
    payload: Any,
    body_hash: bytes,
    decision: Decision,
) -> tuple[UUID, str]:
    """Store a delivery with what it starts, in one transaction; gives its id and status (the former ones if known)."""
    async with conn.transaction(), conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            "select id, status from aias_private.take_delivery(%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                tenant_id,
                webhook,
                Jsonb(dict(described)),
                Jsonb(payload),
                body_hash,
                decision.outcome,
                None if decision.input is None else Jsonb(decision.input),
                None if decision.error is None else Jsonb(decision.error),
            ),
        )
        (row,) = await cursor.fetchall()
        return row["id"], row["status"]


def _describe(style: Style, config: Mapping[str, Any], headers: Mapping[str, str], payload: Any) -> dict[str, Any]:
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
