"""Taking webhooks: verified before they are read, stored with what they start in one transaction, then answered.

What comes at the same time is looked up together and stored together: a look and a commit for all of a moment. What was
looked up is remembered for some seconds, and compared with what is stored as a delivery is taken.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from aias.db import Gathered
from aias.errors import ConfigurationError
from aias.integrations.credentials import Keyring, SealedFor, load_keyring
from aias.settings import get_settings
from aias.tracing import Span, TraceContext, exporter, tell
from aias.triggers.kinds import WebhookSecret
from aias.triggers.receiving import Taking, decide_on, describe, take
from aias.triggers.remembered import Remembered, Webhooks
from aias.triggers.signatures import is_genuine
from aias.workflows import json_problems, load_json

__all__ = ["Answer", "Intake", "Lend"]

_log = structlog.stdlib.get_logger(__name__)

Lend = Callable[[], AbstractAsyncContextManager[AsyncConnection[Any]]]
"""What lends an autocommitting connection: ``pool.connection``."""

_MOST: Final = 100
_MOST_TAKEN: Final = 16
_WRITERS: Final = 2
"""While the database stores one group, the next is verified, and the one before answered."""
_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the sender is told: the status, and why or (202, 409) which delivery."""

    status: HTTPStatus
    detail: str
    delivery: UUID | None = None
    outcome: str | None = None


class _AloneError(Exception):
    """Nothing of a group was stored: its members are stored each by itself, so that none suffers for another."""


