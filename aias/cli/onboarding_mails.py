"""The commands of ``aias onboarding`` that write to new people: what they are written, and how far each of them is."""

from __future__ import annotations

from collections import Counter
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from aias.cli.calls import call, on_connection
from aias.cli.output import Command, emit, table
from aias.cli.parameters import ID, limit_option, required_tenant, tenant_option

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    from aias.client import Aias
    from aias.onboarding import OnboardingMail

__all__ = ["COMMANDS"]

STATES = ("planned", "queued", "retrying", "sent", "failed", "in_doubt", "skipped")


@click.command(cls=Command)
@tenant_option
@click.option("--user", type=ID, help="Of this person.")
@click.option("--state", type=click.Choice(STATES), help="In this state.")
@limit_option
def status(tenant: str | None, *, user: UUID | None, state: str | None, limit: int) -> None:
    """Show the mails of each person, what went wrong, and what keeps mails from going at all."""
    from aias.client import require_tenant
    from aias.onboarding import has_channel, list_mails
    from aias.settings import get_settings

    async def work(conn: AsyncConnection[Any]) -> tuple[bool, list[OnboardingMail]]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await has_channel(conn), await list_mails(conn, tenant=tenant, user=user, state=state, limit=limit)

    is_ready, found = on_connection(work)
    held: list[str] = []
    if not is_ready:
        held.append("no mail goes: no channel takes them (aias channel add NAME --kind email --takes onboarding)")
    if get_settings().dashboard_url is None:
        held.append("no mail goes: AIAS_DASHBOARD_URL is not set, and links would lead nowhere")
    counts = Counter(mail.state for mail in found)
    rows = [
        (m.id, m.tenant, m.email, m.sequence, m.step, m.skip_reason or m.state, m.due_at, m.sent_at, m.last_error)
        for m in found
    ]
    emit(
        {"held_back": held, "counts": dict(counts), "mails": found},
        [*held, *table(("mail", "tenant", "to", "sequence", "step", "state", "due", "sent", "why"), rows)],
    )


@click.command(cls=Command)
@click.argument("user", type=ID)
@click.argument("step")
@click.option("--sequence", default="welcome", show_default=True, help="The sequence of the step.")
@click.option("--force", is_flag=True, help="Also where it was skipped, or its goal is met, or the trial has ended.")
def send(user: UUID, step: str, *, sequence: str, force: bool) -> None:
    """Send the person USER the mail STEP now; what was sent is not sent again."""
    from aias.alerts import deliver
    from aias.errors import AiasError
    from aias.onboarding import list_mails, send_mail

    async def find(aias: Aias, mail: UUID) -> OnboardingMail:
        async with aias.session.connection() as conn:
            (found,) = [one for one in await list_mails(conn, user=user) if one.id == mail]
            return found

    async def work(aias: Aias) -> OnboardingMail:
        async with aias.session.connection() as conn:
            mail = await send_mail(conn, user, sequence, step, is_forced=force)
        queued = await find(aias, mail)
        # a worker may be as quick: then it was sent there
        await deliver(aias.session.pool, only=queued.notification_id)
        return await find(aias, mail)

    sent = call(work)
    if sent.state == "retrying":
        raise AiasError(f"the mail did not arrive: {sent.last_error} (it is tried again)")
    if sent.state == "in_doubt":
        raise AiasError(f"nobody knows whether the mail arrived: {sent.last_error} (it is not sent again)")
    emit(sent, f"{sent.email}: {sequence}/{step} {sent.state}")


@click.command(cls=Command)
@click.argument("template")
@click.option("--language", default="en", show_default=True, help="In this language (ISO 639-1).")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write TEMPLATE.html and TEMPLATE.txt into this folder; default: print the text.",
)
def preview(template: str, *, language: str, output: Path | None) -> None:
    """Show the mail of TEMPLATE as a person who does not exist would get it."""
    from aias import onboarding
    from aias.settings import get_settings

    written = onboarding.preview(template, language, address=get_settings().dashboard_url)
    told = {"template": template, "language": language, "subject": written.subject}
    if output is None:
        emit({**told, "text": written.text, "html": written.html}, [f"Subject: {written.subject}", "", written.text])
        return
    output.mkdir(parents=True, exist_ok=True)
    files = {output / f"{template}.html": written.html, output / f"{template}.txt": written.text}
    for path, content in files.items():
        path.write_text(content, encoding="utf-8")
    emit({**told, "files": [str(path) for path in files]}, [str(path) for path in files])


