"""The archive over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from aias.api.models.base import Shown

__all__ = ["ArchiveShown", "ArchiveState"]

ArchiveState = Literal["writing", "written", "verified"]


class ArchiveShown(Shown):
    """A file that holds what a partition held."""

    id: UUID = Field(description="Its id (UUIDv7: ordering by it is ordering by time).")
    table_name: str = Field(description="The table that the rows were in.")
    partition_name: str = Field(description="Its partition: table_YYYY_MM.")
    part: int = Field(description="More than 1 only where stray rows came later.")
    from_time: datetime | None = Field(description="Ids in it were made at this time or later; null: not known.")
    to_time: datetime | None = Field(description="Ids in it were made before this time; null: not known.")
    state: ArchiveState = Field(description="Only what is verified was read back, and may be dropped.")
    row_count: int | None = Field(description="How many rows it has; null before it is written.")
    byte_count: int | None = Field(description="How many bytes its file has; null before it is written.")
    sha256: str | None = Field(description="The SHA-256 of its file; null before it is written.")
    location: str = Field(description="The URL of its file; its manifest lies beside it.")
    created_at: datetime = Field(description="When archiving it began.")
    written_at: datetime | None = Field(description="When its file was complete.")
    verified_at: datetime | None = Field(description="When it was last read back and found to be what was archived.")
    restored_as: str | None = Field(description="The table that holds its rows again; null: none.")
