"""``/v1/archives``: what was archived before it was dropped."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Query

from aias import archive
from aias.api.caller import Caller, needs
from aias.api.models.archives import ArchiveShown
from aias.api.paging import Listed, Page
from aias.api.problems import HttpProblem
from aias.api.routing import resource
from aias.api.selection import fields_of

__all__ = ["router"]

router = resource("archives")

Reads = Annotated[Caller, needs("archives:read")]


def _operators_only(caller: Caller) -> None:
    if caller.identity.tenant_id is not None:
        raise HttpProblem(HTTPStatus.FORBIDDEN, "forbidden", "the archive is for operators to see")


@router.get("", summary="List archives")
async def list_archives(
    caller: Reads,
    page: Page,
    _fields: Annotated[None, fields_of(ArchiveShown)],
    table: Annotated[str | None, Query(max_length=63, description="Of this table only: audit_log, ...")] = None,
) -> Listed[ArchiveShown]:
    """The latest first; a file holds rows of all tenants: for operators."""
    _operators_only(caller)
    (before,) = page.after(UUID)
    rows = await archive.find_archives(caller.conn, table=table, before=before, limit=page.fetch)
    return page.of([ArchiveShown.model_validate(row) for row in rows], lambda row: (row.id,))


@router.get("/{archive_id}", summary="See an archive")
async def get_archive(
    caller: Reads, archive_id: UUID, _fields: Annotated[None, fields_of(ArchiveShown)]
) -> ArchiveShown:
    """Where its file is and what it must hold: for operators."""
    _operators_only(caller)
    return ArchiveShown.model_validate(await archive.find_archive(caller.conn, archive_id))
