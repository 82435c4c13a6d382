"""What can be changed about the local Wave while it runs, over ``/_control/settings``."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["WaveSettings"]

Scope = Annotated[str, Field(pattern=r"^[a-z_]+:([a-z_]+|\*)$")]


class WaveSettings(BaseModel):
    """The settings; the defaults are those of a new server."""

    model_config = ConfigDict(extra="forbid")

    suppresses_duplicates: bool = Field(default=False, description="Whether an external id is good for one booking.")
    scopes: frozenset[Scope] | None = Field(default=None, description="What the server's own token may do; all of it.")
    per_minute: int | None = Field(default=None, ge=1, description="Calls in a minute; any number.")
    at_once: int | None = Field(default=None, ge=1, description="Calls at once; any number.")
    enforces_limits: bool = Field(default=True, description="Whether a call too many is refused, or only noted.")
