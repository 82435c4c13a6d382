"""``/v1/retention``: how long what is kept, whose rows are held, and removing what is too old."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from aias import lifecycle
from aias.api.caller import Caller, needs
from aias.api.models.retention import (
    HoldGiven,
    HoldShown,
    PolicyChanges,
    PolicyShown,
    RemovalShown,
    RemovalsShown,
    RetentionShown,
    RunRetention,
)
from aias.api.problems import HttpProblem
from aias.api.routing import resource

__all__ = ["router"]

router = resource("retention")

Writes = Annotated[Caller, needs("retention:write")]
Policy = Annotated[str, Path(min_length=1, max_length=63, description="The table.")]
HeldPolicy = Annotated[str, Path(min_length=1, max_length=63, description="The table; * is every one.")]


@router.get("", summary="See how long what is kept")
async def get_retention(caller: Annotated[Caller, needs("retention:read")]) -> RetentionShown:
    """The policies, how their last runs went, and the tenants with ages of their own: for operators."""
    if caller.identity.tenant_id is not None:
        raise HttpProblem(HTTPStatus.FORBIDDEN, "forbidden", "retention is for operators to see")
    return RetentionShown(
        items=[PolicyShown.model_validate(one) for one in await lifecycle.retention_status(caller.conn)],
        holds=[HoldShown.model_validate(one) for one in await lifecycle.retention_holds(caller.conn)],
    )


@router.post("/run", summary="Remove what is too old, or see what that is")
async def run_retention(caller: Writes, body: RunRetention) -> RemovalsShown:
    """A dry run unless told otherwise. Else a job of the workers removes it, after this answer: for operators."""
    found = await lifecycle.run_retention(caller.conn, dry_run=body.dry_run)
    return RemovalsShown(dry_run=body.dry_run, items=[RemovalShown.model_validate(one) for one in found])


@router.patch("/{policy}", status_code=204, summary="Change a policy")
async def set_retention(caller: Writes, policy: Policy, body: PolicyChanges) -> Response:
    """From the next run on; what is left out stays as it is: for operators."""
    await lifecycle.set_retention(
        caller.conn, policy, age=_age(body.days), cadence=body.cadence, is_enabled=body.is_enabled
    )
    return Response(status_code=204)


@router.put("/{policy}/holds/{slug}", status_code=204, summary="Hold a tenant's rows")
async def hold_retention(caller: Writes, policy: HeldPolicy, slug: str, body: HoldGiven) -> Response:
    """Keep them for good (a legal hold), or longer or shorter than the policies say: for operators."""
    await lifecycle.hold_retention(caller.conn, slug, reason=body.reason, age=_age(body.days), policy=policy)
    return Response(status_code=204)


@router.delete("/{policy}/holds/{slug}", status_code=204, summary="Release a tenant's rows")
async def release_retention(caller: Writes, policy: HeldPolicy, slug: str) -> Response:
    """Let the policies hold for them again: for operators."""
    await lifecycle.release_retention(caller.conn, slug, policy=policy)
    return Response(status_code=204)


def _age(days: int | None) -> timedelta | None:
    return None if days is None else timedelta(days=days)
