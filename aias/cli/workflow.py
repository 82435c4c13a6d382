"""``aias workflow``: definitions, from the file to the running version."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aias.cli.calls import call, on_connection, select
from aias.cli.output import Group, emit, note, table
from aias.cli.parameters import JSON, JSON_OBJECT, limit_option, required_tenant, tenant_option
from aias.errors import DefinitionError

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    from aias.errors import Problem
    from aias.workflows import Applied, PlannedStep, Workflow

__all__ = ["command"]

_LARGEST_FILE = 10_000_000


@click.group(cls=Group, name="workflow")
def command() -> None:
    """Definitions of workflows: check them, store them, look at them, switch them off and on."""


def _read(file: str) -> bytes:
    """Give a file's bytes; what is in them is for the parser to judge, which has its own limits."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(_LARGEST_FILE)
        with Path(file).open("rb") as opened:
            return opened.read(_LARGEST_FILE)
    except OSError as error:
        raise click.UsageError(f"{file}: {error.strerror or error}") from None


@contextlib.contextmanager
def _in_file(file: str) -> Any:
    """Name the file whose definition is refused."""
    try:
        yield
    except DefinitionError:
        note(f"{file}:")
        raise


@command.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--tenant", metavar="SLUG", help="Check against this tenant's workflows and connections too.")
@click.option("--offline", is_flag=True, help="Without a database: the input's JSON Schema is not checked.")
def validate(files: tuple[str, ...], tenant: str | None, offline: bool) -> None:
    """Find every problem of definitions (YAML or JSON; - is standard input), each with its JSON path; exit 2."""
    from aias.workflows import check_definition

    if offline and tenant is not None:
        raise click.UsageError("--offline and --tenant: a tenant is looked up in the database")
    sources = {file: _read(file) for file in files}

    async def work(conn: AsyncConnection[Any]) -> dict[str, list[Problem]]:
        found: dict[str, list[Problem]] = {}
        for file, source in sources.items():
            try:
                found[file] = await check_definition(conn, tenant, source)
            except DefinitionError as error:
                found[file] = error.problems
        return found

    found = {file: _check_offline(source) for file, source in sources.items()} if offline else on_connection(work)
    lines = [line for file, problems in found.items() for line in _told(file, problems)]
    emit({"files": [{"file": file, "problems": problems} for file, problems in found.items()]}, lines)
    if any(found.values()):
        raise click.exceptions.Exit(DefinitionError.exit_code)


def _check_offline(source: bytes) -> list[Problem]:
    from aias.plugins import all_actions, load_plugins
    from aias.workflows import parse_document
    from aias.workflows import validate as check

    load_plugins()
    try:
        return check(parse_document(source), known_actions=all_actions())
    except DefinitionError as error:
        return error.problems


def _told(file: str, problems: list[Problem]) -> list[str]:
    return [f"{file}: {problem}" for problem in problems] or [f"{file}: valid"]


@command.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@required_tenant
def apply(files: tuple[str, ...], tenant: str) -> None:
    """Store definitions as the newest versions of their workflows: all of them or, if one is refused, none."""
    from aias.workflows import apply_workflow, parse_document

    async def work(conn: AsyncConnection[Any]) -> list[tuple[str, Applied]]:
        applied: list[tuple[str, Applied]] = []
        async with conn.transaction():
            for file in files:
                with _in_file(file):
                    document = parse_document(_read(file))
                    applied.append((str(document.get("name")), await apply_workflow(conn, tenant, document)))
        return applied

    applied = on_connection(work)
    emit(
        {
            "applied": [
                {"name": name, "workflow_id": a.workflow_id, "version": a.version, "is_changed": a.is_changed}
                for name, a in applied
            ]
        },
        [f"{name}: version {a.version}" + ("" if a.is_changed else ", as before") for name, a in applied],
    )


@command.command(name="list")
@tenant_option
@limit_option
def list_(tenant: str | None, limit: int) -> None:
    """List the workflows in use, by tenant and name."""
    found = select(
        """
        select tenant, name, version, is_enabled, applied_by, applied_at, id
        from aias.workflows
        where deleted_at is null and (%(tenant)s::text is null or tenant = %(tenant)s)
        order by tenant, name
        limit %(limit)s
        """,
        {"limit": limit},
        tenant=tenant,
    )
    columns = ("tenant", "workflow", "version", "enabled", "applied by", "applied")
    emit({"workflows": found}, table(columns, [tuple(row.values())[:-1] for row in found]))


@command.command()
@click.argument("name")
@required_tenant
@click.option("--version", type=click.IntRange(min=1), help="Not the newest but this version.")
def show(name: str, tenant: str, version: int | None) -> None:
    """Show a workflow's definition as it is stored."""
    import yaml

    found, definition = _stored(name, tenant, version)
    emit(
        {
            "tenant": tenant,
            "name": name,
            "id": found.id,
            "version": version or found.version,
            "is_enabled": found.is_enabled,
            "definition": definition,
        },
        yaml.safe_dump(definition, sort_keys=False, allow_unicode=True).rstrip(),
    )


