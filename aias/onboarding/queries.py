"""The SQL calls of this domain, one function each. The caller owns the connection and its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from aias.errors import InvalidArgument, translated
from aias.onboarding.models import LinkedPerson, OnboardingMail, SequenceStep
from aias.onboarding.rendering import known_templates

__all__ = [
    "end_trial",
    "enrol_trials",
    "has_channel",
    "link_person",
    "list_mails",
    "list_steps",
    "note_mail_seen",
    "note_sent_mails",
    "send_due_mails",
    "send_mail",
    "set_mail_preferences",
    "set_step",
    "set_tenant_locale",
    "start_trial",
    "unsubscribe",
]

Connection = AsyncConnection[Any]


async def list_mails(
    conn: Connection,
    *,
    tenant: str | None = None,
    user: UUID | None = None,
    state: str | None = None,
    after: UUID | None = None,
    limit: int = 100,
) -> list[OnboardingMail]:
    """List the onboarding mails of people, in the order in which they were planned."""
    async with translated(), conn.cursor(row_factory=class_row(OnboardingMail)) as cursor:
        await cursor.execute(
            "select p.tenant, p.user_id, p.email, p.id, p.sequence, p.step, p.state, p.skip_reason, p.due_at,"
            " p.queued_at, p.sent_at, p.attempt_count, p.next_at, p.last_error, p.notification_id, p.is_counted,"
            " p.opened_at, p.open_count, p.clicked_at, p.click_count, p.unsubscribed_at, p.time_zone, p.language"
            " from aias.onboarding_progress as p"
            " where (%(tenant)s::text is null or p.tenant = %(tenant)s)"
            " and (%(user)s::uuid is null or p.user_id = %(user)s)"
            " and (%(state)s::text is null or p.state = %(state)s)"
            " and (%(after)s::uuid is null or p.id > %(after)s)"
            " order by p.id limit %(limit)s",
            {"tenant": tenant, "user": user, "state": state, "after": after, "limit": limit},
        )
        return await cursor.fetchall()


async def list_steps(conn: Connection) -> list[SequenceStep]:
    """List the sequences step by step, in the order in which people get them."""
    async with translated(), conn.cursor(row_factory=class_row(SequenceStep)) as cursor:
        await cursor.execute(
            "select s.sequence, s.step, s.starts_at, s.roles, s.delay_days, s.send_at, s.goal, s.template, s.channel,"
            " s.is_enabled from aias.onboarding_sequences as s order by s.starts_at, s.sequence, s.delay_days, s.step"
        )
        return await cursor.fetchall()


async def set_step(
    conn: Connection,
    sequence: str,
    step: str,
    *,
    delay_days: int | None = None,
    send_at: time | None = None,
    goal: str | None = None,
    template: str | None = None,
    is_enabled: bool | None = None,
) -> None:
    """Make a step of a sequence, or change one; None leaves a value as it is, an empty goal takes the goal away.

    Raises:
        Forbidden: the caller is no administrator.
        NotFound: there is no such sequence.
        InvalidArgument: a value is not valid, there is no such template, or a new step has no delay.
    """
    if template is not None and template not in known_templates():
        raise InvalidArgument(f"a template is one of {', '.join(known_templates())}", argument="p_template")
    await _value(
        conn,
        "select aias.set_onboarding_step(%s, %s, %s, %s, %s, %s, %s)",
        (sequence, step, delay_days, send_at, goal, template, is_enabled),
    )


async def send_mail(conn: Connection, user: UUID, sequence: str, step: str, *, is_forced: bool = False) -> UUID:
    """Put a mail of a person into the outbox before its time, and give its id; a worker sends it.

    Raises:
        NotFound: there is no such person, or the person has no such mail.
        Conflict: it was sent, the person unsubscribed, nobody needs it, or no channel takes it.
    """
    return await _value(conn, "select aias.send_onboarding_mail(%s, %s, %s, %s)", (user, sequence, step, is_forced))


async def set_mail_preferences(
    conn: Connection,
    user: UUID,
    *,
    time_zone: str | None = None,
    language: str | None = None,
    is_subscribed: bool | None = None,
    is_counted: bool | None = None,
) -> None:
    """Say what a person wants of mails; None leaves a value as it is.

    Raises:
        NotFound: there is no such person.
        InvalidArgument: there is no such time zone, or it is no code of a language.
    """
    await _value(
        conn,
        "select aias.set_mail_preferences(%s, %s, %s, %s, %s)",
        (user, time_zone, language, is_subscribed, is_counted),
    )


async def set_tenant_locale(
    conn: Connection, tenant: str, *, time_zone: str | None = None, language: str | None = None
) -> None:
    """Say where a tenant lives and what it reads; None leaves a value as it is.

    Raises:
        NotFound: there is no such tenant.
        InvalidArgument: there is no such time zone, or it is no code of a language.
    """
    await _value(conn, "select aias.set_tenant_locale(%s, %s, %s)", (tenant, time_zone, language))


async def start_trial(conn: Connection, tenant: str, *, days: int = 14) -> datetime:
    """Let a tenant try AIAS for some days, and give when that ends.

    Raises:
        Forbidden: the caller is no administrator.
        NotFound: there is no such tenant.
        InvalidArgument: it is not 1 to 365 days.
    """
    return await _value(conn, "select aias.start_trial(%s, %s)", (tenant, days))


async def end_trial(conn: Connection, tenant: str) -> None:
    """End a tenant's trial now.

    Raises:
        Forbidden: the caller is no administrator.
        NotFound: there is no such tenant.
        Conflict: it is in no trial.
    """
    await _value(conn, "select aias.end_trial(%s)", (tenant,))


async def unsubscribe(conn: Connection, token: str) -> str:
    """Stop the mails to whoever a link is about, and give that person's language.

    Raises:
        NotFound: the system made no such link, or the person is gone.
    """
    return await _value(conn, "select aias.unsubscribe(%s)", (token,))


async def link_person(conn: Connection, token: str) -> LinkedPerson | None:
    """Give whom a link in a mail is about; None for one that the system did not make."""
    async with translated(), conn.cursor(row_factory=class_row(LinkedPerson)) as cursor:
        await cursor.execute(
            "select p.tenant_id, p.user_id, p.language, p.is_subscribed from aias_private.link_person(%s) as p",
            (token,),
        )
        return await cursor.fetchone()


async def note_mail_seen(conn: Connection, mail: UUID, *, is_click: bool) -> None:
    """Count that a mail was opened or a link in it followed, where the person consented to that."""
    await _value(conn, "select aias_private.note_mail_seen(%s, %s)", (mail, is_click))


async def has_channel(conn: Connection) -> bool:
    """Tell whether a channel of the operators takes mails to people."""
    return await _value(conn, "select aias_private.mail_channel()", ()) is not None


async def enrol_trials(conn: Connection) -> int:
    """Put the people of tenants whose trial has begun into the sequences of trials; give how many."""
    return await _value(conn, "select aias_private.enrol_trials()", ())


async def send_due_mails(conn: Connection, *, limit: int) -> int:
    """Put mails whose morning has come into the outbox, skip those that nobody needs; give how many: 0 at the end."""
    return await _value(conn, "select aias_private.send_due_mails(%s)", (limit,))


async def note_sent_mails(conn: Connection) -> int:
    """Keep of the outbox how mails went; give of how many."""
    return await _value(conn, "select aias_private.note_sent_mails()", ())


async def _value(conn: Connection, query: Any, parameters: Sequence[Any]) -> Any:
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(query, parameters)
        return await cursor.fetchone()
