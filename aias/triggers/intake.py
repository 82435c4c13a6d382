"""Taking webhooks: verified before they are read, stored with what they start in one transaction, then answered.

What comes at the same time is looked up together and stored together: a look and a commit for all of a moment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from aias.db import Gathered
from aias.errors import ConfigurationError
from aias.integrations.credentials import Keyring, SealedFor, load_keyring
from aias.settings import get_settings
from aias.triggers.kinds import WebhookSecret
from aias.triggers.receiving import Decision, decide_on, describe, take
from aias.triggers.signatures import Style, is_genuine
from aias.workflows import json_problems, load_json

__all__ = ["Answer", "Intake", "Lend"]

_log = structlog.stdlib.get_logger(__name__)

Lend = Callable[[], AbstractAsyncContextManager[AsyncConnection[Any]]]
"""What lends an autocommitting connection: ``pool.connection``."""

_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the sender is told: the status, and why or (202, 409) which delivery."""

    status: HTTPStatus
    detail: str
    delivery: UUID | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A webhook as it is stored."""

    token_hash: bytes
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
class _Webhook:
    """A webhook, and the secrets that are good now."""

    row: _Row
    secrets: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taking:
    """A verified delivery on its way into the database."""

    tenant_id: UUID
    webhook: UUID
    described: Mapping[str, Any]
    payload: Any
    body_hash: bytes
    decision: Decision

    def to_json(self) -> dict[str, Any]:
        """Give it as ``aias_private.take_deliveries`` takes it."""
        return {
            "tenant": str(self.tenant_id),
            "webhook": str(self.webhook),
            "delivery": dict(self.described),
            "payload": self.payload,
            "body_hash": self.body_hash.hex(),
            "outcome": self.decision.outcome,
            "input": self.decision.input,
            "error": self.decision.error,
        }


class _AloneError(Exception):
    """Nothing of a group was stored: its members are stored each by itself, so that none suffers for another."""


class Intake:
    """Takes webhooks over connections that it is lent, two at most for all that come at the same time."""

    def __init__(self, lend: Lend) -> None:
        self._lend = lend
        self._finds = Gathered[bytes, _Webhook | None](self._find, most=_MOST)
        self._takes = Gathered[_Taking, tuple[UUID, str]](self._take, most=_MOST)

    async def receive(self, token: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Take one request to ``/hooks/{token}``; what it starts is committed when this returns.

        404 unknown token, 413 too large, 401 not genuine, 400 no JSON, 409 a known delivery id with another body, 202
        taken: the same answer for the same delivery, however often it comes.

        Raises:
            ConfigurationError: the webhook's secret can't be unsealed by this process.
            psycopg.Error: the database is out of reach; whether the delivery was stored is not known, and sent again
                it is stored once.
        """
        webhook = await self._finds.call(hashlib.sha256(token.encode()).digest())
        if webhook is None:
            return Answer(status=HTTPStatus.NOT_FOUND, detail="there is no such webhook")
        row = webhook.row
        if len(body) > row.max_bytes:
            told = f"a body has at most {row.max_bytes} bytes here"
            return Answer(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail=told)
        lower = {name.lower(): value for name, value in headers.items()}
        header = row.config.get("header")
        if not is_genuine(row.style, lower, body, secrets=webhook.secrets, now=row.now, header=header):
            _log.warning("a webhook is not genuine", webhook=row.name, tenant=row.tenant)
            return Answer(status=HTTPStatus.UNAUTHORIZED, detail="the signature is not valid")
        try:
            payload = load_json(body.decode())
        except ValueError as error:
            return Answer(status=HTTPStatus.BAD_REQUEST, detail=f"the body is not JSON: {error}")
        if problems := json_problems(payload):
            return Answer(status=HTTPStatus.BAD_REQUEST, detail=f"the body can't be kept: {problems[0]}")
        described = describe(row.style, row.config, lower, payload)
        taking = _Taking(
            tenant_id=row.tenant_id,
            webhook=row.id,
            described=described,
            payload=payload,
            body_hash=hashlib.sha256(body).digest(),
            decision=decide_on(row.condition, row.mapping, described, payload),
        )
        try:
            delivery, status = await self._takes.call(taking, size=len(body))
        except _AloneError:
            delivery, status = await self._take_alone(taking)
        if status == "conflict":
            told = "this delivery id came before with another body"
            return Answer(status=HTTPStatus.CONFLICT, detail=told, delivery=delivery, outcome=status)
        return Answer(status=HTTPStatus.ACCEPTED, detail="taken", delivery=delivery, outcome=status)

    async def _find(self, token_hashes: Sequence[bytes]) -> list[_Webhook | ConfigurationError | None]:
        async with self._lend() as conn, conn.cursor(row_factory=class_row(_Row)) as cursor:
            await cursor.execute(
                "select token_hash, tenant_id, tenant, id, name, style, integration_id, config, secret, key_id,"
                " wrapped_key, master_key_id, condition, mapping, max_bytes, now"
                " from aias_private.find_webhooks(%s)",
                (list(set(token_hashes)),),
            )
            rows = await cursor.fetchall()
        keyring = load_keyring(get_settings()) if rows else None
        found = {row.token_hash: _unsealed(row, keyring) for row in rows if keyring is not None}
        return [found.get(token_hash) for token_hash in token_hashes]

    async def _take(self, takings: Sequence[_Taking]) -> Sequence[tuple[UUID, str] | _AloneError]:
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
            return [(row["id"], row["status"]) for row in await cursor.fetchall()]

    async def _take_alone(self, taking: _Taking) -> tuple[UUID, str]:
        async with self._lend() as conn:
            return await take(
                conn,
                taking.tenant_id,
                taking.webhook,
                taking.described,
                taking.payload,
                taking.body_hash,
                taking.decision,
            )


def _unsealed(row: _Row, keyring: Keyring) -> _Webhook | ConfigurationError:
    sealed_for = SealedFor(tenant_id=row.tenant_id, integration_id=row.integration_id, name=row.name)
    try:
        opened = keyring.open(
            row.secret, sealed_for, key_id=row.key_id, wrapped=row.wrapped_key, master_key_id=row.master_key_id
        )
    except ConfigurationError as error:
        _log.exception("a webhook's secret can't be unsealed", webhook=row.name, tenant=row.tenant)
        return error
    return _Webhook(row=row, secrets=WebhookSecret.model_validate(opened).live(row.now))
