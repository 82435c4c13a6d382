"""``/v1/retention``: how long what is kept, and removing what is too old."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from aias import lifecycle
from aias.api.caller import Caller, needs
from aias.api.models.retention import HoldShown, PolicyShown, RemovalShown, RemovalsShown, RetentionShown, RunRetention
from aias.api.problems import HttpProblem
from aias.api.routing import resource

__all__ = ["router"]

router = resource("retention")


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
async def run_retention(caller: Annotated[Caller, needs("retention:write")], body: RunRetention) -> RemovalsShown:
    """A dry run unless told otherwise. Else a job of the workers removes it, after this answer: for operators."""
    found = await lifecycle.run_retention(caller.conn, dry_run=body.dry_run)
    return RemovalsShown(dry_run=body.dry_run, items=[RemovalShown.model_validate(one) for one in found])
