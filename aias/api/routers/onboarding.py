"""``/v1/onboarding``: what new people are written, and how far each of them is. Samples and advice: ``guidance``."""

from __future__ import annotations

from datetime import time
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from starlette.responses import Response

from aias import onboarding
from aias.api.caller import Caller, Tenant, TenantFilter, needs
from aias.api.models.onboarding import (
    Locale,
    MailPreferences,
    MailPreview,
    MailShown,
    MailState,
    SendMail,
    SequenceShown,
    SequencesShown,
    StepChanges,
    TrialGiven,
    TrialShown,
)
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id

__all__ = ["router"]

router = resource("onboarding")

Reads = Annotated[Caller, needs("onboarding:read")]
Writes = Annotated[Caller, needs("onboarding:write")]
Name = Annotated[str, Path(min_length=1, max_length=63)]


@router.get("/mails", summary="List mails to new people")
async def list_onboarding_mails(
    caller: Reads,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(MailShown)],
    user: Annotated[UUID | None, Query(description="Of this person.")] = None,
    state: Annotated[MailState | None, Query(description="In this state.")] = None,
) -> Listed[MailShown]:
    """Planned, sent, skipped and why, what went wrong; in the order in which they were planned."""
    (after,) = page.after(UUID)
    await tenant_id(caller, tenant)
    rows = await onboarding.list_mails(
        caller.conn, tenant=tenant, user=user, state=state, after=after, limit=page.fetch
    )
    return page.of([MailShown.model_validate(row) for row in rows], lambda row: (row.id,))


@router.post("/mails", status_code=HTTPStatus.ACCEPTED, summary="Send a mail before its time")
async def send_onboarding_mail(caller: Writes, body: SendMail) -> MailShown:
    """Put a person's mail into the outbox; a worker sends it. What was sent is not sent again."""
    mail = await onboarding.send_mail(caller.conn, body.user, body.sequence, body.step, is_forced=body.is_forced)
    (shown,) = [one for one in await onboarding.list_mails(caller.conn, user=body.user) if one.id == mail]
    return MailShown.model_validate(shown)


@router.get("/mails/preview", summary="See a mail as it would be written")
async def preview_onboarding_mail(
    _caller: Reads,
    template: Annotated[str, Query(min_length=1, max_length=63, description="Such as getting_started.")],
    language: Annotated[str, Query(pattern="^[a-z]{2}$", description="ISO 639-1.")] = "en",
) -> MailPreview:
    """Written to a person who does not exist."""
    return MailPreview.model_validate(onboarding.preview(template, language))


@router.get("/sequences", summary="See what new people are written")
async def get_onboarding_sequences(caller: Reads) -> SequencesShown:
    """The sequences step by step, the same for every tenant."""
    return SequencesShown(items=[SequenceShown.model_validate(one) for one in await onboarding.list_steps(caller.conn)])


@router.patch("/sequences/{sequence}/{step}", status_code=204, summary="Make or change a step")
async def set_onboarding_step(caller: Writes, sequence: Name, step: Name, body: StepChanges) -> Response:
    """For those whose mail is not sent yet; what is left out stays: for operators."""
    at = None if body.send_at is None else time.fromisoformat(body.send_at)
    await onboarding.set_step(caller.conn, sequence, step, **body.model_dump(exclude={"send_at"}), send_at=at)
    return Response(status_code=204)


@router.patch("/preferences/{user}", status_code=204, summary="Say what a person wants of mails")
async def set_mail_preferences(caller: Writes, user: UUID, body: MailPreferences) -> Response:
    """Where they live, what they read, whether they want mails, and whether opens may be counted."""
    await onboarding.set_mail_preferences(caller.conn, user, **body.model_dump())
    return Response(status_code=204)


@router.patch("/locale", status_code=204, summary="Say where an account lives and what it reads")
async def set_locale(caller: Writes, tenant: Tenant, body: Locale) -> Response:
    """For its people who have not said so themselves."""
    await onboarding.set_tenant_locale(caller.conn, tenant, **body.model_dump())
    return Response(status_code=204)


@router.put("/trial", summary="Let an account try the system")
async def start_trial(caller: Writes, tenant: Tenant, body: TrialGiven) -> TrialShown:
    """From now on; its people get the mails of a trial: for operators."""
    return TrialShown(ends_at=await onboarding.start_trial(caller.conn, tenant, days=body.days))


@router.delete("/trial", status_code=204, summary="End a trial")
async def end_trial(caller: Writes, tenant: Tenant) -> Response:
    """End it now, and the mails of it: for operators."""
    await onboarding.end_trial(caller.conn, tenant)
    return Response(status_code=204)
