"""The rows of this domain."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

__all__ = ["Channel", "ClaimedDelivery", "Notification", "StoredKey"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where a tenant, or the operators (no tenant), are told."""

    tenant: str | None
    id: UUID
    name: str
    kind: str
    config: dict[str, Any]
    min_severity: str
    kinds: list[str] | None
    is_enabled: bool
    failing_since: datetime | None
    last_error: str | None
    waiting_count: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A notice in one channel, and how its delivery went."""

    tenant: str | None
    id: UUID
    notice_id: UUID
    channel: str
    channel_kind: str
    kind: str
    severity: str
    title: str
    body: str
    details: dict[str, Any]
    status: str
    attempt_count: int
    doubt_count: int
    next_at: datetime | None
    last_error: str | None
    created_at: datetime
    delivered_at: datetime | None
    given_up_at: datetime | None
    read_at: datetime | None
    read_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedDelivery:
    """A notice that this process sends, and the channel's sealed secret. Its repr shows no secret."""

    tenant_id: UUID
    """The nil UUID for the operators."""
    id: UUID
    attempt_count: int
    channel: str
    channel_kind: str
    config: dict[str, Any]
    sealed_id: UUID
    """The row that the secret is sealed for."""
    secret: bytes | None = field(repr=False)
    key_id: str | None
    wrapped_key: bytes | None = field(repr=False)
    master_key_id: str | None
    notice_id: UUID
    kind: str
    severity: str
    title: str
    body: str
    details: dict[str, Any]
    created_at: datetime
    now: datetime
    person: dict[str, Any] | None
    """Whom the mail goes to instead of the channel's recipients: email, name, language, token, ...; None: nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """The operators' key, wrapped by a master key."""

    key_id: str
    wrapped: bytes = field(repr=False)
    master_key_id: str
