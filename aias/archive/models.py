"""What is archived, as the database knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

__all__ = ["Archive", "Archived", "Column", "Form", "Restored", "State"]

State = Literal["writing", "written", "verified"]
Form = Literal[
    "boolean",
    "smallint",
    "integer",
    "bigint",
    "real",
    "double",
    "uuid",
    "timestamptz",
    "timestamp",
    "date",
    "bytea",
    "text",
]
"""How the values of a column stand in the file; text: as PostgreSQL writes the type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of an archived table."""

    name: str
    type: str
    form: Form
    is_nullable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """A partition that is in the archive: verified, and so safe to drop."""

    id: UUID
    table_name: str
    partition_name: str
    part: int
    location: str
    row_count: int
    byte_count: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """An archive, whatever its state; counts and sums are known once it is written."""

    id: UUID
    table_name: str
    partition_name: str
    part: int
    from_time: datetime | None
    to_time: datetime | None
    state: State
    row_count: int | None
    byte_count: int | None
    sha256: str | None
    checksum: Decimal | None
    location: str
    created_at: datetime
    written_at: datetime | None
    verified_at: datetime | None
    restored_as: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """An archive whose rows stand in a table again: checked against what was archived, without who was erased since.

    ``row_count`` is how many rows stand there; ``erased_count`` were taken out, ``anonymized_count`` changed.
    """

    id: UUID
    table_name: str
    row_count: int
    erased_count: int
    anonymized_count: int
