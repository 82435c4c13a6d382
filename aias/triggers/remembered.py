"""What a process remembers of webhooks, secrets included, so that a delivery costs one call of the database.

What is remembered refuses nobody and admits nobody by itself: a delivery that does not fit is tried again with what the
database says now, and one that fits is stored only if the webhook still is what was remembered (its version, compared
in the transaction that stores it). So what is removed, rotated or changed is good no longer than until the commit.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from aias.triggers.kinds import WebhookSecret
from aias.triggers.signatures import Style

__all__ = ["Remembered", "Webhooks"]

_MOST: Final = 1000
_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A webhook as it was found, with its opened secret."""

    tenant_id: UUID
    tenant: str
    id: UUID
    name: str
    style: Style
    config: dict[str, Any]
    secret: WebhookSecret = field(repr=False)
    condition: str | None
    mapping: dict[str, Any] | None
    max_bytes: int
    version: str
    found_at: datetime
    """By the database's clock."""
    found: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """Give the database's time, as far as it can be told from when this was found."""
        return self.found_at + timedelta(seconds=time.monotonic() - self.found)

    def until(self) -> datetime | None:
        """Give when the older of two live secrets ends; None where there is one."""
        ends = self.secret.previous_until
        if ends is None or ends <= self.now().timestamp():
            return None
        return datetime.fromtimestamp(ends, UTC)


class Webhooks:
    """The webhooks of the last seconds by the hashes of their tokens; the least recently found is forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, Remembered] = OrderedDict()

    def get(self, token_hash: bytes) -> Remembered | None:
        """Give what was found in the last ten seconds."""
        known = self._kept.get(token_hash)
        if known is not None and time.monotonic() - known.found > _SECONDS:
            self.forget(token_hash)
            return None
        return known

    def put(self, token_hash: bytes, webhook: Remembered) -> None:
        """Remember a webhook."""
        self.forget(token_hash)
        self._kept[token_hash] = webhook
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    def forget(self, token_hash: bytes) -> None:
        """Forget a webhook, if it is known."""
        self._kept.pop(token_hash, None)
