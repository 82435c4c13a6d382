"""The rows of this domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

__all__ = ["LinkedPerson", "OnboardingMail", "SequenceStep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceStep:
    """A mail of a sequence, as ``aias.onboarding_sequences`` shows it."""

    sequence: str
    step: str
    starts_at: str
    roles: list[str]
    delay_days: int
    send_at: time
    goal: str | None
    template: str
    channel: str
    is_enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OnboardingMail:
    """A mail of a person, as ``aias.onboarding_progress`` shows it."""

    tenant: str
    user_id: UUID
    email: str
    id: UUID
    sequence: str
    step: str
    state: str
    skip_reason: str | None
    due_at: datetime
    queued_at: datetime | None
    sent_at: datetime | None
    attempt_count: int
    next_at: datetime | None
    last_error: str | None
    notification_id: UUID | None
    is_counted: bool
    opened_at: datetime | None
    open_count: int
    clicked_at: datetime | None
    click_count: int
    unsubscribed_at: datetime | None
    time_zone: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedPerson:
    """Whom a link in a mail is about."""

    tenant_id: UUID
    user_id: UUID
    language: str
    is_subscribed: bool
