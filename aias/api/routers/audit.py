"""``/v1/audit``: who did what, and when."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Query

from aias.api.caller import Caller, TenantFilter, needs
from aias.api.lists.audit import AuditFilter, page_of_audit
from aias.api.models.audit import AuditShown, AuditVerified, VerifyAudit
from aias.api.models.base import Time
from aias.api.paging import Listed, Page
from aias.api.problems import HttpProblem
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id
from aias.audit import verify_audit

__all__ = ["router"]

router = resource("audit")


@router.get("", summary="List the audit log")
async def list_audit(
    caller: Annotated[Caller, needs("audit:read")],
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(AuditShown)],
    action: Annotated[str | None, Query(max_length=100, description="Of this action: execution.started, ...")] = None,
    actor: Annotated[str | None, Query(max_length=200, description="By this actor.")] = None,
    object_kind: Annotated[str | None, Query(max_length=100, description="Done to this kind of thing.")] = None,
    object_id: Annotated[str | None, Query(max_length=300, description="Done to this one.")] = None,
    request_id: Annotated[str | None, Query(max_length=200, description="Part of this HTTP request.")] = None,
    since: Annotated[Time | None, Query(description="Done at this time or later.")] = None,
    until: Annotated[Time | None, Query(description="Done before this time.")] = None,
) -> Listed[AuditShown]:
    """The newest first. The log is append-only: nobody changes or removes an entry."""
    (before,) = page.after(UUID)
    which = AuditFilter(
        tenant_id=await tenant_id(caller, tenant),
        action=action,
        actor=actor,
        object_kind=object_kind,
        object_id=object_id,
        request_id=request_id,
        since=since,
        until=until,
    )
    rows = await page_of_audit(caller.conn, which, before=before, limit=page.fetch)
    return page.of(rows, lambda row: (row.id,))


@router.post("/verify", summary="Verify the audit log")
async def verify_audit_log(caller: Annotated[Caller, needs("audit:write")], body: VerifyAudit) -> AuditVerified:
    """Look whether the log is what was sealed, and name the first row that is not; what is found opens an alert.

    For operators. The answer is 200 also when something is wrong: `ok` says so.
    """
    if caller.identity.tenant_id is not None:
        raise HttpProblem(HTTPStatus.FORBIDDEN, "forbidden", "the chain of the audit log is for operators to verify")
    found = await verify_audit(caller.conn, from_seal=body.from_seal, to_seal=body.to_seal)
    return AuditVerified.model_validate(found)
