"""Mails to new people over HTTP."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from aias.api.models.base import Given, Shown

__all__ = [
    "Locale",
    "MailPreferences",
    "MailPreview",
    "MailShown",
    "MailState",
    "SendMail",
    "SequenceShown",
    "SequencesShown",
    "StepChanges",
    "TrialGiven",
    "TrialShown",
]

MailState = Literal["planned", "queued", "retrying", "sent", "failed", "in_doubt", "skipped"]
_LANGUAGE = "^[a-z]{2}$"
_CLOCK_TIME = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
# the format `time` of JSON Schema demands an offset, which a time of anybody's day has not (RFC 3339, 5.6)
ClockTime = Annotated[
    str,
    BeforeValidator(lambda given: f"{given:%H:%M}" if isinstance(given, time) else given),
    Field(pattern=_CLOCK_TIME),
]


class MailShown(Shown):
    """A mail of a person."""

    id: UUID = Field(description="The mail.")
    tenant: str = Field(description="The person's account.")
    user_id: UUID = Field(description="The person.")
    email: str = Field(description="Where it goes.")
    sequence: str = Field(description="The sequence that it is of.")
    step: str = Field(description="Its step: once ever per person.")
    state: MailState = Field(description="in_doubt: a send began, nobody knows how it ended, and it is not repeated.")
    skip_reason: str | None = Field(description="Why it is not sent: goal_met, unsubscribed, trial_ended, ...")
    due_at: datetime = Field(description="The person's morning.")
    queued_at: datetime | None = Field(description="When it went to the outbox.")
    sent_at: datetime | None = Field(description="When a mail server took it.")
    attempt_count: int = Field(description="How often it was tried.")
    next_at: datetime | None = Field(description="When it is tried again.")
    last_error: str | None = Field(description="Why it did not arrive.")
    notification_id: UUID | None = Field(description="What the outbox calls it.")
    is_counted: bool = Field(description="Whether the person consented that opens are counted.")
    opened_at: datetime | None = Field(description="When it was first opened, where that is counted.")
    open_count: int = Field(description="How often.")
    clicked_at: datetime | None = Field(description="When a link in it was first followed, where that is counted.")
    click_count: int = Field(description="How often.")
    unsubscribed_at: datetime | None = Field(description="When the person unsubscribed.")
    time_zone: str = Field(description="Whose morning it is.")
    language: str = Field(description="What it is written in.")


class SendMail(Given):
    """A mail that does not wait for its morning."""

    user: UUID = Field(description="The person.")
    step: str = Field(
        min_length=1, max_length=63, description="The step of the sequence.", examples=["getting_started"]
    )
    sequence: str = Field(default="welcome", min_length=1, max_length=63, description="The sequence.")
    is_forced: bool = Field(default=False, description="Also where it was skipped, or nobody needs it any more.")


class MailPreview(Shown):
    """A mail as a person who does not exist would get it."""

    subject: str = Field(description="Its subject.")
    text: str = Field(description="The plain part.")
    html: str = Field(description="The other part.")


class SequenceShown(Shown):
    """A step of a sequence."""

    sequence: str = Field(description="The sequence.")
    step: str = Field(description="The step.")
    starts_at: str = Field(description="What days are counted from.")
    roles: list[str] = Field(description="Who gets it.")
    delay_days: int = Field(description="How many days after the start.")
    send_at: ClockTime = Field(description="At which time of the person's day.")
    goal: str | None = Field(description="Skipped once this is met.")
    template: str = Field(description="What it says.")
    channel: str = Field(description="How it goes.")
    is_enabled: bool = Field(description="Whether it is sent.")


class SequencesShown(Shown):
    """The sequences, step by step."""

    items: list[SequenceShown] = Field(description="The steps, in the order in which people get them.")


class StepChanges(Given):
    """What a step is to be; what is left out stays."""

    delay_days: int | None = Field(default=None, ge=0, le=365, description="How many days after the start.")
    send_at: str | None = Field(
        default=None, pattern=_CLOCK_TIME, description="At which time of the person's day.", examples=["09:00"]
    )
    goal: str | None = Field(default=None, max_length=63, description="Skipped once this is met; empty for none.")
    template: str | None = Field(default=None, min_length=1, max_length=63, description="What it says.")
    is_enabled: bool | None = Field(default=None, description="Whether it is sent.")


class MailPreferences(Given):
    """What a person wants of mails; what is left out stays."""

    time_zone: str | None = Field(
        default=None, max_length=100, description="Where they live.", examples=["Europe/Berlin"]
    )
    language: str | None = Field(default=None, pattern=_LANGUAGE, description="What they read (ISO 639-1).")
    is_subscribed: bool | None = Field(default=None, description="Whether they want mails.")
    is_counted: bool | None = Field(default=None, description="Their consent that opens are counted.")


class Locale(Given):
    """Where an account lives and what it reads; what is left out stays."""

    time_zone: str | None = Field(default=None, max_length=100, description="As Europe/Berlin.")
    language: str | None = Field(default=None, pattern=_LANGUAGE, description="ISO 639-1.")


class TrialGiven(Given):
    """How long an account may try the system."""

    days: int = Field(default=14, ge=1, le=365, description="Days from now.")


class TrialShown(Shown):
    """A trial."""

    ends_at: datetime = Field(description="When it ends.")
