"""What the system holds of people, and erasures, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from aias.api.models.base import Given, Shown

__all__ = ["ErasureGiven", "ErasureShown", "PrivacyRequestShown", "SettlementGiven", "UserExport"]


class UserExport(Shown):
    """Everything that the system holds of a person."""

    user: UUID = Field(description="The person's id.")
    tenant_id: UUID = Field(description="The tenant that the person belongs to.")
    exported_at: datetime = Field(description="When it was put together.")
    row_count: int = Field(description="How many rows there are in all.")
    tables: dict[str, list[dict[str, Any]]] = Field(
        description="Rows by table: whole where they are about the person, else the columns that name the person."
    )


class ErasureGiven(Given):
    """Why a person is erased."""

    reason: str = Field(
        min_length=1,
        max_length=1000,
        description="Stays on record, without the person's address and id.",
        examples=["asked for by mail on 3 March"],
    )


class ErasureShown(Shown):
    """An erasure; nothing in it names the person."""

    id: UUID = Field(description="Its id (UUIDv7).")
    tenant_id: UUID = Field(description="The tenant that the person belonged to.")
    status: Literal["running", "done"] = Field(description="Whether it goes on or is done.")
    subject_sha256: str = Field(description="SHA-256 of the person's id, in hexadecimal.")
    pseudonym: str = Field(description="What stands in other rows where the person's id and address stood.")
    reason: str = Field(description="Why.")
    requested_by: str = Field(description="Who asked.")
    requested_at: datetime = Field(description="When it was asked for.")
    finished_at: datetime | None = Field(description="When it was done.")
    certificate: dict[str, Any] | None = Field(
        description="Once it is done: what was done in each table, what is kept and why, and its SHA-256."
    )


class PrivacyRequestShown(Shown):
    """What a customer or a shop asked of its data."""

    tenant: str = Field(description="Whose.")
    id: UUID = Field(description="Its id.")
    kind: str = Field(description="customers/data_request, customers/redact or shop/redact.")
    account: str = Field(description="The shop.")
    customer_id: str | None = Field(description="The customer's id at the shop.")
    order_ids: list[str] = Field(description="The orders that it speaks of.")
    status: Literal["open", "settled"] = Field(description="Whether a person has seen to it.")
    due_at: datetime = Field(description="The day by which it is to be settled.")
    found: dict[str, int] = Field(description="How many deliveries and events held the data.")
    note: str | None = Field(description="What was done.")
    created_at: datetime = Field(description="When it came.")
    searched_at: datetime | None = Field(description="When deliveries and events were searched.")
    settled_at: datetime | None = Field(description="When it was settled.")


class SettlementGiven(Given):
    """What was done for a privacy request."""

    note: str = Field(
        min_length=1, max_length=2000, description="Stays on record.", examples=["sent to the customer on 3 March"]
    )
