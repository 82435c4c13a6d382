"""``/settings``: who is signed in, the tenant's plan, its people, its keys and its channels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from starlette.requests import Request

from aias import notify, tenants
from aias.api import create_api_key, revoke_api_key
from aias.api.lists.keys import get_key, page_of_keys
from aias.api.lists.tenants import get_tenant, page_of_users
from aias.dashboard.rendering import Answer, confirm, page, redirect
from aias.dashboard.routing import area
from aias.dashboard.viewer import Viewer, can
from aias.errors import InvalidArgument

__all__ = ["router"]

router = area("settings")

_MOST = 200


@router.get("")
async def settings(request: Request, viewer: Annotated[Viewer, can(None)]) -> Answer:
    """Show who is signed in, and what of the tenant they may see."""
    conn, whose, may = viewer.conn, viewer.tenant_id, viewer.may
    slug = viewer.tenant
    return page(
        request,
        viewer,
        "settings/settings.html.j2",
        tenant=await get_tenant(conn, slug) if slug is not None and may("tenants:read") else None,
        users=await page_of_users(conn, whose, after=None, limit=_MOST) if whose and may("users:read") else [],
        keys=await page_of_keys(conn, tenant_id=whose, status="active", after=None, limit=_MOST)
        if may("keys:read")
        else [],
        channels=await notify.list_channels(conn, tenant=slug, limit=_MOST) if may("channels:read") else [],
    )


@router.post("/keys")
async def create_key(request: Request, viewer: Annotated[Viewer, can("keys:write")]) -> Answer:
    """Make a key, and show its token this once."""
    form = viewer.form
    days = form.text("days")
    if days and not (days.isdecimal() and 0 < int(days) <= 3650):  # noqa: PLR2004 (ten years)
        raise InvalidArgument("days are a number from 1 to 3650, or none", argument="p_expires_at")
    made = await create_api_key(
        viewer.conn,
        tenant=viewer.tenant,
        name=form.text("name"),
        scopes=form.text("scopes").split(),
        expires_at=datetime.now(UTC) + timedelta(days=int(days)) if days else None,
    )
    return page(request, viewer, "settings/key.html.j2", name=form.text("name"), token=made.token)


@router.post("/keys/{key}/revoke")
async def revoke_key(request: Request, viewer: Annotated[Viewer, can("keys:write")], key: str) -> Answer:
    """Refuse a key from the next request on, after asking."""
    found = await get_key(viewer.conn, key)
    if viewer.form.text("confirmed") != "yes":
        return confirm(
            request,
            viewer,
            title=f"Revoke the key {found.name}?",
            touches=[
                f"the key {found.id} ({found.name}): whatever uses it is refused from the next request on",
                "everybody who is signed in here with it is signed out",
            ],
            button=f"Revoke {found.name}",
            action=f"/settings/keys/{found.id}/revoke",
            back="/settings",
            warning="That can't be undone: a new key has another token.",
        )
    await revoke_api_key(viewer.conn, key)
    return redirect("/settings", said=f"The key {found.name} is revoked.")


@router.post("/users")
async def create_user(viewer: Annotated[Viewer, can("users:write")]) -> Answer:
    """Add a person to the tenant."""
    form = viewer.form
    if viewer.tenant is None:
        raise InvalidArgument("pick a tenant first: people belong to one", argument="p_tenant")
    await tenants.create_user(
        viewer.conn, tenant=viewer.tenant, email=form.text("email"), name=form.text("name"), role=form.text("role")
    )
    return redirect("/settings", said=f"{form.text('name')} may sign in by a link to {form.text('email')}.")


@router.post("/channels/{channel}/test")
async def test_channel(viewer: Annotated[Viewer, can("channels:write")], channel: str) -> Answer:
    """Send a notice by one channel, to see whether it arrives."""
    sent: UUID = await notify.start_test(viewer.conn, viewer.tenant, channel)
    return redirect("/settings", said=f"A notice is on its way by {channel} ({sent}).")
