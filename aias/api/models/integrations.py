"""Connections over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AnyHttpUrl, Field

from aias.api.models.base import Given, Shown

__all__ = ["CheckedShown", "Connect", "ConnectedShown", "Consent", "ConsentAsked", "Consented", "IntegrationShown"]


class IntegrationShown(Shown):
    """A connection to another service, without its credentials."""

    id: UUID = Field(description="Its id (UUIDv7).")
    tenant: str = Field(description="The slug of its tenant.")
    kind: str = Field(description="What it connects to: shopify, wave, slack, email or http.")
    name: str = Field(description="Its name; steps name it.")
    status: str = Field(description="connected, failing (the last check found it broken) or revoked.")
    status_reason: str | None = Field(description="Why it is not connected.")
    config: dict[str, Any] = Field(description="Its settings.")
    scopes: str | None = Field(description="What was granted, in the other service's words.")
    latency_ms: int | None = Field(description="Milliseconds that its last check took.")
    last_checked_at: datetime | None = Field(description="When it was last checked.")
    last_ok_at: datetime | None = Field(description="When a check last found it working.")
    last_error: str | None = Field(description="What the last check found wrong.")
    token_expires_at: datetime | None = Field(description="When its access token ends.")
    connected_at: datetime = Field(description="When its credentials were last given.")


class Connect(Given):
    """The settings and the credentials."""

    config: dict[str, Any] = Field(
        default={}, description="The settings of the kind.", examples=[{"shop": "acme.myshopify.com"}]
    )
    secret: dict[str, Any] = Field(
        description="The credentials of the kind; sealed before they are stored, and never shown.",
        examples=[{"access_token": "shpat_..."}],
    )
    tried: bool = Field(default=True, description="Whether they are tried first: what is refused is not stored.")


class ConnectedShown(IntegrationShown):
    """A connection that was made or renewed."""

    problem: str | None = Field(description="Why it could not be tried just now; it is stored all the same.")


class Consent(Given):
    """What is to be connected by consent, and where the browser comes back to."""

    config: dict[str, Any] = Field(
        default={}, description="The settings of the kind.", examples=[{"shop": "acme.myshopify.com"}]
    )
    redirect_uri: AnyHttpUrl = Field(
        description="A page of yours, known to the other service; it hands its query string on.",
        examples=["https://example.com/connected"],
    )
    scopes: str | None = Field(default=None, max_length=2000, description="What to ask for; default: the setting.")


class ConsentAsked(Shown):
    """Where to send the browser."""

    url: str = Field(description="The other service's page that asks for consent.")
    expires_in: float = Field(description="Seconds until the consent must be back.")


class Consented(Given):
    """What the browser came back with."""

    query: str = Field(
        max_length=10_000, description="The raw query string.", examples=["code=0&state=1&shop=acme.myshopify.com"]
    )


class CheckedShown(Shown):
    """What trying a connection came to."""

    is_working: bool | None = Field(description="Null where it could not be tried.")
    is_refused: bool = Field(description="Whether the credentials themselves were refused.")
    latency_ms: int | None = Field(description="How long it took, in milliseconds.")
    detail: str | None = Field(description="What was wrong.")
