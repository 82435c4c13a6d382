"""``/v1/effects``: what the executions changed outside, and what is in doubt."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Query

from aias import integrations
from aias.api.caller import Caller, TenantFilter, needs
from aias.api.lists.effects import page_of_effects
from aias.api.models.effects import EffectShown, Resolution, Resolved
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id

__all__ = ["router"]

router = resource("effects")

State = Literal["intended", "done", "refused", "in_doubt"]


@router.get("", summary="List effects")
async def list_effects(
    caller: Annotated[Caller, needs("effects:read")],
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(EffectShown)],
    execution: Annotated[UUID | None, Query(description="Of this execution.")] = None,
    state: Annotated[State | None, Query(description="In this state; in_doubt is what waits for a person.")] = None,
) -> Listed[EffectShown]:
    """Those of the newest executions first."""
    after = page.after(UUID, str, int, str)
    rows = await page_of_effects(
        caller.conn,
        tenant_id=await tenant_id(caller, tenant),
        execution=execution,
        state=state,
        after=(after[0], after[1], after[2], after[3]),
        limit=page.fetch,
    )
    return page.of(rows, lambda row: (row.execution_id, row.step, -1 if row.item is None else row.item, row.part or ""))


@router.post("/{execution}/{step}/resolve", summary="Resolve an effect")
async def resolve_effect(
    caller: Annotated[Caller, needs("effects:write")],
    execution: Annotated[UUID, Path(description="The execution.")],
    step: Annotated[str, Path(max_length=100, description="The step; an item of a fan-out is `step[3]`.")],
    body: Resolution,
) -> Resolved:
    """Say what came of an effect that is in doubt; look at the other service first."""
    state = await integrations.resolve_effect(
        caller.conn,
        execution=execution,
        step=step,
        happened=body.happened,
        by=body.by or f"key:{caller.identity.key_id}",
        response=body.response,
        comment=body.comment,
        part=body.part,
    )
    return Resolved(state=state)
