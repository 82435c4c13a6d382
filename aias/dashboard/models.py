"""The rows of this domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

__all__ = ["Account", "Session"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is signed in, and what they may do."""

    id: UUID
    tenant_id: UUID | None
    """None for an operator of the platform."""
    tenant: str | None
    looks_at: UUID | None
    """The tenant into which an operator looks."""
    looks_at_tenant: str | None
    user_id: UUID | None
    key_id: str | None
    name: str
    scopes: list[str]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person of a tenant, to whom a link is mailed."""

    tenant_id: UUID
    tenant: str
    """The tenant's name to show."""
    user_id: UUID
    email: str