def _stored(name: str, tenant: str, version: int | None) -> tuple[Workflow, dict[str, Any]]:
    from aias.workflows import get_definition, get_workflow

    async def work(conn: AsyncConnection[Any]) -> tuple[Workflow, dict[str, Any]]:
        found = await get_workflow(conn, tenant, name)
        wanted = found.definition if version is None else await get_definition(conn, tenant, name, version)
        return found, wanted

    return on_connection(work)


def _definition(workflow: str, tenant: str | None) -> dict[str, Any]:
    """Give the definition of a stored workflow, or without a tenant that in a file."""
    from aias.workflows import parse_document

    return _stored(workflow, tenant, None)[1] if tenant is not None else parse_document(_read(workflow))


@command.command()
@click.argument("workflow", metavar="FILE|NAME")
@click.option("--tenant", metavar="SLUG", help="Whose workflow NAME is; without it a FILE is read.")
@click.option("--format", type=click.Choice(["text", "mermaid", "svg"]), default="text", show_default=True, help="How.")
def graph(workflow: str, tenant: str | None, format: str) -> None:
    """Draw the graph of a workflow: its steps in the order in which they run, and what each waits for."""
    from aias.cli.graph import as_mermaid, as_text, checked, edges_of
    from aias.workflows import as_svg, graph_of

    with _in_file(workflow):
        definition = checked(_definition(workflow, tenant))
    drawn = graph_of(definition)
    match format:
        case "svg":
            shown: str | list[str] = as_svg(drawn, title=definition.name).rstrip("\n")
        case "mermaid":
            shown = as_mermaid(drawn)
        case _:
            shown = as_text(drawn)
    emit(
        {
            "name": definition.name,
            "steps": [{"id": step.id, "action": step.action, "needs": step.needs} for step in drawn.steps.values()],
            "edges": edges_of(drawn),
        },
        shown,
    )


@command.command(name="dry-run")
@click.argument("workflow", metavar="FILE|NAME")
@click.option("--tenant", metavar="SLUG", help="Whose workflow NAME is; without it a FILE is read.")
@click.option("--input", "input_", type=JSON_OBJECT, default="{}", help="The workflow's input, a JSON object.")
@click.option("--output", "outputs", type=(str, JSON), multiple=True, help="Assume that STEP gives JSON. Repeatable.")
def dry_run(workflow: str, tenant: str | None, input_: dict[str, Any], outputs: tuple[tuple[str, Any], ...]) -> None:
    """Tell what a workflow would do with an input, without doing it: no call is made, nothing is stored."""
    import asyncio

    from aias.workflows import dry_run as run

    with _in_file(workflow):
        definition = _definition(workflow, tenant)
        planned: list[PlannedStep] = asyncio.run(run(definition, input_, outputs=dict(outputs)))
    emit(
        {"name": definition["name"], "steps": planned},
        table(
            ("step", "action", "effect", "would be", "detail"),
            [
                (p.step if p.item is None else f"{p.step}[{p.item}]", p.action, p.effect, p.fate, p.detail)
                for p in planned
            ],
        ),
    )


def _switch(name: str, tenant: str, *, is_enabled: bool) -> None:
    from aias.workflows import set_workflow_enabled

    on_connection(lambda conn: set_workflow_enabled(conn, tenant, name, is_enabled=is_enabled))
    emit({"tenant": tenant, "name": name, "is_enabled": is_enabled}, f"{name}: {'on' if is_enabled else 'off'}")


@command.command()
@click.argument("name")
@required_tenant
def enable(name: str, tenant: str) -> None:
    """Let a workflow start executions again; the connections that its steps need are tried first."""
    from aias.cli.checking import check_needed

    call(lambda aias: check_needed(aias, tenant, name))
    _switch(name, tenant, is_enabled=True)


@command.command()
@click.argument("name")
@required_tenant
def disable(name: str, tenant: str) -> None:
    """Stop a workflow from starting executions; those that run go on."""
    _switch(name, tenant, is_enabled=False)


@command.command()
@click.argument("name")
@required_tenant
def delete(name: str, tenant: str) -> None:
    """Take a workflow out of use; refused while executions of it are not final. Its history stays."""
    from aias.workflows import delete_workflow

    on_connection(lambda conn: delete_workflow(conn, tenant, name))
    emit({"tenant": tenant, "name": name, "deleted": True}, f"{name}: deleted")


@command.command()
@click.argument("name")
@required_tenant
def restore(name: str, tenant: str) -> None:
    """Bring back the last deleted workflow of a name, switched off, with its versions and history."""
    from aias.lifecycle import restore_workflow

    workflow = on_connection(lambda conn: restore_workflow(conn, tenant, name))
    emit({"tenant": tenant, "name": name, "id": workflow, "restored": True}, f"{name}: restored, off")
