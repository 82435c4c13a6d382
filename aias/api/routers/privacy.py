"""``/v1/privacy-requests``: what customers and shops have asked of their data."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from aias import triggers
from aias.api.caller import Caller, TenantFilter, needs
from aias.api.lists.triggers import page_of_privacy_requests
from aias.api.models.privacy import PrivacyRequestShown, SettlementGiven
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id

__all__ = ["router"]

router = resource("privacy-requests", tags=["webhooks"])

Reads = Annotated[Caller, needs("privacy-requests:read")]
Writes = Annotated[Caller, needs("privacy-requests:write")]


@router.get("", summary="List privacy requests")
async def list_privacy_requests(
    caller: Reads,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(PrivacyRequestShown)],
    status: Annotated[Literal["open", "settled"] | None, Query(description="In this state.")] = None,
) -> Listed[PrivacyRequestShown]:
    """The next due first."""
    after = page.after(datetime, UUID)
    rows = await page_of_privacy_requests(
        caller.conn,
        tenant_id=await tenant_id(caller, tenant),
        status=status,
        after=(after[0], after[1]),
        limit=page.fetch,
    )
    return page.of(rows, lambda row: (row.due_at, row.id))


@router.post("/{request}/settlement", status_code=HTTPStatus.NO_CONTENT, summary="Settle a privacy request")
async def settle_privacy_request(caller: Writes, request: UUID, body: SettlementGiven) -> Response:
    """Note that it was seen to, and how."""
    await triggers.settle_privacy_request(caller.conn, request, body.note)
    return Response(status_code=HTTPStatus.NO_CONTENT)
