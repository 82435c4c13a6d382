"""Schedules, events and webhooks over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from aias.api.models.base import Given, Shown, Time

__all__ = [
    "BackfillGiven",
    "BackfillMade",
    "DeliveryShown",
    "EndpointGiven",
    "EndpointMade",
    "EndpointShown",
    "EventGiven",
    "EventMade",
    "EventShown",
    "HookTaken",
    "MessageShown",
    "PauseGiven",
    "ReplayMade",
    "RotationGiven",
    "RunShown",
    "ScheduleGiven",
    "ScheduleShown",
    "SecretMade",
    "SubscriptionGiven",
    "SubscriptionShown",
    "WebhookGiven",
    "WebhookMade",
    "WebhookShown",
]

_NAME = r"^[a-z0-9][a-z0-9._-]{0,62}$"
_DAY = 86_400


class ScheduleGiven(Given):
    """When which workflow runs."""

    workflow: str = Field(pattern="^[a-z][a-z0-9-]{0,62}$", description="The workflow that it starts.")
    cron: str = Field(
        max_length=200, description="Minute, hour, day of the month, month, day of the week; or @daily, ..."
    )
    time_zone: str = Field(default="UTC", max_length=100, description="An IANA time zone.", examples=["Europe/Berlin"])
    input: dict[str, Any] = Field(default_factory=dict[str, Any], description="The input of what it starts.")
    overlap: Literal["skip", "queue", "allow"] = Field(
        default="skip", description="What a due time does while the former run goes on."
    )
    catch_up: Literal["none", "last", "all"] = Field(
        default="last", description="Which due times of an outage are run afterwards."
    )
    catch_up_limit: int = Field(default=100, ge=1, le=1000, description="How many of them at most.")
    jitter: float = Field(default=0, ge=0, le=_DAY, description="Seconds that a run starts late at most, at random.")
    starts_at: Time | None = Field(default=None, description="Nothing runs before.")
    ends_at: Time | None = Field(default=None, description="Nothing runs after.")
    max_attempts: int = Field(default=1, ge=1, le=20, description="How often a due time is tried when its run fails.")
    retry_delay: float = Field(default=60, ge=0, le=_DAY, description="Seconds before the second try; then doubled.")


class ScheduleShown(Shown):
    """A schedule, with its last run and its next."""

    tenant: str | None = Field(description="Whose; null for the system's own.")
    id: UUID = Field(description="Its id.")
    name: str = Field(description="Its name, unique per tenant.")
    kind: Literal["workflow", "task"] = Field(description="What it starts: a workflow, or a task of the system's own.")
    workflow: str | None = Field(description="The workflow that it starts.")
    task: str | None = Field(description="The system's task that it runs.")
    cron: str = Field(description="When, in its plain form.")
    time_zone: str = Field(description="The zone that it is read in.")
    input: dict[str, Any] = Field(description="The input of what it starts.")
    overlap: str = Field(description="What a due time does while the former run goes on.")
    catch_up: str = Field(description="Which due times of an outage are run afterwards.")
    catch_up_limit: int = Field(description="How many of them at most.")
    jitter: timedelta = Field(description="How late a run starts at most.")
    max_attempts: int = Field(description="How often a due time is tried.")
    retry_delay: timedelta = Field(description="How long after a failure it is tried again.")
    starts_at: datetime | None = Field(description="Nothing runs before.")
    ends_at: datetime | None = Field(description="Nothing runs after.")
    status: Literal["active", "paused", "ended", "broken"] = Field(description="Whether it runs.")
    status_reason: str | None = Field(description="Why it is paused or broken.")
    next_at: datetime | None = Field(description="The next due time.")
    last_due_at: datetime | None = Field(description="The latest due time that was dealt with.")
    last_outcome: str | None = Field(description="What came of it.")
    last_duration: timedelta | None = Field(description="How long that took.")
    last_execution_id: UUID | None = Field(description="The execution that it started.")
    failure_count: int = Field(description="How many runs have failed since the last that succeeded.")
    created_at: datetime = Field(description="When it was made.")
    updated_at: datetime = Field(description="When it was last changed.")


class RunShown(Shown):
    """A due time that was dealt with."""

    due_at: datetime = Field(description="The due time; unique per schedule.")
    status: str = Field(description="queued, started, retrying, succeeded, failed, cancelled or skipped.")
    is_backfill: bool = Field(description="Whether a backfill ran it.")
    attempt_count: int = Field(description="How often it was tried.")
    execution_id: UUID | None = Field(description="The execution that it started.")
    reason: str | None = Field(description="Why it was skipped or waits.")
    error: dict[str, Any] | None = Field(description="Why it failed.")
    started_at: datetime | None = Field(description="When its last attempt was started.")
    finished_at: datetime | None = Field(description="When it ended.")


class PauseGiven(Given):
    """Why it is paused."""

    reason: str | None = Field(default=None, max_length=1000, description="Stays on record.", examples=["holiday"])


class BackfillGiven(Given):
    """A span of the past; both ends belong to it."""

    begin: Time = Field(description="The first due time that may run.", examples=["2026-03-01T00:00:00Z"])
    end: Time = Field(description="The last one; not in the future.", examples=["2026-03-08T00:00:00Z"])


class BackfillMade(Shown):
    """A backfill that schedulers work on."""

    id: UUID = Field(description="Its id.")


class EventGiven(Given):
    """Something that happened. CloudEvents 1.0 are taken here as well, structured, batched or binary."""

    type: str = Field(pattern="^[!-~]{1,200}$", description="What happened.", examples=["order.paid"])
    payload: Any = Field(default_factory=dict[str, Any], description="The particulars.")
    id: str | None = Field(default=None, min_length=1, max_length=255, description="The same id is the same event.")
    source: str = Field(default="api", min_length=1, max_length=200, description="Who says so.")
    subject: str | None = Field(default=None, max_length=500, description="What it happened to.")
    time: Time | None = Field(default=None, description="When; without it now.")


class EventMade(Shown):
    """The ids under which events are kept here, in order."""

    ids: list[UUID] = Field(description="One per event; of one that came before, its former id.")


class EventShown(Shown):
    """An event."""

    id: UUID = Field(description="Its id here.")
    tenant: str = Field(description="Whose.")
    source: str = Field(description="Who said so.")
    event_id: str = Field(description="Its id as its source gave it.")
    type: str = Field(description="What happened.")
    subject: str | None = Field(description="What it happened to.")
    at: datetime = Field(description="When it happened.")
    payload: Any = Field(description="The particulars.")
    depth: int = Field(description="How many events and executions it followed from.")
    created_at: datetime = Field(description="When it was stored.")


class SubscriptionGiven(Given):
    """Which events start which workflow, with which input."""

    type: str = Field(
        pattern="^[!-~]{1,200}$", description="A pattern of types: * stands for anything.", examples=["order.*"]
    )
    workflow: str = Field(
        pattern="^[a-z][a-z0-9-]{0,62}$", description="The workflow that it starts.", examples=["order-to-invoice"]
    )
    filter: Any = Field(
        default_factory=dict[str, Any], description="What the payload must hold.", examples=[{"currency": "EUR"}]
    )
    condition: str | None = Field(default=None, max_length=16_000, description="A template that must hold.")
    mapping: dict[str, Any] | None = Field(default=None, description="Templates that make the input.")
    enabled: bool = Field(default=True, description="Whether it starts anything.")


class SubscriptionShown(Shown):
    """A subscription."""

    tenant: str = Field(description="Whose.")
    id: UUID = Field(description="Its id.")
    name: str = Field(description="Its name, unique per tenant.")
    type_pattern: str = Field(description="The types of events that it hears of.")
    filter: Any = Field(description="What the payload must hold.")
    condition: str | None = Field(description="The template that must hold.")
    mapping: dict[str, Any] | None = Field(description="The templates that make the input.")
    workflow: str = Field(description="The workflow that it starts.")
    is_enabled: bool = Field(description="Whether it starts anything.")
    created_at: datetime = Field(description="When it was made.")
    updated_at: datetime = Field(description="When it was last changed.")


class WebhookGiven(Given):
    """An address for others, and what comes of what they send there."""

    name: str = Field(
        pattern="^[a-z0-9][a-z0-9_-]{0,62}$", description="Its name, unique per tenant.", examples=["shop"]
    )
    style: Literal["shopify", "standard", "github", "stripe", "wave", "shared"] = Field(
        description="How deliveries are signed.", examples=["shopify"]
    )
    secret: str | None = Field(
        default=None, min_length=1, max_length=500, description="The sender's secret, where it gives one."
    )
    workflow: str | None = Field(
        default=None,
        pattern="^[a-z][a-z0-9-]{0,62}$",
        description="What it starts; without one it emits events.",
        examples=["order-to-invoice"],
    )
    condition: str | None = Field(
        default=None,
        max_length=16_000,
        description="A template that must hold.",
        examples=["{{ payload.total_price | float > 0 }}"],
    )
    mapping: dict[str, Any] | None = Field(
        default=None, description="Templates that make the input.", examples=[{"order_id": "{{ payload.id }}"}]
    )
    header: str | None = Field(default=None, pattern="^[A-Za-z0-9-]{1,100}$", description="Where a shared secret is.")
    id_header: str | None = Field(default=None, pattern="^[A-Za-z0-9-]{1,100}$", description="Where the id is.")
    topic_header: str | None = Field(default=None, pattern="^[A-Za-z0-9-]{1,100}$", description="Where the topic is.")
    max_bytes: int = Field(default=1_000_000, ge=1, le=1_000_000, description="How large a body may be.")


class WebhookChanges(Given):
    """What of a webhook changes; what is left out stays."""

    workflow: str | None = Field(
        default=None, pattern="^[a-z][a-z0-9-]{0,62}$", description="What it starts; null: it emits events."
    )
    condition: str | None = Field(default=None, max_length=16_000, description="A template that must hold; null: none.")
    mapping: dict[str, Any] | None = Field(
        default=None,
        description="Templates that make the input; null: the payload is the input.",
        examples=[{"order_id": "{{ payload.id }}"}],
    )
    max_bytes: int = Field(default=1_000_000, ge=1, le=1_000_000, description="How large a body may be.")
    is_enabled: bool = Field(default=True, description="Whether it takes anything.", examples=[False])
    replay_window: float = Field(
        default=0,
        ge=0,
        le=7 * _DAY,
        description="Seconds for which the same body under another delivery id is a duplicate; 0: it is not looked at.",
    )


class RotationGiven(Given):
    """How a secret is changed."""

    secret: str | None = Field(default=None, min_length=1, max_length=500, description="The new one; else one is made.")
    overlap: float = Field(
        default=_DAY, ge=0, le=30 * _DAY, description="Seconds for which the old one is good yet.", examples=[3600]
    )
    new_token: bool = Field(default=False, description="Whether the address changes too, at once.")


class WebhookMade(Shown):
    """What is told once."""

    id: UUID = Field(description="The webhook's id.")
    path: str | None = Field(description="The path to send to; null where it stays as it was.")
    secret: str = Field(description="The secret.")


class WebhookShown(Shown):
    """A webhook, without its token and secret."""

    tenant: str = Field(description="Whose.")
    id: UUID = Field(description="Its id.")
    name: str = Field(description="Its name, unique per tenant.")
    style: str = Field(description="How deliveries are signed.")
    workflow: str | None = Field(description="What it starts; null: it emits events.")
    condition: str | None = Field(description="The template that must hold.")
    mapping: dict[str, Any] | None = Field(description="The templates that make the input.")
    max_bytes: int = Field(description="How large a body may be.")
    is_enabled: bool = Field(description="Whether it takes anything.")
    created_at: datetime = Field(description="When it was made.")
    rotated_at: datetime | None = Field(description="When its secret was last changed.")
    replay_window: float = Field(
        description="Seconds for which the same body under another delivery id is a duplicate; 0: it is not looked at."
    )


class DeliveryShown(Shown):
    """What came in by a webhook."""

    id: UUID = Field(description="Its id here.")
    tenant: str = Field(description="Whose.")
    webhook: str | None = Field(description="The webhook's name; null when it was removed.")
    delivery_id: str = Field(description="The sender's id of it.")
    source_event_id: str | None = Field(description="The sender's id of what happened.")
    topic: str | None = Field(description="What it is about.")
    account: str | None = Field(description="Whose it is at the sender.")
    payload: Any = Field(description="Its body.")
    status: str = Field(description="started, emitted, filtered, failed, conflict, duplicate, recorded or pending.")
    execution_id: UUID | None = Field(description="The execution that it started.")
    error: dict[str, Any] | None = Field(description="Why nothing could be started.")
    duplicate_count: int = Field(description="How often it came again.")
    replayed_from_id: UUID | None = Field(description="The delivery that it repeats.")
    received_at: datetime = Field(description="When it came.")


class ReplayMade(Shown):
    """A replay that a worker does."""

    job_id: int = Field(description="The job that does it.")


class HookTaken(Shown):
    """A delivery that was taken; the same one is answered the same."""

    delivery: UUID = Field(description="Its id here.")
    status: str = Field(description="What came of it.")


class EndpointGiven(Given):
    """Which address is told of what."""

    url: str = Field(min_length=1, max_length=2000, description="The address.", examples=["https://crm.example/told"])
    types: list[
        Literal[
            "execution.started",
            "execution.succeeded",
            "execution.failed",
            "execution.cancelled",
            "execution.dead_lettered",
        ]
    ] = Field(min_length=1, max_length=20, description="What it is told of.")


class EndpointMade(Shown):
    """What is told once."""

    id: UUID = Field(description="The endpoint's id.")
    secret: str | None = Field(description="The secret of a new endpoint; null where it keeps its own.")


class SecretMade(Shown):
    """A new secret, told once."""

    secret: str = Field(description="The secret; messages are signed with the old one, too, for a day.")


class EndpointShown(Shown):
    """An address that is told of executions."""

    tenant: str = Field(description="Whose.")
    id: UUID = Field(description="Its id.")
    name: str = Field(description="Its name, unique per tenant.")
    url: str = Field(description="The address.")
    types: list[str] = Field(description="What it is told of.")
    is_enabled: bool = Field(description="Whether it is told anything.")
    disabled_reason: str | None = Field(description="Why it is not.")
    failing_since: datetime | None = Field(description="The first failure since the last success.")
    created_at: datetime = Field(description="When it was made.")
    updated_at: datetime = Field(description="When it was last changed.")


class MessageShown(Shown):
    """A message of the outbox."""

    id: UUID = Field(description="Its id; webhook-id is msg_ and its digits.")
    type: str = Field(description="What happened.")
    payload: dict[str, Any] = Field(description="The body.")
    status: str = Field(description="pending, delivered, failed or discarded.")
    attempt_count: int = Field(description="How often it was sent.")
    next_at: datetime | None = Field(description="When it is sent again.")
    last_status: int | None = Field(description="The HTTP status of the last attempt.")
    last_error: str | None = Field(description="What was wrong at the last attempt.")
    created_at: datetime = Field(description="When it happened.")
    finished_at: datetime | None = Field(description="When it was delivered or given up.")
