"""The audit log and the cache over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from aias.api.models.base import Given, Shown

__all__ = ["AuditShown", "AuditVerified", "CacheNamespace", "CacheShown", "Invalidate", "VerifyAudit"]


class AuditShown(Shown):
    """Who did what."""

    id: UUID = Field(description="The entry's id (UUIDv7: ordering by it is ordering by time).")
    tenant: str | None = Field(description="The tenant that it concerned; null for the system itself.")
    at: datetime = Field(description="When.")
    actor: str = Field(description="Who: key:ID for a call over HTTP.")
    actor_kind: str = Field(description="user, administrator, application, trigger, worker or system.")
    action: str = Field(description="What, as object.verb: execution.started, workflow.applied, ...")
    object_kind: str = Field(description="To what kind of thing.")
    object_id: str = Field(description="To which one.")
    detail: dict[str, Any] = Field(description="The particulars: before and after, where something changed.")
    request_id: str | None = Field(description="The HTTP request that it was part of.")
    address: str | None = Field(description="The address that the request came from.")
    correlation_id: str | None = Field(description="The correlation id that it was done under.")
    trace_id: str | None = Field(description="The trace that it was part of: `/v1/traces/{id}` shows it.")


class VerifyAudit(Given):
    """Which seals to look at; nothing given: all."""

    from_seal: int | None = Field(default=None, ge=1, le=2**63 - 1, description="From this seal on.", examples=[1])
    to_seal: int | None = Field(default=None, ge=1, le=2**63 - 1, description="Up to this seal.")


class AuditVerified(Shown):
    """Whether the audit log is what was sealed."""

    ok: bool = Field(description="Whether all of it is, and the guards against changes are on.")
    checked: int = Field(description="How many rows were read.")
    first_bad_id: UUID | None = Field(description="The first row that was altered, is missing or was inserted.")
    reason: str | None = Field(description="What is wrong, in words.")
    finding: str | None = Field(
        description="altered, missing, inserted, seal_altered, seal_missing or guard_off; null when all is well."
    )
    bad_seal: int | None = Field(description="The seal that it was found under.")
    archived: int = Field(description="How many rows of these seals are in the archive alone.")
    unsealed: int = Field(description="How many rows came after the last seal.")
    from_seal: int = Field(description="The first seal that was looked at.")
    to_seal: int = Field(description="The last; 0 when nothing was sealed yet.")
    head_hash: str | None = Field(description="The hash of the last seal, in hexadecimal.")


class CacheNamespace(Shown):
    """How a part of the cache is used."""

    namespace: str = Field(description="Its name.")
    memory_hit_count: int = Field(description="Uses that a process answered from its own memory.")
    hit_count: int = Field(description="Uses that the cache in the database answered.")
    miss_count: int = Field(description="Uses for which the value was computed.")
    wait_count: int = Field(description="Uses that waited for another process to compute the value.")
    failure_count: int = Field(description="Uses in which the cache did not answer; they are misses too.")
    hit_rate: float | None = Field(description="From 0 to 1; null before the first use.")
    entry_count: int = Field(description="How many values it holds.")
    byte_count: int = Field(description="How many bytes these have.")


class CacheShown(Shown):
    """The cache."""

    items: list[CacheNamespace] = Field(description="The namespaces, by name.")


class Invalidate(Given):
    """What to forget; nothing given: everything."""

    namespace: str | None = Field(
        default=None, min_length=1, max_length=63, description="A namespace.", examples=["plans"]
    )
    key: str | None = Field(default=None, max_length=500, description="A key of the namespace.")
    tag: str | None = Field(default=None, min_length=1, max_length=200, description="Or what carries this tag.")
