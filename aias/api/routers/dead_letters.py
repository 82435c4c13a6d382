"""``/v1/dead-letters``: what gave up."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query

from aias import workflows
from aias.api.caller import Caller, TenantFilter, needs
from aias.api.lists.dead_letters import get_dead_letter, page_of_dead_letters
from aias.api.models.dead_letters import DeadLetterDetail, DeadLetterSummary, Discard
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id

__all__ = ["router"]

router = resource("dead-letters")

Reads = Annotated[Caller, needs("dead-letters:read")]
Writes = Annotated[Caller, needs("dead-letters:write")]


@router.get("", summary="List dead letters")
async def list_dead_letters(
    caller: Reads,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(DeadLetterSummary)],
    open: Annotated[bool | None, Query(description="Only open ones, or only those that were decided on.")] = None,  # noqa: A002
    kind: Annotated[Literal["execution", "job"] | None, Query(description="What gave up.")] = None,
    fuse: Annotated[UUID | None, Query(description="Diverted by this fuse only.")] = None,
) -> Listed[DeadLetterSummary]:
    """The newest first, without what is kept of each, which a single one has."""
    (before,) = page.after(UUID)
    rows = await page_of_dead_letters(
        caller.conn,
        tenant_id=await tenant_id(caller, tenant),
        is_open=open,
        kind=kind,
        fuse=fuse,
        before=before,
        limit=page.fetch,
    )
    return page.of(rows, lambda row: (row.id,))


@router.get("/{dead_letter}", summary="See a dead letter", name="get_dead_letter")
async def see_dead_letter(
    caller: Reads, dead_letter: UUID, _fields: Annotated[None, fields_of(DeadLetterDetail)]
) -> DeadLetterDetail:
    """The execution with its steps, or the job, as it was."""
    return await get_dead_letter(caller.conn, dead_letter)


@router.post("/{dead_letter}/retry", summary="Retry a dead letter")
async def requeue_dead_letter(caller: Writes, dead_letter: UUID) -> DeadLetterDetail:
    """Try again: an execution goes on from its checkpoints, a job is enqueued afresh."""
    await workflows.requeue_dead_letter(caller.conn, dead_letter)
    return await get_dead_letter(caller.conn, dead_letter)


@router.post("/{dead_letter}/discard", summary="Discard a dead letter")
async def discard_dead_letter(caller: Writes, dead_letter: UUID, body: Discard) -> DeadLetterDetail:
    """Settle it without trying again; it stays on record."""
    await workflows.discard_dead_letter(caller.conn, dead_letter, reason=body.reason)
    return await get_dead_letter(caller.conn, dead_letter)
