"""The actions ``parcel.ship`` and ``parcel.track``."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from aias.errors import PermanentError
from aias.integrations import Call, client_of, find_connection
from aias.plugins import ActionContext, RetryPolicy, action
from aias_parcel.integration import PARCEL

__all__ = ["Parcel", "ShipInput", "TrackInput", "ship", "track"]


class ShipInput(BaseModel):
    """A parcel to send."""

    model_config = ConfigDict(extra="forbid")

    to: str = Field(min_length=1, max_length=200)
    grams: Annotated[int, Field(gt=0, le=30_000)]


class TrackInput(BaseModel):
    """A parcel that was sent."""

    model_config = ConfigDict(extra="forbid")

    parcel_id: str = Field(pattern=r"^P[0-9]{1,9}$")


class Parcel(BaseModel):
    """A parcel as the carrier knows it."""

    parcel_id: str
    status: str
    grams: int


@action(
    "parcel.ship",
    integration="parcel",
    effect="idempotent",
    timeout=15.0,
    retry=RetryPolicy(max_attempts=4, initial=0.5, factor=2, max_delay=60),
)
async def ship(context: ActionContext, data: ShipInput) -> Parcel:
    """Hand a parcel to the carrier, once: it takes our key, so that a retry gives the same parcel."""
    client = client_of(await find_connection(context, PARCEL))
    call = Call.of(context)
    answer = await client.call("POST", "/parcels", json=data.model_dump(), call=call, operation="ship")
    return Parcel.model_validate(client.read_json(answer, call=call))


@action("parcel.track", integration="parcel", effect="none")
async def track(context: ActionContext, data: TrackInput) -> Parcel:
    """Ask the carrier where a parcel is."""
    client = client_of(await find_connection(context, PARCEL))
    call = Call.of(context)
    answer = await client.call("GET", f"/parcels/{data.parcel_id}", call=call, operation="track", check=False)
    if answer.status == 404:  # noqa: PLR2004 (the carrier's word for it)
        raise PermanentError(f"the carrier knows no parcel {data.parcel_id}")
    return Parcel.model_validate(client.read_json(answer, call=call))
