"""``aias audit``: who did what, and whether the record of it is what was written."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import TIME, limit_option, tenant_option

if TYPE_CHECKING:
    from aias.audit import Verification
    from aias.audit.checkpoint import Checkpoint

__all__ = ["command"]

_SEAL = click.IntRange(1, 2**63 - 1)


@click.group(cls=Group, name="audit")
def command() -> None:
    """Who did what, and when; and whether the record is what was written."""


@command.command(name="list")
@tenant_option
@click.option("--action", help="Only this action: execution.started, workflow.applied, ...")
@click.option("--actor", help="Only by this actor.")
@click.option("--object-kind", metavar="KIND", help="Only what was done to things of this kind.")
@click.option("--object", "object_id", metavar="ID", help="Only what was done to this one.")
@click.option("--since", type=TIME, help="From this time on.")
@click.option("--until", type=TIME, help="Before this time.")
@limit_option
def list_(tenant: str | None, limit: int, since: datetime | None, until: datetime | None, **which: Any) -> None:
    """List the latest entries of the audit log, the newest first."""
    from aias.audit import AuditEntry, list_audit
    from aias.client import require_tenant

    async def work(conn: AsyncConnection[Any]) -> list[AuditEntry]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_audit(conn, tenant=tenant, limit=limit, between=(since, until), **which)

    found = on_connection(work)
    emit(
        {"audit": found},
        table(
            ("at", "actor", "kind", "action", "object", "id"),
            [(row.at, row.actor, row.actor_kind, row.action, row.object_kind, row.object_id) for row in found],
        ),
    )


@command.command()
@click.option("--from-seal", type=_SEAL, help="From this seal on; from the first without it.")
@click.option("--to-seal", type=_SEAL, help="Up to this seal; to the last without it.")
@click.option(
    "--checkpoint",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Hold the chain against this checkpoint too.",
)
@click.option("--public-key", help="The key that must have signed it; the one of this installation without it.")
def verify(from_seal: int | None, to_seal: int | None, file: Path | None, public_key: str | None) -> int:
    """Look whether the audit log is what was sealed; else name the first row that is not. Exit code 1 then."""
    from aias.audit import verify_audit
    from aias.audit.checkpoint import disagreement

    if public_key is not None and file is None:
        raise click.UsageError("--public-key goes with --checkpoint")
    checkpoint = _signed(file, public_key) if file is not None else None

    async def work(conn: AsyncConnection[Any]) -> tuple[Verification, str | None]:
        found = await verify_audit(conn, from_seal=from_seal, to_seal=to_seal)
        return found, await disagreement(conn, checkpoint) if checkpoint is not None else None

    found, differs = on_connection(work)
    document = dataclasses.asdict(found)
    if checkpoint is not None:
        document["checkpoint"] = {"seq": checkpoint.seq, "ok": differs is None, "reason": differs}
    counts = f"{found.checked} rows checked, {found.archived} in the archive alone, {found.unsealed} not sealed yet"
    lines = [f"seals {found.from_seal} to {found.to_seal}: {counts}"]
    if found.reason is not None:
        lines.append(
            f"NOT what was sealed: {found.reason}" + (f" ({found.first_bad_id})" if found.first_bad_id else "")
        )
    if differs is not None:
        lines.append(f"NOT what the checkpoint says: {differs}")
    if found.ok and differs is None:
        lines.append("all of it is what was sealed" + (", and goes on from the checkpoint" if checkpoint else ""))
    emit(document, lines)
    return 0 if found.ok and differs is None else 1


@command.command()
@click.option(
    "--checkpoint",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it to this file, which must be new, instead of printing it.",
)
def export(file: Path | None) -> None:
    """Give the last seal of the audit log, signed: keep it where nobody who can write the database can write."""
    from aias.audit import audit_head
    from aias.audit.checkpoint import load_key, sign
    from aias.errors import ConfigurationError, Conflict, NotFound
    from aias.settings import get_settings

    key = load_key(get_settings())
    head = on_connection(audit_head)
    if head is None:
        raise NotFound("nothing is sealed yet: the worker seals every minute")
    checkpoint = sign(head, key, exported_at=datetime.now(UTC))
    text = checkpoint.model_dump_json(indent=2)
    if file is None:
        emit(checkpoint.model_dump(mode="json"), text)
        return
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text + "\n")
    except FileExistsError:
        raise Conflict(f"{file} exists already") from None
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror or error}") from None
    emit(checkpoint.model_dump(mode="json"), f"{file}: seal {checkpoint.seq}, {checkpoint.hash}")


@command.command()
def key() -> None:
    """Make the key that signs checkpoints, and print its public half; keep that with the checkpoints."""
    from aias.audit.checkpoint import key_path, make_key
    from aias.settings import get_settings

    settings = get_settings()
    public = make_key(settings)
    emit({"key": key_path(settings), "public_key": public}, [f"key: {key_path(settings)}", f"public key: {public}"])


def _signed(file: Path, public: str | None) -> Checkpoint:
    """Read a checkpoint, and hold that the right key signed it."""
    from aias.audit.checkpoint import check_signature, public_key, read_checkpoint
    from aias.errors import InvalidArgument
    from aias.settings import get_settings

    try:
        checkpoint = read_checkpoint(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError) as error:
        raise InvalidArgument(f"{file}: {error}") from None
    check_signature(checkpoint, public or public_key(get_settings()))
    return checkpoint
