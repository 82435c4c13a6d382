"""Storing a definition, after everything about it was checked."""

from typing import Any, cast

from psycopg import AsyncConnection
from psycopg.rows import tuple_row

from aias.errors import DefinitionError, NotFound, Problem
from aias.plugins import all_actions, load_plugins, refused_plugins
from aias.workflows.models import Definition
from aias.workflows.parsing import Format, definition_of, parse_document
from aias.workflows.queries import input_schema_problems, list_workflows, store_definition
from aias.workflows.rows import Applied
from aias.workflows.validation import validate

Source = Definition | dict[str, Any] | str | bytes


async def check_definition(
    conn: AsyncConnection[Any], tenant: str | None, definition: Source, *, format: Format | None = None
) -> list[Problem]:
    """Find every problem of a definition, those that only the database knows of included.

    ``tenant`` is whose workflows and connections it may name; None leaves these unchecked.

    Raises:
        DefinitionError: the text can't be read at all.
        NotFound: there is no such tenant.
    """
    load_plugins()
    raw = _document(definition, format)
    schema: Any = raw.get("input")
    problems: list[Problem] = []
    if isinstance(schema, dict):
        problems = await input_schema_problems(conn, cast("dict[str, Any]", schema))
    workflows = connections = refused = None
    if tenant is not None:
        workflows = {known.name for known in await list_workflows(conn, tenant)} | {str(raw.get("name"))}
        connections = await _connections(conn, tenant)
        refused = await refused_plugins(conn, tenant)
    return validate(
        raw,
        known_actions=all_actions(),
        known_workflows=workflows,
        connections=connections,
        schema_problems=problems,
        refused_plugins=refused,
    )


async def apply_workflow(
    conn: AsyncConnection[Any], tenant: str, definition: Source, *, format: Format | None = None
) -> Applied:
    """Validate a definition and store it as its workflow's newest version; the same again changes nothing.

    Runs in the caller's transaction. Executions that have begun keep their version.

    Raises:
        DefinitionError: every problem, each with its JSON path; nothing is stored.
        NotFound: there is no such tenant.
    """
    problems = await check_definition(conn, tenant, definition, format=format)
    if problems:
        raise DefinitionError(problems)
    normal = definition_of(_document(definition, format)).to_json()
    return await store_definition(conn, tenant, normal)


def _document(definition: Source, format: Format | None) -> dict[str, Any]:
    return definition.to_json() if isinstance(definition, Definition) else parse_document(definition, format)


async def _connections(conn: AsyncConnection[Any], tenant: str) -> dict[tuple[str, str], str]:
    """The status of the tenant's connections, by kind and name; of samples' connections: ``sample``."""
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute("select t.id from aias.tenants as t where t.slug = %s", (tenant,))
        found = await cursor.fetchone()
        if found is None:
            raise NotFound(f"there is no tenant {tenant!r}")
        await cursor.execute(
            "select i.kind, i.name, case when i.is_sample then 'sample' else i.status end"
            " from aias.integrations as i where i.tenant_id = %s",
            found,
        )
        return {(kind, name): status for kind, name, status in await cursor.fetchall()}
