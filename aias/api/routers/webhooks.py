"""``/v1/webhooks``: the addresses to which others send, and what came in."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from starlette.responses import Response

from aias import triggers
from aias.api.caller import Caller, Tenant, TenantFilter, needs
from aias.api.lists.triggers import page_of_webhooks
from aias.api.models.triggers import (
    DeliveryShown,
    ReplayMade,
    RotationGiven,
    WebhookChanges,
    WebhookGiven,
    WebhookMade,
    WebhookShown,
)
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id

__all__ = ["router"]

router = resource("webhooks")

Reads = Annotated[Caller, needs("webhooks:read")]
Writes = Annotated[Caller, needs("webhooks:write")]
# their answers hold a secret, which is not to be kept
Tells = Annotated[Caller, needs("webhooks:write", keeps_answer=False)]
Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="The webhook's name.")]


@router.get("", summary="List webhooks")
async def list_webhooks(
    caller: Reads, page: Page, tenant: TenantFilter, _fields: Annotated[None, fields_of(WebhookShown)]
) -> Listed[WebhookShown]:
    """By tenant and name, without tokens and secrets."""
    after = page.after(str, str)
    rows = await page_of_webhooks(
        caller.conn, tenant_id=await tenant_id(caller, tenant), after=(after[0], after[1]), limit=page.fetch
    )
    return page.of(rows, lambda row: (row.tenant, row.name))


@router.post("", status_code=HTTPStatus.CREATED, summary="Create a webhook")
async def create_webhook(caller: Tells, tenant: Tenant, body: WebhookGiven) -> WebhookMade:
    """Make an address; its path and its secret are told here and never again."""
    headers = {"header": body.header, "id_header": body.id_header, "topic_header": body.topic_header}
    made = await triggers.create_webhook(
        caller.conn,
        tenant,
        body.name,
        style=body.style,
        secret=body.secret,
        workflow=body.workflow,
        condition=body.condition,
        mapping=body.mapping,
        config={name: value for name, value in headers.items() if value is not None},
        max_bytes=body.max_bytes,
        settings=caller.settings,
    )
    return _told(made)


@router.get("/deliveries", summary="List deliveries")
async def list_deliveries(
    caller: Reads,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(DeliveryShown)],
    webhook: Annotated[str | None, Query(max_length=63, description="By this webhook.")] = None,
    status: Annotated[str | None, Query(max_length=20, description="In this state.")] = None,
    topic: Annotated[str | None, Query(max_length=255, description="Of this topic.")] = None,
) -> Listed[DeliveryShown]:
    """What came in, the newest first."""
    (before,) = page.after(UUID)
    await tenant_id(caller, tenant)
    rows = await triggers.list_deliveries(
        caller.conn, tenant=tenant, webhook=webhook, status=status, topic=topic, before=before, limit=page.fetch
    )
    return page.of([DeliveryShown.model_validate(row) for row in rows], lambda row: (row.id,))


@router.post("/deliveries/{delivery}/replay", status_code=HTTPStatus.ACCEPTED, summary="Replay a delivery")
async def replay_delivery(caller: Writes, delivery: UUID) -> ReplayMade:
    """Decide on it again, with the webhook as it is now; a worker does it."""
    return ReplayMade(job_id=await triggers.replay_delivery(caller.conn, delivery))


@router.get("/{name}", summary="See a webhook")
async def get_webhook(
    caller: Reads, tenant: Tenant, name: Name, _fields: Annotated[None, fields_of(WebhookShown)]
) -> WebhookShown:
    """The webhook, without its token and secret."""
    return _shown(await triggers.find_webhook(caller.conn, name, tenant=tenant))


@router.patch("/{name}", summary="Change a webhook")
async def change_webhook(caller: Writes, tenant: Tenant, name: Name, body: WebhookChanges) -> WebhookShown:
    """Change what it takes and starts; what the body leaves out stays."""
    await triggers.change_webhook(caller.conn, tenant, name, body.model_dump(exclude_unset=True))
    return _shown(await triggers.find_webhook(caller.conn, name, tenant=tenant))


@router.post("/{name}/rotation", summary="Rotate a webhook's secret")
async def rotate_webhook(caller: Tells, tenant: Tenant, name: Name, body: RotationGiven | None = None) -> WebhookMade:
    """Change its secret, which is told once; the old one is good for a while yet."""
    how = body or RotationGiven()
    made = await triggers.rotate_webhook(
        caller.conn,
        tenant,
        name,
        secret=how.secret,
        overlap=timedelta(seconds=how.overlap),
        new_token=how.new_token,
        settings=caller.settings,
    )
    return _told(made)


@router.delete("/{name}", status_code=HTTPStatus.NO_CONTENT, summary="Remove a webhook")
async def remove_webhook(caller: Writes, tenant: Tenant, name: Name) -> Response:
    """Nothing is taken by it any more; its deliveries stay."""
    webhook = await triggers.find_webhook(caller.conn, name, tenant=tenant)
    await triggers.remove_webhook(caller.conn, webhook.id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _shown(webhook: triggers.Webhook) -> WebhookShown:
    seconds = webhook.replay_window.total_seconds()
    return WebhookShown.model_validate({**asdict(webhook), "replay_window": seconds})


def _told(made: triggers.MadeWebhook) -> WebhookMade:
    path = None if made.token is None else f"/hooks/{made.token}"
    return WebhookMade(id=made.id, path=path, secret=made.secret)