class Intake:
    """Takes webhooks over connections that it is lent, three at most for all that come at the same time."""

    def __init__(self, lend: Lend) -> None:
        self._lend = lend
        self._known = Webhooks()
        self._finds = Gathered[bytes, Remembered | None](self._find, most=_MOST)
        self._takes = Gathered[Taking, tuple[UUID, str] | None](self._take, most=_MOST_TAKEN, writers=_WRITERS)

    async def receive(self, token: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Take one request to ``/hooks/{token}``; what it starts is committed when this returns.

        404 unknown token, 413 too large, 401 not genuine, 400 no JSON, 409 a known delivery id with another body, 202
        taken: the same answer for the same delivery, however often it comes. 503: the webhook is just being changed.

        Raises:
            ConfigurationError: the webhook's secret can't be unsealed by this process.
            psycopg.Error: the database is out of reach; whether the delivery was stored is not known, and sent again
                it is stored once.
        """
        token_hash = hashlib.sha256(token.encode()).digest()
        lower = {name.lower(): value for name, value in headers.items()}
        known = self._known.get(token_hash)
        if known is not None:
            taking = _check(known, lower, body)
            if isinstance(taking, Taking) and (taken := await self._taken(taking, len(body))) is not None:
                return taken
            # refused, or out of date: what the database says now decides
            self._known.forget(token_hash)
        for _ in range(_ATTEMPTS):
            webhook = await self._finds.call(token_hash)
            if webhook is None:
                return Answer(status=HTTPStatus.NOT_FOUND, detail="there is no such webhook")
            taking = _check(webhook, lower, body)
            if isinstance(taking, Answer):
                if taking.status == HTTPStatus.UNAUTHORIZED:
                    _log.warning("a webhook is not genuine", webhook=webhook.name, tenant=webhook.tenant)
                return taking
            if (taken := await self._taken(taking, len(body))) is not None:
                self._known.put(token_hash, webhook)
                return taken
        return Answer(status=HTTPStatus.SERVICE_UNAVAILABLE, detail="the webhook is being changed")

    async def _taken(self, taking: Taking, size: int) -> Answer | None:
        """Store a delivery; None where its webhook is not what it was when that was decided."""
        try:
            taken = await self._takes.call(taking, size=size)
        except _AloneError:
            async with self._lend() as conn:
                taken = await take(conn, taking)
        if taken is None:
            return None
        delivery, status = taken
        if exporter() is not None and taking.trace is not None:
            tell(_span(taking, taking.trace, delivery, status))
        if status == "conflict":
            told = "this delivery id came before with another body"
            return Answer(status=HTTPStatus.CONFLICT, detail=told, delivery=delivery, outcome=status)
        return Answer(status=HTTPStatus.ACCEPTED, detail="taken", delivery=delivery, outcome=status)

    async def _find(self, token_hashes: Sequence[bytes]) -> list[Remembered | ConfigurationError | None]:
        async with self._lend() as conn, conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(
                "select token_hash, tenant_id, tenant, id, name, style, integration_id, config, secret, key_id,"
                " wrapped_key, master_key_id, condition, mapping, max_bytes, now, version"
                " from aias_private.find_webhooks(%s)",
                (list(set(token_hashes)),),
            )
            rows = await cursor.fetchall()
        keyring = load_keyring(get_settings()) if rows else None
        found = {row.pop("token_hash"): _unsealed(row, keyring) for row in rows if keyring is not None}
        return [found.get(token_hash) for token_hash in token_hashes]

    async def _take(self, takings: Sequence[Taking]) -> Sequence[tuple[UUID, str] | _AloneError | None]:
        async with self._lend() as conn, conn.cursor(row_factory=dict_row) as cursor:
            try:
                await cursor.execute(
                    "select id, status from aias_private.take_deliveries(%s) order by place",
                    (Jsonb([taking.to_json() for taking in takings]),),
                )
            except psycopg.Error:
                if conn.closed:
                    raise
                return [_AloneError() for _ in takings]
            return [None if row["id"] is None else (row["id"], row["status"]) for row in await cursor.fetchall()]


def _span(taking: Taking, trace: TraceContext, delivery: UUID, status: str) -> Span:
    """The delivery as a span, for a collector: what it started names it as the span that caused it."""
    now = time.monotonic()
    return Span(
        kind="webhook_in",
        name=taking.described["topic"] or "webhook",
        context=trace.under(delivery.hex[16:]),
        parent_span_id=trace.span_id,
        began_at=now,
        ended_at=now,
        status="failed" if status in {"failed", "conflict"} else "succeeded",
        tenant_id=taking.tenant_id,
        request_id=taking.request_id,
        detail={"delivery": str(delivery), "outcome": status},
    )


def _check(webhook: Remembered, headers: Mapping[str, str], body: bytes) -> Answer | Taking:
    """Verify a delivery and decide on it; gives the answer to one that is refused."""
    if len(body) > webhook.max_bytes:
        told = f"a body has at most {webhook.max_bytes} bytes here"
        return Answer(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail=told)
    now = webhook.now()
    secrets = webhook.secret.live(now)
    if not is_genuine(webhook.style, headers, body, secrets=secrets, now=now, header=webhook.config.get("header")):
        return Answer(status=HTTPStatus.UNAUTHORIZED, detail="the signature is not valid")
    try:
        payload = load_json(body.decode())
    except ValueError as error:
        return Answer(status=HTTPStatus.BAD_REQUEST, detail=f"the body is not JSON: {error}")
    if problems := json_problems(payload):
        return Answer(status=HTTPStatus.BAD_REQUEST, detail=f"the body can't be kept: {problems[0]}")
    described = describe(webhook.style, webhook.config, headers, payload)
    return Taking(
        tenant_id=webhook.tenant_id,
        webhook=webhook.id,
        described=described,
        payload=payload,
        body_hash=hashlib.sha256(body).digest(),
        decision=decide_on(webhook.condition, webhook.mapping, described, payload),
        version=webhook.version,
        until=webhook.until(),
    )


def _unsealed(row: dict[str, Any], keyring: Keyring) -> Remembered | ConfigurationError:
    sealed_for = SealedFor(tenant_id=row["tenant_id"], integration_id=row.pop("integration_id"), name=row["name"])
    try:
        opened = keyring.open(
            row.pop("secret"),
            sealed_for,
            key_id=row.pop("key_id"),
            wrapped=row.pop("wrapped_key"),
            master_key_id=row.pop("master_key_id"),
        )
    except ConfigurationError as error:
        _log.exception("a webhook's secret can't be unsealed", webhook=row["name"], tenant=row["tenant"])
        return error
    return Remembered(secret=WebhookSecret.model_validate(opened), found_at=row.pop("now"), **row)
