"""``/v1/integrations``: connections to other services."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from aias import integrations
from aias.api.caller import Caller, Tenant, TenantFilter, needs
from aias.api.lists.integrations import get_integration, page_of_integrations
from aias.api.models.integrations import (
    CheckedShown,
    Connect,
    ConnectedShown,
    Consent,
    ConsentAsked,
    Consented,
    IntegrationShown,
)
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.services import services_of
from aias.api.tenancy import tenant_id

__all__ = ["router"]

router = resource("integrations")

Reads = Annotated[Caller, needs("integrations:read")]
Writes = Annotated[Caller, needs("integrations:write")]
Calls = Annotated[Caller, needs("integrations:write", in_transaction=False)]
Asks = Annotated[Caller, needs("integrations:write", in_transaction=False, keeps_answer=False)]
Kind = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,62}$", description="What it connects to.")]
Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="Its name.")]

_CACHED_FOR = 60
_TAG = "integrations"


@router.get("", summary="List connections")
async def list_integrations(
    request: Request,
    caller: Reads,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(IntegrationShown)],
    kind: Annotated[str | None, Query(max_length=63, description="To this kind of service.")] = None,
    status: Annotated[Literal["connected", "failing", "revoked"] | None, Query(description="In this state.")] = None,
) -> Listed[IntegrationShown]:
    """By tenant, kind and name, with what their last checks found. Read through the cache."""
    after = page.after(str, str, str)
    whose = await tenant_id(caller, tenant)

    async def read() -> list[dict[str, Any]]:
        rows = await page_of_integrations(
            caller.conn,
            tenant_id=whose,
            kind=kind,
            status=status,
            after=(after[0], after[1], after[2]),
            limit=page.fetch,
        )
        return [row.model_dump(mode="json") for row in rows]

    key = hashlib.sha256(json.dumps([kind, status, after, page.fetch]).encode()).hexdigest()
    found = await services_of(request).cache.through(
        "integrations", key, read, ttl=_CACHED_FOR, tags=[_TAG], tenant_id=whose
    )
    rows = [IntegrationShown.model_validate(one) for one in found]
    return page.of(rows, lambda row: (row.tenant, row.kind, row.name))


@router.get("/{kind}/{name}", summary="See a connection", name="get_integration")
async def see_integration(
    caller: Reads, tenant: Tenant, kind: Kind, name: Name, _fields: Annotated[None, fields_of(IntegrationShown)]
) -> IntegrationShown:
    """The connection with what its last check found; its credentials are never shown."""
    return await get_integration(caller.conn, tenant, kind, name)


@router.put("/{kind}/{name}", summary="Connect to a service")
async def connect_integration(
    request: Request, caller: Calls, tenant: Tenant, kind: Kind, name: Name, body: Connect
) -> ConnectedShown:
    """Try the credentials with a call that changes nothing, and store them sealed; or renew a connection."""
    async with caller.transaction():
        whose = await tenant_id(caller, tenant)
    made = await integrations.connect_tried(
        caller.database.pool,
        tenant=tenant,
        kind=kind,
        name=name,
        config=body.config,
        secret=body.secret,
        is_tried=body.tried,
        prepare=caller.sign,
    )
    services_of(request).cache.forget(_TAG, tenant_id=whose)
    async with caller.transaction() as conn:
        shown = await get_integration(conn, tenant, kind, name)
    return ConnectedShown(**shown.model_dump(), problem=made.problem)


@router.post("/{kind}/{name}/consent", summary="Ask for consent")
async def ask_for_consent(caller: Asks, tenant: Tenant, kind: Kind, name: Name, body: Consent) -> ConsentAsked:
    """Begin OAuth: send the browser to the address; it comes back to `redirect_uri`, within ten minutes."""
    async with caller.transaction():
        await tenant_id(caller, tenant)
    started = await integrations.start_oauth(
        caller.database.pool,
        tenant=tenant,
        user=f"key:{caller.identity.key_id}",
        kind=kind,
        name=name,
        config=body.config,
        redirect_uri=str(body.redirect_uri),
        scopes=body.scopes,
    )
    return ConsentAsked(url=started.url, expires_in=started.expires_in)


@router.post("/consented", summary="Connect by consent")
async def finish_consent(request: Request, caller: Asks, tenant: Tenant, body: Consented) -> ConnectedShown:
    """End OAuth with the key that began it: the code is exchanged, the tokens are tried and stored sealed."""
    async with caller.transaction():
        whose = await tenant_id(caller, tenant)
    made = await integrations.finish_oauth(
        caller.database.pool, tenant=tenant, user=f"key:{caller.identity.key_id}", query=body.query
    )
    services_of(request).cache.forget(_TAG, tenant_id=whose)
    async with caller.transaction() as conn:
        shown = await get_integration(conn, tenant, made.kind, made.name)
    return ConnectedShown(**shown.model_dump(), problem=made.problem)


@router.delete("/{kind}/{name}", status_code=204, summary="Forget a connection")
async def disconnect_integration(request: Request, caller: Writes, tenant: Tenant, kind: Kind, name: Name) -> Response:
    """Forget it and its credentials; steps that need it fail from then on."""
    await integrations.disconnect(caller.conn, tenant=tenant, kind=kind, name=name)
    services_of(request).cache.forget(_TAG, tenant_id=await tenant_id(caller, tenant))
    return Response(status_code=204)


@router.post("/{kind}/{name}/check", summary="Try a connection")
async def check_integration(request: Request, caller: Calls, tenant: Tenant, kind: Kind, name: Name) -> CheckedShown:
    """Make the smallest call that shows whether its credentials work and changes nothing, and note what came of it."""
    async with caller.transaction() as conn:
        found = await get_integration(conn, tenant, kind, name)
        whose = await tenant_id(caller, tenant)
    assert whose is not None  # noqa: S101 (the tenant is named)
    checked = await integrations.check_connection(caller.database.pool, tenant_id=whose, integration_id=found.id)
    services_of(request).cache.forget(_TAG, tenant_id=whose)
    return CheckedShown.model_validate(checked)
