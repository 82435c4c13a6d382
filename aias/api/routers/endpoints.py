"""``/v1/webhook-endpoints``: where tenants hear of their executions."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Path
from starlette.responses import Response

from aias import triggers
from aias.api.caller import Caller, Tenant, TenantFilter, needs
from aias.api.lists.triggers import page_of_endpoints
from aias.api.models.triggers import EndpointGiven, EndpointMade, EndpointShown, MessageShown, SecretMade
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id
from aias.errors import NotFound

__all__ = ["router"]

router = resource("webhook-endpoints", tags=["webhooks"])

Reads = Annotated[Caller, needs("webhook-endpoints:read")]
Writes = Annotated[Caller, needs("webhook-endpoints:write")]
# its answer holds a secret, which is not to be kept
Tells = Annotated[Caller, needs("webhook-endpoints:write", keeps_answer=False)]
Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="The endpoint's name.")]


@router.get("", summary="List endpoints")
async def list_webhook_endpoints(
    caller: Reads, page: Page, tenant: TenantFilter, _fields: Annotated[None, fields_of(EndpointShown)]
) -> Listed[EndpointShown]:
    """By tenant and name, without secrets."""
    after = page.after(str, str)
    rows = await page_of_endpoints(
        caller.conn, tenant_id=await tenant_id(caller, tenant), after=(after[0], after[1]), limit=page.fetch
    )
    return page.of(rows, lambda row: (row.tenant, row.name))


@router.put("/{name}", summary="Set an endpoint")
async def set_webhook_endpoint(caller: Tells, tenant: Tenant, name: Name, body: EndpointGiven) -> EndpointMade:
    """Tell an address of executions; the secret of a new one is told here and never again."""
    made = await triggers.set_endpoint(
        caller.conn, tenant, name, url=body.url, types=body.types, settings=caller.settings
    )
    return EndpointMade(id=made.id, secret=made.secret)


@router.post("/{name}/rotation", summary="Rotate an endpoint's secret")
async def rotate_webhook_endpoint(caller: Tells, tenant: Tenant, name: Name) -> SecretMade:
    """Give it a new secret, told once; for a day messages are signed with both."""
    made = await triggers.rotate_endpoint(caller.conn, tenant, name, settings=caller.settings)
    return SecretMade(secret=made)


@router.get("/{name}/messages", summary="List what an endpoint is told")
async def list_webhook_messages(
    caller: Reads, page: Page, tenant: Tenant, name: Name, _fields: Annotated[None, fields_of(MessageShown)]
) -> Listed[MessageShown]:
    """The newest first, with how it went."""
    (before,) = page.after(UUID)
    whose = await tenant_id(caller, tenant)
    found = await page_of_endpoints(caller.conn, tenant_id=whose, after=(None, None), limit=10_000)
    endpoint = next((row.id for row in found if row.name == name), None)
    if endpoint is None:
        raise NotFound(f"there is no endpoint {name!r}", argument="p_name")
    rows = await triggers.list_messages(caller.conn, endpoint, before=before, limit=page.fetch)
    return page.of([MessageShown.model_validate(row) for row in rows], lambda row: (row.id,))


@router.delete("/{name}", status_code=HTTPStatus.NO_CONTENT, summary="Remove an endpoint")
async def remove_webhook_endpoint(caller: Writes, tenant: Tenant, name: Name) -> Response:
    """It is told nothing any more; what was not sent yet is discarded."""
    await triggers.remove_endpoint(caller.conn, tenant, name)
    return Response(status_code=HTTPStatus.NO_CONTENT)
