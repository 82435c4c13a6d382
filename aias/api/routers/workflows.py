"""``/v1/workflows``: definitions, their versions, and what they would do."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Path, Query
from fastapi import Response as Answer

from aias import lifecycle, workflows
from aias.api.caller import Caller, Tenant, TenantFilter, needs
from aias.api.lists.workflows import page_of_versions, page_of_workflows
from aias.api.models.workflows import (
    AppliedShown,
    Checked,
    DefinitionProblem,
    DryRun,
    Edge,
    GraphShown,
    GraphStep,
    Planned,
    PlannedShown,
    VersionSummary,
    WorkflowDetail,
    WorkflowSummary,
)
from aias.api.paging import Listed, Page
from aias.api.routing import resource
from aias.api.selection import fields_of
from aias.api.tenancy import tenant_id
from aias.client.checking import check_needed
from aias.errors import DefinitionError, Problem

__all__ = ["router"]

router = resource("workflows")

Reads = Annotated[Caller, needs("workflows:read")]
Writes = Annotated[Caller, needs("workflows:write")]
Calls = Annotated[Caller, needs("workflows:write", in_transaction=False)]
Name = Annotated[str, Path(pattern="^[a-z][a-z0-9-]{0,62}$", description="The workflow's name.")]
Version = Annotated[int, Path(ge=1, le=2_147_483_647, description="The version's number.")]
Definition = Annotated[
    dict[str, Any],
    Body(
        description="A workflow definition (docs/reference/workflow.schema.json).",
        examples=[
            {
                "name": "greet",
                "input": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
                "steps": [
                    {"id": "greeting", "action": "transform", "input": {"text": "Hello {{ input.name }}"}},
                ],
            }
        ],
    ),
]


@router.get("", summary="List workflows")
async def list_workflows(
    caller: Reads,
    page: Page,
    tenant: TenantFilter,
    _fields: Annotated[None, fields_of(WorkflowSummary)],
    enabled: Annotated[
        bool | None, Query(description="Only those that start executions, or only those that don't.")
    ] = None,
) -> Listed[WorkflowSummary]:
    """By tenant and name; without their definitions, which a single workflow has."""
    after = page.after(str, str)
    rows = await page_of_workflows(
        caller.conn,
        tenant_id=await tenant_id(caller, tenant),
        is_enabled=enabled,
        after=(after[0], after[1]),
        limit=page.fetch,
    )
    return page.of(rows, lambda row: (row.tenant, row.name))


@router.post("/validate", summary="Check a definition")
async def validate_workflow(caller: Reads, tenant: Tenant, body: Definition) -> Checked:
    """Find everything that is wrong with it, connections and workflows that it names included; nothing is stored."""
    try:
        problems = await workflows.check_definition(caller.conn, tenant, body)
    except DefinitionError as error:
        problems = error.problems
    return _checked(problems)


def _checked(problems: list[Problem]) -> Checked:
    return Checked(is_valid=not problems, problems=[DefinitionProblem.model_validate(one) for one in problems])


@router.get("/{name}", summary="See a workflow")
async def get_workflow(
    caller: Reads, tenant: Tenant, name: Name, _fields: Annotated[None, fields_of(WorkflowDetail)]
) -> WorkflowDetail:
    """The workflow with its newest definition."""
    return WorkflowDetail.model_validate(await workflows.get_workflow(caller.conn, tenant, name))


@router.put("/{name}", summary="Apply a definition")
async def apply_workflow(caller: Writes, tenant: Tenant, name: Name, body: Definition) -> AppliedShown:
    """Check it and store it as the newest version; the same again changes nothing. What runs keeps its version."""
    if body.get("name", name) != name:
        raise DefinitionError([Problem(path="$.name", message=f"is not {name!r}, which the path says")])
    applied = await workflows.apply_workflow(caller.conn, tenant, {**body, "name": name})
    return AppliedShown.model_validate(applied)


@router.delete("/{name}", status_code=204, summary="Delete a workflow")
async def delete_workflow(caller: Writes, tenant: Tenant, name: Name) -> Answer:
    """Take it out of use; refused while executions of it are not final. Its history stays."""
    await workflows.delete_workflow(caller.conn, tenant, name)
    return Answer(status_code=204)


@router.post("/{name}/enable", summary="Enable a workflow")
async def enable_workflow(caller: Calls, tenant: Tenant, name: Name) -> WorkflowDetail:
    """Let it start executions again; the connections that its steps need are tried first."""
    async with caller.transaction() as conn:
        await tenant_id(caller, tenant)
        await workflows.get_workflow(conn, tenant, name)
    await check_needed(caller.database.pool, tenant, name)
    async with caller.transaction():
        return await _switch(caller, tenant, name, is_enabled=True)


@router.post("/{name}/restore", summary="Restore a deleted workflow")
async def restore_workflow(caller: Writes, tenant: Tenant, name: Name) -> WorkflowDetail:
    """Bring back the last deleted one of the name, disabled, with its versions and history."""
    await lifecycle.restore_workflow(caller.conn, tenant, name)
    return WorkflowDetail.model_validate(await workflows.get_workflow(caller.conn, tenant, name))


@router.post("/{name}/disable", summary="Disable a workflow")
async def disable_workflow(caller: Writes, tenant: Tenant, name: Name) -> WorkflowDetail:
    """Stop it from starting executions; those that run go on."""
    return await _switch(caller, tenant, name, is_enabled=False)


async def _switch(caller: Caller, tenant: str, name: str, *, is_enabled: bool) -> WorkflowDetail:
    await workflows.set_workflow_enabled(caller.conn, tenant, name, is_enabled=is_enabled)
    return WorkflowDetail.model_validate(await workflows.get_workflow(caller.conn, tenant, name))


@router.get("/{name}/versions", summary="List the versions of a workflow")
async def list_workflow_versions(
    caller: Reads, tenant: Tenant, name: Name, page: Page, _fields: Annotated[None, fields_of(VersionSummary)]
) -> Listed[VersionSummary]:
    """The newest first, with their definitions."""
    (before,) = page.after(int)
    await workflows.get_workflow(caller.conn, tenant, name)
    rows = await page_of_versions(caller.conn, tenant, name, before=before, limit=page.fetch)
    return page.of(rows, lambda row: (row.version,))


@router.get("/{name}/versions/{version}", summary="See a version of a workflow")
async def get_workflow_version(caller: Reads, tenant: Tenant, name: Name, version: Version) -> dict[str, Any]:
    """Its definition as it was applied."""
    return await workflows.get_definition(caller.conn, tenant, name, version)


@router.get("/{name}/graph", summary="See the graph of a workflow")
async def get_workflow_graph(caller: Reads, tenant: Tenant, name: Name) -> GraphShown:
    """The newest version's steps in the order in which they run, and what waits for what."""
    found = await workflows.get_workflow(caller.conn, tenant, name)
    graph = workflows.graph_of(workflows.parse_definition(found.definition))
    needs_edges = [
        Edge(source=need, target=step.id, kind="needs") for step in graph.steps.values() for need in step.needs
    ]
    fallbacks = [Edge(source=step, target=fallback, kind="fallback") for step, fallback in graph.fallbacks.items()]
    return GraphShown(
        steps=[GraphStep(id=step.id, action=step.action, needs=list(step.needs)) for step in graph.steps.values()],
        edges=[*needs_edges, *fallbacks],
    )


@router.post("/{name}/dry-run", summary="Tell what a workflow would do")
async def dry_run_workflow(caller: Reads, tenant: Tenant, name: Name, body: DryRun) -> PlannedShown:
    """Go through the newest version with an input: no call is made, nothing is stored."""
    found = await workflows.get_workflow(caller.conn, tenant, name)
    planned = await workflows.dry_run(found.definition, body.input, outputs=body.outputs)
    return PlannedShown(steps=[Planned.model_validate(step) for step in planned])