@click.command(cls=Command)
def sequences() -> None:
    """List the sequences, step by step."""
    from aias.onboarding import list_steps

    found = on_connection(list_steps)
    emit(
        {"steps": found},
        table(
            ("sequence", "step", "from", "day", "at", "unless", "template", "on"),
            [
                (s.sequence, s.step, s.starts_at, s.delay_days, s.send_at, s.goal, s.template, s.is_enabled)
                for s in found
            ],
        ),
    )


@click.command(cls=Command, name="set-step")
@click.argument("sequence")
@click.argument("step")
@click.option("--day", type=click.IntRange(0, 365), help="How many days after the start.")
@click.option("--at", "send_at", metavar="HH:MM", help="At which time there.")
@click.option("--goal", help="Skipped once this is met: connected, first_workflow, ...; '' for none.")
@click.option("--template", help="What it says.")
@click.option("--enable/--disable", "is_enabled", default=None, help="Whether it is sent.")
def set_step(
    sequence: str,
    step: str,
    *,
    day: int | None,
    send_at: str | None,
    goal: str | None,
    template: str | None,
    is_enabled: bool | None,
) -> None:
    """Make the step STEP of SEQUENCE, or change it; what is not given stays."""
    from aias import onboarding

    try:
        at = None if send_at is None else time.fromisoformat(send_at)
    except ValueError:
        raise click.BadParameter("a time is written HH:MM", param_hint="--at") from None
    on_connection(
        lambda conn: onboarding.set_step(
            conn, sequence, step, delay_days=day, send_at=at, goal=goal, template=template, is_enabled=is_enabled
        )
    )
    emit({"sequence": sequence, "step": step}, f"{sequence}/{step}: set")


@click.command(cls=Command)
@click.argument("user", type=ID)
@click.option("--time-zone", help="Where the person lives, as Europe/Berlin.")
@click.option("--language", help="What the person reads (ISO 639-1).")
@click.option("--subscribe/--unsubscribe", "is_subscribed", default=None, help="Whether the person wants mails.")
@click.option("--count/--no-count", "is_counted", default=None, help="The person's consent that opens are counted.")
def prefer(
    user: UUID, *, time_zone: str | None, language: str | None, is_subscribed: bool | None, is_counted: bool | None
) -> None:
    """Say what the person USER wants of mails; what is not given stays."""
    from aias.onboarding import set_mail_preferences

    on_connection(
        lambda conn: set_mail_preferences(
            conn, user, time_zone=time_zone, language=language, is_subscribed=is_subscribed, is_counted=is_counted
        )
    )
    emit({"user": user}, f"{user}: set")


@click.command(cls=Command)
@required_tenant
@click.option("--time-zone", help="Where the tenant lives, as Europe/Berlin.")
@click.option("--language", help="What it reads (ISO 639-1).")
def locale(tenant: str, *, time_zone: str | None, language: str | None) -> None:
    """Say where a tenant lives and what it reads; what is not given stays."""
    from aias.onboarding import set_tenant_locale

    on_connection(lambda conn: set_tenant_locale(conn, tenant, time_zone=time_zone, language=language))
    emit({"tenant": tenant}, f"{tenant}: set")


@click.command(cls=Command)
@required_tenant
@click.option("--days", type=click.IntRange(1, 365), default=14, show_default=True, help="How long it lasts.")
@click.option("--end", is_flag=True, help="End it now instead.")
def trial(tenant: str, *, days: int, end: bool) -> None:
    """Let a tenant try AIAS for some days, or end that."""
    from aias.onboarding import end_trial, start_trial

    if end:
        on_connection(lambda conn: end_trial(conn, tenant))
        emit({"tenant": tenant, "ended": True}, f"{tenant}: the trial has ended")
        return
    ends_at = on_connection(lambda conn: start_trial(conn, tenant, days=days))
    emit({"tenant": tenant, "ends_at": ends_at}, f"{tenant}: the trial lasts until {ends_at:%Y-%m-%d %H:%M %Z}")


COMMANDS = (status, send, preview, sequences, set_step, prefer, locale, trial)
