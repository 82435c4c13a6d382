"""``/v1/keys``: the keys that calls are made with."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import Path, Query
from starlette.responses import Response

from aias.api.caller import Caller, TenantFilter, needs
from aias.api.lists.keys import get_key, page_of_keys
from aias.api.models.keys import KeyMade, KeyShown, NewKeyGiven
from aias.api.paging import Listed, Page
from aias.api.queries import create_api_key, revoke_api_key
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id

__all__ = ["router"]

router = resource("keys")

Reads = Annotated[Caller, needs("keys:read")]
Writes = Annotated[Caller, needs("keys:write")]
KeyId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="The public part of the token.")]


@router.get("", summary="List keys")
async def list_keys(
    caller: Reads,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(KeyShown)],
    status: Annotated[Literal["active", "expired", "revoked"] | None, Query(description="In this state.")] = None,
) -> Listed[KeyShown]:
    """By id. Secrets are stored nowhere."""
    (after,) = page.after(str)
    rows = await page_of_keys(
        caller.conn, tenant_id=await tenant_id(caller, tenant), status=status, after=after, limit=page.fetch
    )
    return page.of(rows, lambda row: (row.id,))


@router.post("", status_code=HTTPStatus.CREATED, summary="Make a key")
async def create_key(
    caller: Annotated[Caller, needs("keys:write", keeps_answer=False)],
    tenant: TenantFilter,
    body: NewKeyGiven,
    response: Response,
) -> KeyMade:
    """Make a key of the tenant, or with an operator's key and no tenant an operator's. Its token is shown once."""
    made = await create_api_key(
        caller.conn,
        tenant=tenant,
        name=body.name,
        scopes=list(body.scopes),
        expires_at=body.expires_at,
        requests_per_minute=body.requests_per_minute,
    )
    response.headers["Location"] = f"/v1/keys/{made.id}"
    response.headers["Cache-Control"] = "no-store"
    shown = await get_key(caller.conn, made.id)
    return KeyMade(**shown.model_dump(), token=made.token)


@router.get("/{key}", summary="See a key")
async def get_api_key(caller: Reads, key: KeyId) -> KeyShown:
    """The key without its secret."""
    return await get_key(caller.conn, key)


@router.post("/{key}/revoke", summary="Revoke a key")
async def revoke_key(caller: Writes, key: KeyId) -> KeyShown:
    """Refuse it from the next request on. Revoking again changes nothing."""
    await revoke_api_key(caller.conn, key)
    return await get_key(caller.conn, key)
