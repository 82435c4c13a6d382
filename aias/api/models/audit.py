"""The audit log and the cache over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from aias.api.models.base import Given, Shown

__all__ = ["AuditShown", "CacheNamespace", "CacheShown", "Invalidate"]


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
