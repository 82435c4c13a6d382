"""``/v1/onboarding``: signing up, the samples, and what to do next."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from aias import onboarding
from aias.api.caller import Caller, Tenant, needs
from aias.api.models.guidance import (
    Dismissal,
    Dismissed,
    HelpFound,
    HelpShown,
    NextActionFound,
    NextActionShown,
    SampleFound,
    SamplesAsked,
    SamplesFound,
    SamplesRemoved,
    SignUp,
    SignUpMade,
    StepsShown,
    WizardStep,
)
from aias.api.routing import resource

__all__ = ["router"]

router = resource("onboarding")

Reads = Annotated[Caller, needs("onboarding:read")]
Writes = Annotated[Caller, needs("onboarding:write")]
Person = Annotated[UUID, Query(description="The person.")]
Language = Annotated[
    str | None, Query(pattern="^[A-Za-z]{2}(-[A-Za-z0-9]{1,8})*$", description="en or de; else the person's own.")
]


@router.post("/sign-ups", status_code=HTTPStatus.CREATED, summary="Sign an account up")
async def sign_up(
    caller: Annotated[Caller, needs("onboarding:write", keeps_answer=False)], body: SignUp, response: Response
) -> SignUpMade:
    """Make a tenant with its owner, a key and samples that run at once: one call, all of it or nothing; for operators.

    It says so as the event `user.signed_up`. The token is shown once.
    """
    made = await onboarding.sign_up(caller.conn, **body.model_dump())
    response.headers["Location"] = f"/v1/tenants/{body.tenant}"
    response.headers["Cache-Control"] = "no-store"
    return SignUpMade(tenant=body.tenant, **asdict(made), samples=await _samples(caller, body.tenant))


@router.get("/samples", summary="See the samples")
async def see_samples(caller: Reads, tenant: Tenant) -> SamplesFound:
    """The sample workflows that are there, and whether more are on their way."""
    return await _samples(caller, tenant)


@router.post("/samples", status_code=HTTPStatus.ACCEPTED, summary="Install the samples")
async def add_samples(caller: Writes, tenant: Tenant) -> SamplesAsked:
    """Have a worker install them, again or for the first time; their connections are pointed to the local servers."""
    return SamplesAsked(asked=await onboarding.add_samples(caller.conn, tenant))


@router.delete("/samples", summary="Remove the samples")
async def remove_samples(caller: Writes, tenant: Tenant) -> SamplesRemoved:
    """Remove all that came with them: workflows, connections and executions. They don't come again by themselves."""
    return SamplesRemoved.model_validate(await onboarding.remove_samples(caller.conn, tenant))


@router.get("/steps", summary="See how far an account is")
async def onboarding_steps(caller: Reads, tenant: Tenant) -> StepsShown:
    """The steps from the sign-up to a working automation, each with the time at which it was taken."""
    found = await onboarding.onboarding_steps(caller.conn, tenant)
    return StepsShown(items=[WizardStep.model_validate(step) for step in found])


@router.get("/next-action", summary="Say what to do next")
async def next_action(caller: Reads, user: Person, language: Language = None) -> NextActionFound:
    """What this person best does next, and why: what is broken first, then what is missing."""
    found = await onboarding.next_action(caller.conn, user, language=language)
    return NextActionFound(next=NextActionShown.model_validate(found) if found is not None else None)


@router.get("/help", summary="See the help of a page")
async def help_for(
    caller: Reads,
    user: Person,
    page: Annotated[str, Query(pattern="^[a-z][a-z0-9-]{0,62}$", description="Such as integrations, executions.")],
    state: Annotated[
        str, Query(pattern="^([a-z][a-z0-9_]{0,62})?$", description="Such as empty, failing, sample.")
    ] = "",
    language: Language = None,
) -> HelpFound:
    """The text of the page in that state, unless the person has dismissed it."""
    found = await onboarding.help_for(caller.conn, user, page=page, state=state, language=language)
    return HelpFound(help=HelpShown.model_validate(found) if found is not None else None)


@router.post("/dismissals", summary="Dismiss a help text or a proposal")
async def dismiss_guidance(caller: Writes, body: Dismissal) -> Dismissed:
    """Don't show it to this person again, or do again."""
    changed = await onboarding.dismiss_guidance(
        caller.conn, body.user, kind=body.kind, name=body.name, is_dismissed=body.is_dismissed
    )
    return Dismissed(changed=changed)


async def _samples(caller: Caller, tenant: str) -> SamplesFound:
    found = await onboarding.list_samples(caller.conn, tenant)
    return SamplesFound(
        status=found[0].status if found else "none",  # pyright: ignore[reportArgumentType] (pydantic checks it)
        missing_kinds=found[0].missing_kinds if found else [],
        samples=[
            SampleFound(workflow=one.workflow, description=one.description) for one in found if one.workflow is not None
        ],
    )
