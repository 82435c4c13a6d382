"""What can be asked of a server's webhooks: a subscription, events with what is wrong about them, other rules."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from aias.simulators.signing import Encoding

__all__ = ["Policy", "Rotation", "Sending", "Sendings", "Subscribing"]

_Text = Annotated[str, Field(pattern=r"^[\x20-\x7e]{0,1000}$")]
_HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,100}$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Subscribing(_Model):
    """Where the events of a topic are to go."""

    topic: str = Field(min_length=1, max_length=100, description="`orders/create`, `invoice.paid`, or `*` for all.")
    url: str = Field(pattern=r"^https?://[^\s]{1,2000}$")


class Sending(_Model):
    """One event to send, and what is to be wrong about its deliveries."""

    topic: str = Field(min_length=1, max_length=100)
    payload: dict[str, Any] | None = Field(
        default=None, description="What happened; without it the record, or the server's first one of the kind."
    )
    record: str | None = Field(default=None, max_length=200, description="Whose state is the payload: an order's id.")
    event_id: str | None = Field(default=None, pattern=r"^[!-~]{1,100}$", description="Instead of a new one.")
    copies: int = Field(default=1, ge=1, le=1000, description="How often each delivery goes out, under the same id.")
    delay: float = Field(default=0, ge=0, le=3600, description="Seconds before the first attempt; not scaled.")
    signature: Literal["right", "wrong", "missing", "old_secret", "other_encoding", "re_serialised", "not_ascii"] = (
        Field(
            default="right",
            description="`wrong`: under another secret; `old_secret`: the one before the last rotation; "
            "`other_encoding`: hexadecimal for base64 and the reverse; `re_serialised`: of the same JSON, laid out "
            "otherwise; `not_ascii`: no text at all.",
        )
    )
    headers: dict[_HeaderName, _Text | None] = Field(
        default_factory=dict, max_length=50, description="Headers replaced or, with null, left out after signing."
    )
    body: str | None = Field(
        default=None, max_length=1_000_000, description="Sent in place of the body that was signed."
    )


class Sendings(_Model):
    """Events to send together."""

    events: list[Sending] = Field(min_length=1, max_length=1000)
    order: Literal["given", "reversed", "shuffled"] = "given"
    seed: int = Field(default=1, description="The same seed shuffles the same.")
    at_once: bool = Field(
        default=False, description="All at the same time; else the next when the last was attempted once."
    )


class Policy(_Model):
    """The rules of delivery. The defaults are Shopify's (https://shopify.dev/changelog/updates-to-webhook-retry-mechanism)."""

    connect: float = Field(default=1.0, gt=0, le=60, description="Seconds for connecting.")
    total: float = Field(default=5.0, gt=0, le=60, description="Seconds for one attempt.")
    retries: int = Field(default=8, ge=0, le=20, description="Attempts after the first.")
    window: float = Field(
        default=4 * 3600.0,
        ge=0,
        le=7 * 86400,
        description="Seconds from the first attempt to the last; each pause is twice the one before.",
    )
    speed: float = Field(default=1.0, gt=0, le=1e9, description="How much faster than real the pauses pass.")
    overlap: float = Field(
        default=3600.0, ge=0, le=86400, description="Seconds after a rotation in which the old secret still signs."
    )
    encoding: Encoding | None = Field(default=None, description="Of the signature; without it the service's.")

    def pause(self, retry: int) -> float:
        """Seconds before this retry, counted from 1."""
        return self.window * 2 ** (retry - 1) / (2**self.retries - 1) / self.speed


class Rotation(_Model):
    """A new secret; without one, it is made up."""

    secret: str | None = Field(default=None, min_length=1, max_length=200)
