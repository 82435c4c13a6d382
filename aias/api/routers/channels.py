"""``/v1/channels`` and ``/v1/notifications``: where people are told, and what they were told."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Query
from starlette.responses import Response

from aias import alerts, notify
from aias.api.caller import Caller, TenantFilter, needs
from aias.api.models.alerts import (
    ChannelGiven,
    ChannelMade,
    ChannelShown,
    NotificationShown,
    ReadGiven,
    ReadMade,
    TestMade,
)
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id

__all__ = ["notifications", "router"]

router = resource("channels")
notifications = resource("notifications")

Reads = Annotated[Caller, needs("channels:read")]
Writes = Annotated[Caller, needs("channels:write")]
# its answer holds a secret, which is not to be kept
Tells = Annotated[Caller, needs("channels:write", keeps_answer=False)]
ReadsNotices = Annotated[Caller, needs("notifications:read")]
WritesNotices = Annotated[Caller, needs("notifications:write")]
Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="The channel's name.")]


@router.get("", summary="List channels")
async def list_channels(
    caller: Reads, page: Page, tenant: TenantFilter, _fields: Annotated[None, fields_of(ChannelShown)]
) -> Listed[ChannelShown]:
    """By tenant and name, without secrets."""
    after = page.after(str, str)
    await tenant_id(caller, tenant)
    rows = await notify.list_channels(
        caller.conn, tenant=tenant, after=None if after[1] is None else (after[0], after[1]), limit=page.fetch
    )
    return page.of([ChannelShown.model_validate(row) for row in rows], lambda row: (row.tenant or "", row.name))


@router.put("/{name}", summary="Set a channel")
async def set_channel(caller: Tells, tenant: TenantFilter, name: Name, body: ChannelGiven) -> ChannelMade:
    """Say where the tenant is told, or with an operator's key and no tenant the operators; a secret is told once."""
    made = await alerts.set_channel(
        caller.conn,
        tenant,
        name,
        kind=body.kind,
        config=body.config,
        secret=body.secret,
        min_severity=body.min_severity,
        kinds=body.kinds,
        is_enabled=body.is_enabled,
        settings=caller.settings,
    )
    return ChannelMade(id=made.id, secret=made.secret)


@router.post("/{name}/test", status_code=HTTPStatus.ACCEPTED, summary="Send a test message")
async def test_channel(caller: Writes, tenant: TenantFilter, name: Name) -> TestMade:
    """By this channel alone; a worker sends it, and the notification shows how it went."""
    return TestMade(notification=await notify.start_test(caller.conn, tenant, name))


@router.delete("/{name}", status_code=HTTPStatus.NO_CONTENT, summary="Remove a channel")
async def remove_channel(caller: Writes, tenant: TenantFilter, name: Name) -> Response:
    """Its secret, what waits for it and what it delivered are gone."""
    await notify.remove_channel(caller.conn, tenant, name)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@notifications.get("", summary="List notifications")
async def list_notifications(
    caller: ReadsNotices,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(NotificationShown)],
    channel: Annotated[str | None, Query(max_length=63, description="By this channel.")] = None,
    status: Annotated[
        Literal["pending", "sending", "delivered", "failed", "discarded"] | None, Query(description="In this state.")
    ] = None,
    unread: Annotated[bool | None, Query(description="true: only those of the page that nobody has read.")] = None,
) -> Listed[NotificationShown]:
    """What was told, the newest first."""
    (before,) = page.after(UUID)
    await tenant_id(caller, tenant)
    rows = await notify.list_notifications(
        caller.conn,
        tenant=tenant,
        channel=channel,
        status=status,
        is_unread=bool(unread),
        before=before,
        limit=page.fetch,
    )
    return page.of([NotificationShown.model_validate(row) for row in rows], lambda row: (row.id,))


@notifications.post("/read", summary="Mark notifications as read")
async def read_notifications(caller: WritesNotices, tenant: TenantFilter, body: ReadGiven | None = None) -> ReadMade:
    """Those on the page of the tenant or of the operators: all, or one."""
    return ReadMade(count=await notify.read_notifications(caller.conn, tenant, body and body.notification))


@notifications.post("/{notification}/retry", status_code=HTTPStatus.ACCEPTED, summary="Send a notification again")
async def retry_notification(caller: WritesNotices, notification: UUID) -> NotificationShown:
    """One that was given up; it is due at once."""
    await notify.retry_notification(caller.conn, notification)
    return NotificationShown.model_validate(await notify.find_notification(caller.conn, notification))
