"""How Shopify and Wave word and sign a webhook.

Sources: https://shopify.dev/docs/apps/build/webhooks/delivery-structure and .../verify-deliveries (headers; the base64
of the HMAC-SHA256 of the raw body under the app's client secret), https://developer.waveapps.com/hc/en-us/articles/
47778664499220-Webhooks-Setup-Guide (the envelope and ``x-wave-signature``; whether it is hexadecimal or base64 is not
said there, so both can be had).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

from aias.simulators.delivery import dumps
from aias.simulators.oauth import CLIENT_SECRET

__all__ = ["WEBHOOK_SECRET", "Dialect", "Encoding", "Event", "ShopifyDialect", "WaveDialect"]

WEBHOOK_SECRET = CLIENT_SECRET
"""What webhooks are signed with, unless it is rotated: the client secret of the local servers' app."""

Encoding = Literal["base64", "hex"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at the service; every subscription to its topic gets a delivery of its own."""

    topic: str
    payload: dict[str, Any]
    at: float
    """Seconds since the epoch."""
    id: str = field(default_factory=lambda: str(uuid4()))


class Dialect(ABC):
    """One service's webhooks: the body, the headers and the signature."""

    signature_header: str
    encoding: Encoding

    @abstractmethod
    def body(self, event: Event) -> bytes:
        """The raw body of every delivery of the event."""

    @abstractmethod
    def headers(self, event: Event, delivery_id: str) -> dict[str, str]:
        """The headers beside the signature; none of them is signed."""

    def sign(self, secret: str, body: bytes, encoding: Encoding | None = None) -> str:
        """The signature of a body, in the service's encoding or in the one asked for."""
        digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        return digest.hex() if (encoding or self.encoding) == "hex" else base64.b64encode(digest).decode()


@dataclass(slots=True, kw_only=True)
class ShopifyDialect(Dialect):
    """Shopify: the payload alone is the body; topic, shop and ids are headers."""

    shop_domain: str
    api_version: str = "2026-01"
    signature_header: str = "X-Shopify-Hmac-Sha256"
    encoding: Encoding = "base64"

    def body(self, event: Event) -> bytes:
        """The payload as JSON."""
        return dumps(event.payload)

    def headers(self, event: Event, delivery_id: str) -> dict[str, str]:
        """``X-Shopify-Webhook-Id`` is the delivery's, the same on its retries; ``X-Shopify-Event-Id`` the event's."""
        moment = datetime.fromtimestamp(event.at, UTC)
        return {
            "Content-Type": "application/json",
            "User-Agent": "Shopify-Captain-Hook",
            "X-Shopify-Topic": event.topic,
            "X-Shopify-Shop-Domain": self.shop_domain,
            "X-Shopify-API-Version": self.api_version,
            "X-Shopify-Webhook-Id": delivery_id,
            "X-Shopify-Event-Id": event.id,
            "X-Shopify-Triggered-At": moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }


@dataclass(slots=True, kw_only=True)
class WaveDialect(Dialect):
    """Wave: an envelope with the event's id and type and the business round the payload."""

    business_id: str
    signature_header: str = "x-wave-signature"
    encoding: Encoding = "hex"

    def body(self, event: Event) -> bytes:
        """The envelope as JSON."""
        return dumps(
            {
                "event_id": event.id,
                "event_type": event.topic,
                "business_id": self.business_id,
                "data": event.payload,
            }
        )

    def headers(self, event: Event, delivery_id: str) -> dict[str, str]:
        """Nothing but the content type: what identifies the event is in the body."""
        del event, delivery_id
        return {"Content-Type": "application/json"}
