"""The connections that webhooks keep their secrets in: sealed, rotated and erased like every other."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from aias.integrations import Kind, register_kind

__all__ = ["WEBHOOK_IN", "WEBHOOK_OUT", "IncomingConfig", "OutgoingConfig", "WebhookSecret"]

_HEADER = r"^[A-Za-z0-9-]{1,100}$"


class IncomingConfig(BaseModel):
    """Which headers say what, where the style leaves that open (``shared``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    header: str | None = Field(default=None, pattern=_HEADER, description="Where the shared secret stands.")
    id_header: str | None = Field(default=None, pattern=_HEADER, description="Where the delivery's id stands.")
    topic_header: str | None = Field(default=None, pattern=_HEADER, description="Where the topic stands.")


def _address(value: str) -> str:
    url = urlsplit(value)
    if url.scheme not in {"http", "https"} or not url.hostname or url.username or url.fragment:
        raise ValueError("is no http or https URL, or holds a user or a fragment")
    return value


class OutgoingConfig(BaseModel):
    """The address that is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, Field(max_length=2000, pattern=r"^[!-~]+$"), AfterValidator(_address)]


class WebhookSecret(BaseModel):
    """The secret, and the one before it for as long as both are live."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    current: SecretStr
    previous: SecretStr | None = None
    previous_until: float | None = Field(default=None, description="Until when, in seconds since the epoch.")

    def live(self, now: datetime) -> list[str]:
        """Give the secrets that are good now, the current one first."""
        found = [self.current.get_secret_value()]
        if self.previous is not None and self.previous_until is not None and now.timestamp() < self.previous_until:
            found.append(self.previous.get_secret_value())
        return found


WEBHOOK_IN = register_kind(Kind(name="webhook_in", config=IncomingConfig, secret=WebhookSecret))
WEBHOOK_OUT = register_kind(Kind(name="webhook_out", config=OutgoingConfig, secret=WebhookSecret))
