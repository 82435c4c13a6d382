"""What the models share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Given", "Shown"]


class Shown(BaseModel):
    """Part of an answer."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Given(BaseModel):
    """A body: what it does not name is refused, so that nobody believes to have set it."""

    model_config = ConfigDict(extra="forbid")
