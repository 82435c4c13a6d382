"""``/v1/events``: what happened, and what it starts."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from aias import triggers
from aias.api.caller import Caller, Tenant, TenantFilter, needs
from aias.api.lists.triggers import page_of_subscriptions
from aias.api.models.triggers import EventGiven, EventMade, EventShown, SubscriptionGiven, SubscriptionShown
from aias.api.paging import Listed, Page
from aias.api.problems import HttpProblem, ProblemError
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id
from aias.errors import NotFound

__all__ = ["router"]

router = resource("events")

Reads = Annotated[Caller, needs("events:read")]
Writes = Annotated[Caller, needs("events:write")]
Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$", description="The subscription's name.")]

_SCHEMA = EventGiven.model_json_schema()
_BODIES = {
    media_type: {"schema": schema}
    for media_type, schema in {
        "application/json": _SCHEMA,
        "application/cloudevents+json": {"type": "object"},
        "application/cloudevents-batch+json": {"type": "array", "items": {"type": "object"}},
    }.items()
}


@router.get("", summary="List events")
async def list_events(
    caller: Reads,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(EventShown)],
    type: Annotated[str | None, Query(max_length=200, description="Of this type; * stands for anything.")] = None,
) -> Listed[EventShown]:
    """The newest first."""
    (before,) = page.after(UUID)
    await tenant_id(caller, tenant)
    rows = await triggers.list_events(caller.conn, tenant=tenant, type=type, before=before, limit=page.fetch)
    return page.of([EventShown.model_validate(row) for row in rows], lambda row: (row.id,))


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    summary="Emit events",
    openapi_extra={"requestBody": {"required": True, "content": _BODIES}},
)
async def emit_events(caller: Writes, tenant: Tenant, request: Request) -> EventMade:
    """One event, or CloudEvents 1.0 (structured, batched, binary); all of them and what they start, or nothing."""
    return EventMade(
        ids=[
            await triggers.emit_event(
                caller.conn,
                tenant,
                event.type,
                event.data,
                event_id=event.id,
                source=event.source,
                subject=event.subject,
                time=event.time,
            )
            for event in await _events(request)
        ]
    )


async def _events(request: Request) -> list[triggers.CloudEvent]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type.startswith("application/cloudevents") or "ce-specversion" in request.headers:
        return triggers.read_cloudevents(dict(request.headers), await request.body())
    if media_type != "application/json":
        raise HttpProblem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "an event is JSON, or a CloudEvent"
        )
    try:
        given = TypeAdapter(EventGiven).validate_python(await request.json())
    except ValidationError as error:
        found = [
            ProblemError(path=".".join(["$", *map(str, one["loc"])]), message=one["msg"])
            for one in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise HttpProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "the event is not valid", found) from None
    return [
        triggers.CloudEvent(
            id=given.id,
            source=given.source,
            type=given.type,
            subject=given.subject,
            time=given.time,
            data=given.payload,
        )
    ]


@router.get("/subscriptions", summary="List subscriptions")
async def list_subscriptions(
    caller: Reads, page: Page, tenant: TenantFilter, _fields: Annotated[None, fields_of(SubscriptionShown)]
) -> Listed[SubscriptionShown]:
    """By tenant and name."""
    after = page.after(str, str)
    rows = await page_of_subscriptions(
        caller.conn, tenant_id=await tenant_id(caller, tenant), after=(after[0], after[1]), limit=page.fetch
    )
    return page.of(rows, lambda row: (row.tenant, row.name))


@router.put("/subscriptions/{name}", summary="Set a subscription")
async def set_subscription(caller: Writes, tenant: Tenant, name: Name, body: SubscriptionGiven) -> SubscriptionShown:
    """Let events of a pattern of types start a workflow."""
    made = await triggers.set_subscription(
        caller.conn,
        tenant,
        name,
        type=body.type,
        workflow=body.workflow,
        filter=body.filter,
        condition=body.condition,
        mapping=body.mapping,
        enabled=body.enabled,
    )
    rows = await triggers.list_subscriptions(caller.conn, tenant=tenant, limit=10_000)
    found = next((row for row in rows if row.id == made), None)
    if found is None:
        raise NotFound(f"there is no subscription {name!r}", argument="p_name")
    return SubscriptionShown.model_validate(found)


@router.delete("/subscriptions/{name}", status_code=HTTPStatus.NO_CONTENT, summary="Remove a subscription")
async def remove_subscription(caller: Writes, tenant: Tenant, name: Name) -> Response:
    """Events start nothing by it any more."""
    await triggers.remove_subscription(caller.conn, tenant, name)
    return Response(status_code=HTTPStatus.NO_CONTENT)
