"""One intent of the ledger of effects: who it is, and the words that change it, each a transaction of its own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID, uuid5

from pydantic import JsonValue

from aias.integrations import effect_queries as queries
from aias.integrations.connections import Connection
from aias.integrations.reaching import own_database
from aias.plugins import ActionContext

__all__ = ["Intent", "request_hash"]

_KEYS = UUID("6b1d1a0e-6a52-5c39-9e0a-2f7d3b6a8c11")
"""The namespace of our idempotency keys (RFC 9562, version 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a step wants to happen outside."""

    context: ActionContext
    asked: queries.AskedEffect
    part: str

    @classmethod
    def of(
        cls,
        context: ActionContext,
        connection: Connection[Any, Any] | None,
        *,
        operation: str,
        request: Any,
        part: str,
    ) -> Intent:
        """Give the step's intent; its key is the same for the same request on every attempt."""
        label = None if connection is None else connection.label
        digest = request_hash(operation, label, request)
        key = uuid5(_KEYS, f"{context.idempotency_key}/{part}/{digest.hex()}")
        asked = queries.AskedEffect(operation=operation, connection=label, request_hash=digest, key=key)
        return cls(context=context, asked=asked, part=part)

    @property
    def operation(self) -> str:
        """What is asked for."""
        return self.asked.operation

    @property
    def label(self) -> str:
        """How messages name it."""
        return self.operation if self.asked.connection is None else f"{self.asked.connection}: {self.operation}"

    @property
    def detail(self) -> dict[str, Any]:
        """What an error says of it, so that a person finds its row."""
        item = self.context.item
        step = self.context.step_id if item is None else f"{self.context.step_id}[{item}]"
        named = {"operation": self.operation, "step": step}
        return {"effect": {**named, "part": self.part} if self.part else named}

    async def begin(
        self, *, hold: timedelta, is_resend: bool = False, settles_within: timedelta | None = None
    ) -> queries.KnownEffect:
        """Write the intent down, or learn what is known of it; committed when this returns.

        Raises:
            Deferred: the database can't be reached just now; nothing was sent.
        """
        async with own_database(self.context.pool) as conn:
            return await queries.begin_effect(
                conn,
                self._place,
                self.asked,
                hold=hold,
                is_resend=is_resend,
                settles_within=settles_within,
            )

    async def settle(self, state: Literal["done", "refused"], response: JsonValue) -> bool:
        """Note what came of it; false when this worker's attempt was superseded."""
        async with self.context.pool.connection() as conn:
            return await queries.settle_effect(conn, self._place, state=state, response=response)

    async def doubt(self, *, is_final: bool) -> bool:
        """Note that its call is over and the outcome unknown; false when this worker's attempt was superseded."""
        async with self.context.pool.connection() as conn:
            return await queries.doubt_effect(conn, self._place, is_final=is_final)

    @property
    def _place(self) -> queries.EffectPlace:
        item = self.context.item
        return queries.EffectPlace(
            tenant_id=self.context.tenant_id,
            execution_id=self.context.execution_id,
            attempt=self.context.execution_attempt,
            step_id=self.context.step_id,
            item=-1 if item is None else item,
            part=self.part,
        )


def request_hash(operation: str, connection: str | None, request: Any) -> bytes:
    """Give the SHA-256 of a request as canonical JSON: keys sorted, no spaces, numbers as they are.

    Raises:
        ValueError: NaN or infinity.
    """
    written = json.dumps(
        [operation, connection, request], sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain
    )
    return hashlib.sha256(written.encode()).digest()


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} is not JSON")
