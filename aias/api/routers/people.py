"""``/v1/users`` and ``/v1/erasures``: what the system holds of a person, given out or taken away."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from aias import privacy
from aias.api.caller import Caller, needs
from aias.api.models.privacy import ErasureGiven, ErasureShown, UserExport
from aias.api.routing import resource
from aias.api.selection import fields_of

__all__ = ["erasures", "router"]

router = resource("users", tags=["privacy"])
erasures = resource("erasures", tags=["privacy"])

Exports = Annotated[Caller, needs("users:read")]
Erases = Annotated[Caller, needs("users:write")]
Reads = Annotated[Caller, needs("erasures:read")]


@router.get("/{user}/export", summary="Export a person")
async def export_user(caller: Exports, user: UUID, _fields: Annotated[None, fields_of(UserExport)]) -> UserExport:
    """Everything that the system holds of the person, as one document of at most 64 MiB; it is in the audit log."""
    return UserExport.model_validate(await privacy.export_user(caller.conn, user))


@router.post("/{user}/erasure", status_code=HTTPStatus.ACCEPTED, summary="Erase a person")
async def erase_user(caller: Erases, user: UUID, body: ErasureGiven, response: Response) -> ErasureShown:
    """Delete or anonymize the person's data everywhere; a worker does it. Asked again it is the same erasure."""
    erasure = await privacy.erase_user(caller.conn, user, body.reason)
    response.headers["Location"] = f"/v1/erasures/{erasure}"
    return ErasureShown.model_validate(await privacy.get_erasure(caller.conn, erasure))


@erasures.get("/{erasure}", summary="See an erasure")
async def get_erasure(caller: Reads, erasure: UUID, _fields: Annotated[None, fields_of(ErasureShown)]) -> ErasureShown:
    """How far it is, and its certificate."""
    return ErasureShown.model_validate(await privacy.get_erasure(caller.conn, erasure))
