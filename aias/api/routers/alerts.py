"""``/v1/alerts``: what is wrong, the rules by which that is found, and what nobody wants to be told of."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Query
from starlette.responses import Response

from aias import alerts
from aias.api.caller import Caller, TenantFilter, needs
from aias.api.models.alerts import (
    AlertShown,
    NoteGiven,
    RuleGiven,
    RuleShown,
    SilenceGiven,
    SilenceMade,
    SilenceShown,
    SourceShown,
)
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id

__all__ = ["router"]

router = resource("alerts")

Reads = Annotated[Caller, needs("alerts:read")]
Writes = Annotated[Caller, needs("alerts:write")]
Rule = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]{0,62}$", description="The rule's name.")]


@router.get("", summary="List alerts")
async def list_alerts(
    caller: Reads,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(AlertShown)],
    status: Annotated[
        Literal["open", "acknowledged", "resolved", "all"] | None,
        Query(description="In this state; without it those that go on."),
    ] = None,
    rule: Annotated[str | None, Query(max_length=63, description="Of this rule.")] = None,
) -> Listed[AlertShown]:
    """What is wrong, the newest first."""
    (before,) = page.after(UUID)
    await tenant_id(caller, tenant)
    statuses = {None: ["open", "acknowledged"], "all": None}.get(status, [status] if status else None)
    rows = await alerts.list_alerts(
        caller.conn, tenant=tenant, statuses=statuses, rule=rule, before=before, limit=page.fetch
    )
    return page.of([AlertShown.model_validate(row) for row in rows], lambda row: (row.id,))


@router.get("/sources", summary="See what rules may look at")
async def get_alert_sources(caller: Reads) -> list[SourceShown]:
    """A rule takes one of these; no SQL is taken from anybody."""
    return [SourceShown.model_validate(row) for row in await alerts.list_sources(caller.conn)]


@router.get("/rules", summary="List rules")
async def list_alert_rules(
    caller: Reads, page: Page, tenant: TenantFilter, _fields: Annotated[None, fields_of(RuleShown)]
) -> Listed[RuleShown]:
    """The operators', which look at every tenant, and the tenants' own."""
    after = page.after(str, str)
    await tenant_id(caller, tenant)
    rows = await alerts.list_rules(
        caller.conn, tenant=tenant, after=None if after[1] is None else (after[0], after[1]), limit=page.fetch
    )
    return page.of([RuleShown.model_validate(row) for row in rows], lambda row: (row.tenant or "", row.name))


@router.put("/rules/{name}", summary="Set a rule")
async def set_alert_rule(caller: Writes, tenant: TenantFilter, name: Rule, body: RuleGiven) -> RuleShown:
    """Make or change a rule: the tenant's own, or with an operator's key and no tenant one that looks at all."""
    await alerts.set_rule(
        caller.conn,
        tenant,
        name,
        alerts.RuleChanges(
            source=body.source,
            comparison=body.comparison,
            threshold=body.threshold,
            window=_seconds(body.window),
            wait=_seconds(body.wait),
            severity=body.severity,
            scope=body.scope,
            scope_name=body.scope_name,
            tells=body.tells,
            channels=body.channels,
            renotify_every=_seconds(body.renotify_every),
            is_enabled=body.is_enabled,
            description=body.description,
        ),
    )
    return RuleShown.model_validate(await alerts.find_rule(caller.conn, tenant, name))


@router.delete("/rules/{name}", status_code=HTTPStatus.NO_CONTENT, summary="Remove a rule")
async def remove_alert_rule(caller: Writes, tenant: TenantFilter, name: Rule) -> Response:
    """Its alerts end; what comes with AIAS is switched off instead."""
    await alerts.remove_rule(caller.conn, tenant, name)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/silences", summary="List silences")
async def list_alert_silences(
    caller: Reads,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(SilenceShown)],
    active: Annotated[bool | None, Query(description="false: those that are over, too.")] = None,
) -> Listed[SilenceShown]:
    """What tenants and operators do not want to be told of, the newest first."""
    (before,) = page.after(UUID)
    await tenant_id(caller, tenant)
    rows = await alerts.list_silences(
        caller.conn, tenant=tenant, is_active=active is not False, before=before, limit=page.fetch
    )
    return page.of([SilenceShown.model_validate(row) for row in rows], lambda row: (row.id,))


@router.post("/silences", status_code=HTTPStatus.CREATED, summary="Silence alerts")
async def silence_alerts(caller: Writes, tenant: TenantFilter, body: SilenceGiven) -> SilenceMade:
    """They open and end all the same; the tenant, or the operators, are not told until then."""
    made = await alerts.silence_alerts(
        caller.conn, tenant, rule=body.rule, key=body.key, until=body.until, reason=body.reason
    )
    return SilenceMade(id=made)


@router.delete("/silences/{silence}", status_code=HTTPStatus.NO_CONTENT, summary="End a silence")
async def end_alert_silence(caller: Writes, silence: UUID) -> Response:
    """What is open and was not told is told within the minute."""
    await alerts.end_silence(caller.conn, silence)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/{alert}", summary="See an alert")
async def get_alert(caller: Reads, alert: UUID, _fields: Annotated[None, fields_of(AlertShown)]) -> AlertShown:
    """The alert, with who was told and who is at it."""
    return AlertShown.model_validate(await alerts.find_alert(caller.conn, alert))


@router.post("/{alert}/acknowledgement", summary="Acknowledge an alert")
async def acknowledge_alert(caller: Writes, alert: UUID, body: NoteGiven | None = None) -> AlertShown:
    """Nobody is told of it again until it ends."""
    await alerts.acknowledge_alert(caller.conn, alert, body and body.note)
    return AlertShown.model_validate(await alerts.find_alert(caller.conn, alert))


@router.post("/{alert}/closure", summary="Close an alert")
async def close_alert(caller: Writes, alert: UUID, body: NoteGiven | None = None) -> AlertShown:
    """End it by hand; what a rule still finds opens again."""
    await alerts.close_alert(caller.conn, alert, body and body.note)
    return AlertShown.model_validate(await alerts.find_alert(caller.conn, alert))


def _seconds(given: float | None) -> timedelta | None:
    return None if given is None else timedelta(seconds=given)
