"""Alerts, their rules and silences, channels and notifications over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from aias.api.models.base import Given, Shown, Time

__all__ = [
    "AlertShown",
    "ChannelGiven",
    "ChannelMade",
    "ChannelShown",
    "NoteGiven",
    "NotificationShown",
    "ReadGiven",
    "ReadMade",
    "RuleGiven",
    "RuleShown",
    "SilenceGiven",
    "SilenceMade",
    "SilenceShown",
    "SourceShown",
    "TestMade",
]

Severity = Literal["info", "warning", "critical"]
_WORD = r"^[a-z][a-z0-9_]{0,62}$"
_MONTH = 31 * 86_400


class AlertShown(Shown):
    """What is wrong, or was."""

    tenant: str | None = Field(description="Whom it is about; null for none in particular.")
    id: UUID = Field(description="Its id.")
    rule: str = Field(description="The rule that opened it.")
    key: str = Field(description="What it is about: a connection, a lane, a workflow, ...")
    severity: Severity = Field(description="How grave it is.")
    status: Literal["open", "acknowledged", "resolved"] = Field(description="Whether it goes on.")
    title: str = Field(description="What is wrong, in a line.")
    value: float | None = Field(description="What the rule's source gave last, in its unit.")
    details: dict[str, Any] = Field(description="More about it.")
    occurrence_count: int = Field(description="How often it was found or raised.")
    opened_at: datetime = Field(description="When it opened.")
    last_seen_at: datetime = Field(description="When it was last found.")
    acknowledged_at: datetime | None = Field(description="When somebody took it on.")
    acknowledged_by: str | None = Field(description="Who did.")
    acknowledged_note: str | None = Field(description="What they said.")
    resolved_at: datetime | None = Field(description="When it was over.")
    resolved_by: str | None = Field(description="aias when it ended by itself; else who closed it.")
    silenced_until: datetime | None = Field(description="Until when nobody is told of it.")
    silenced_reason: str | None = Field(description="Why.")
    told_at: datetime | None = Field(description="When somebody was last told of it.")
    told_count: int = Field(description="How often somebody was told of it.")


class NoteGiven(Given):
    """What one says to it."""

    note: str | None = Field(default=None, max_length=1000, description="Stays on record.")


class RuleGiven(Given):
    """What a rule is to be; what the body leaves out stays, and in a new rule is the default."""

    source: str | None = Field(default=None, pattern=_WORD, description="What it looks at: one of the sources.")
    comparison: Literal[">", ">=", "<", "<="] | None = Field(default=None, description="How it compares.")
    threshold: float | None = Field(
        default=None, allow_inf_nan=False, description="With what, in the source's unit.", examples=[5]
    )
    window: float | None = Field(default=None, ge=60, le=_MONTH, description="Seconds of the past that it looks at.")
    wait: float | None = Field(default=None, ge=0, le=604_800, description="Seconds for which it must hold.")
    severity: Severity | None = Field(default=None, description="How grave it is.")
    scope: Literal["global", "tenant", "integration", "lane"] | None = Field(
        default=None, description="All that the source gives, or one of them."
    )
    scope_name: str | None = Field(default=None, max_length=300, description="Which one.")
    tells: list[Literal["operators", "tenant"]] | None = Field(
        default=None, min_length=1, max_length=2, description="Who is told."
    )
    channels: list[str] | None = Field(default=None, max_length=50, description="By which channels; empty: by all.")
    renotify_every: float | None = Field(
        default=None, ge=0, le=_MONTH, description="Seconds after which those who were told are told again; 0: never."
    )
    is_enabled: bool | None = Field(default=None, description="Whether it is evaluated.")
    description: str | None = Field(default=None, max_length=300, description="What it means when it opens.")


class RuleShown(Shown):
    """When alerts open, and who is told."""

    tenant: str | None = Field(description="Whose rule it is; null for the operators', which look at every tenant.")
    name: str = Field(description="Its name.")
    description: str = Field(description="What it means when it opens.")
    source: str | None = Field(description="What it looks at; null: the system raises it.")
    unit: str | None = Field(description="The unit of the threshold.")
    comparison: str = Field(description="How it compares.")
    threshold: float = Field(description="With what.")
    window_length: timedelta = Field(description="Over how much of the past the source looks.")
    for_duration: timedelta = Field(description="How long it must hold.")
    resolve_after: timedelta = Field(description="How long it must be over.")
    severity: Severity = Field(description="How grave it is.")
    scope: str = Field(description="All that the source gives, or one of them.")
    scope_name: str | None = Field(description="Which one.")
    tells: list[str] = Field(description="Who is told.")
    channels: list[str] | None = Field(description="By which channels; null: by all.")
    renotify_every: timedelta | None = Field(description="How often those who were told are told again.")
    is_enabled: bool = Field(description="Whether it is evaluated.")
    is_shipped: bool = Field(description="Whether it comes with AIAS.")
    open_count: int = Field(description="How many of its alerts are open.")
    updated_at: datetime = Field(description="When it was last changed.")


class SourceShown(Shown):
    """What a rule may look at."""

    name: str = Field(description="Its name.")
    key_kind: str = Field(description="What its keys name.")
    unit: str = Field(description="The unit of its values.")
    description: str = Field(description="What it gives.")


class SilenceGiven(Given):
    """What one does not want to be told of."""

    rule: str | None = Field(default=None, max_length=63, description="Of this rule; null: of any.")
    key: str | None = Field(default=None, max_length=300, description="Of this key; null: of any.")
    until: Time = Field(description="Until when; within a year.", examples=["2026-12-01T08:00:00Z"])
    reason: str = Field(min_length=1, max_length=1000, description="Why; it stays on record.")


class SilenceMade(Shown):
    """A silence."""

    id: UUID = Field(description="Its id.")


class SilenceShown(Shown):
    """What a tenant, or the operators, do not want to be told of."""

    tenant: str | None = Field(description="Who is not told; null for the operators.")
    id: UUID = Field(description="Its id.")
    rule: str | None = Field(description="The rule; null: any.")
    key: str | None = Field(description="The key; null: any.")
    until: datetime = Field(description="When it ends.")
    reason: str = Field(description="Why.")
    is_active: bool = Field(description="Whether it goes on.")
    created_by: str = Field(description="Who wanted it.")
    created_at: datetime = Field(description="Since when.")
    ended_at: datetime | None = Field(description="When somebody ended it before its time.")
    ended_by: str | None = Field(description="Who did.")


class ChannelGiven(Given):
    """Where somebody is told."""

    kind: Literal["email", "slack", "webhook", "dashboard"] = Field(description="By what.")
    config: dict[str, Any] = Field(
        default_factory=dict[str, Any],
        description="email: host, port, security, username, sender, to; webhook: url; else nothing.",
        examples=[{"url": "https://ops.example/told"}],
    )
    secret: str | None = Field(
        default=None,
        min_length=1,
        max_length=2048,
        description="The mail account's password, Slack's webhook URL, or what a webhook is signed with; left out: the"
        " stored one stays, and a new webhook gets one.",
    )
    min_severity: Severity = Field(default="info", description="The least severity that it takes.")
    kinds: list[str] | None = Field(
        default=None, min_length=1, max_length=50, description="Which kinds of notice it takes; null: all."
    )
    is_enabled: bool = Field(default=True, description="Whether it takes anything.")


class ChannelMade(Shown):
    """A channel; what is told once."""

    id: UUID = Field(description="Its id.")
    secret: str | None = Field(description="What a new webhook is signed with; null where nothing was made.")


class ChannelShown(Shown):
    """Where somebody is told, without secrets."""

    tenant: str | None = Field(description="Whose; null for the operators'.")
    id: UUID = Field(description="Its id.")
    name: str = Field(description="Its name, unique per tenant.")
    kind: str = Field(description="By what.")
    config: dict[str, Any] = Field(description="Where to.")
    min_severity: str = Field(description="The least severity that it takes.")
    kinds: list[str] | None = Field(description="Which kinds of notice it takes; null: all.")
    is_enabled: bool = Field(description="Whether it takes anything.")
    failing_since: datetime | None = Field(description="The first failure since something last got through.")
    last_error: str | None = Field(description="What was wrong then.")
    waiting_count: int = Field(description="How many notices wait.")
    created_at: datetime = Field(description="When it was made.")
    updated_at: datetime = Field(description="When it was last changed.")


class TestMade(Shown):
    """A test message that a worker sends within seconds."""

    notification: UUID = Field(description="The notification that shows how it went.")


class NotificationShown(Shown):
    """A notice in one channel, and how its delivery went."""

    tenant: str | None = Field(description="Who was told; null for the operators.")
    id: UUID = Field(description="Its id.")
    notice_id: UUID = Field(description="The notice: the same in every channel.")
    channel: str = Field(description="The channel.")
    channel_kind: str = Field(description="email, slack, webhook or dashboard.")
    kind: str = Field(description="What it is about: alert, alert_resolved, test, ...")
    severity: str = Field(description="How grave it is.")
    title: str = Field(description="What it says, in a line.")
    body: str = Field(description="What it says.")
    details: dict[str, Any] = Field(description="What it is about.")
    status: str = Field(description="pending, sending, delivered, failed or discarded.")
    attempt_count: int = Field(description="How often it was sent.")
    doubt_count: int = Field(description="How often nobody knew whether it had arrived.")
    next_at: datetime | None = Field(description="When it is sent again.")
    last_error: str | None = Field(description="What was wrong at the last attempt.")
    created_at: datetime = Field(description="When there was something to tell.")
    delivered_at: datetime | None = Field(description="When it had arrived.")
    given_up_at: datetime | None = Field(description="When it was given up.")
    read_at: datetime | None = Field(description="When somebody marked it read.")
    read_by: str | None = Field(description="Who did.")


class ReadGiven(Given):
    """What was read."""

    notification: UUID | None = Field(default=None, description="This one; left out: everything on the page.")


class ReadMade(Shown):
    """What became read."""

    count: int = Field(description="How many notifications became read.")
