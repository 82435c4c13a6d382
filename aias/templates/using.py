"""Making a workflow of a template, with all that starts it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from aias.errors import DefinitionError, NotFound, translated
from aias.templates.models import MadeTrigger, Rendered, Used
from aias.templates.queries import render_template
from aias.triggers import MadeWebhook, change_webhook, create_webhook, find_webhook
from aias.workflows import check_definition

__all__ = ["use_template"]


async def use_template(
    conn: AsyncConnection[Any],
    tenant: str,
    template: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    workflow: str | None = None,
) -> Used:
    """Make the workflow (named as the template, or ``workflow``) with its schedules, subscriptions and webhooks.

    It is validated as ``apply_workflow`` does before anything is stored. The same again changes nothing; other
    parameters, or a newer template, make a new version. Opens a transaction of its own inside the caller's.

    Raises:
        NotFound: there is no such tenant or template.
        InvalidArgument: a parameter does not fit its schema, or the name.
        DefinitionError: what the tenant lacks for it, a connection for instance; every problem with its JSON path.
        Conflict: the name is taken by a workflow that was not made from the template, or was changed by hand since.
    """
    async with conn.transaction():
        rendered = await render_template(conn, template, parameters, workflow=workflow)
        if problems := await check_definition(conn, tenant, rendered.definition):
            raise DefinitionError(problems)
        async with translated(), conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(
                "select u.workflow_id, u.workflow, u.version, u.template_version, u.is_changed, u.triggers"
                " from aias.use_template(%s, %s, %s, %s, %s) as u",
                (tenant, template, Jsonb(dict(parameters or {})), workflow, rendered.version),
            )
            (row,) = await cursor.fetchall()
        made = await _webhooks(conn, tenant, rendered, is_changed=row["is_changed"])
    triggers = [
        MadeTrigger(
            kind=one["kind"],
            name=one["name"],
            what=one.get("cron") or one.get("type") or one["style"],
            token=made[one["name"]].token if one["name"] in made else None,
            secret=made[one["name"]].secret if one["name"] in made else None,
        )
        for one in row.pop("triggers")
    ]
    return Used(template=template, triggers=triggers, **row)


async def _webhooks(
    conn: AsyncConnection[Any], tenant: str, rendered: Rendered, *, is_changed: bool
) -> dict[str, MadeWebhook]:
    """Make the webhooks that are not there, bring the others up to date; gives what was made, by name."""
    made: dict[str, MadeWebhook] = {}
    for trigger in rendered.triggers:
        if trigger["kind"] != "webhook":
            continue
        name, workflow = trigger["name"], rendered.definition["name"]
        condition, mapping = trigger.get("condition"), trigger.get("mapping")
        try:
            await find_webhook(conn, name, tenant=tenant)
        except NotFound:
            made[name] = await create_webhook(
                conn, tenant, name, style=trigger["style"], workflow=workflow, condition=condition, mapping=mapping
            )
        else:
            if is_changed:
                changes = {"workflow": workflow, "condition": condition, "mapping": mapping}
                await change_webhook(conn, tenant, name, changes)
    return made
