"""What can be changed about the local shop while it runs, over ``/_control/settings``."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from aias.simulators.shopify_scopes import ALL_SCOPES

__all__ = ["ShopifySettings"]

Seconds = Annotated[float, Field(ge=0, le=7 * 86_400, allow_inf_nan=False)]

Points = Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)]


class ShopifySettings(BaseModel):
    """The settings; the defaults are those of a new server."""

    model_config = ConfigDict(extra="forbid")

    suppresses_duplicates: bool = Field(default=True, description="Whether `@idempotent` is honoured, or ignored.")
    scopes: frozenset[str] = Field(default=ALL_SCOPES, description="What the server's own token may do.")
    bucket: Points = Field(default=2000, description="Points that the token may have saved up.")
    restore_rate: Points = Field(default=100, description="Points that come back each second.")
    bulk_seconds: Seconds = Field(default=0.0, description="How long a bulk operation runs.")
    job_seconds: Seconds = Field(default=0.0, description="How long it takes to cancel an order.")
