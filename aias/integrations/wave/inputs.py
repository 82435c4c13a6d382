"""What the inputs of the actions ``wave.*`` have in common."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

__all__ = ["EmailAddress", "Id", "Input", "Page", "PageInput", "Reference", "addresses", "plain"]

Id = Annotated[str, Field(min_length=1, max_length=200)]
"""An id as Wave gives it."""

EmailAddress = Annotated[str, Field(min_length=3, max_length=320, pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")]

Reference = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
"""What the caller calls a thing: by it the thing is found again."""


class Input(BaseModel):
    """An action's input: nothing beyond what it names."""

    model_config = ConfigDict(extra="forbid")


class PageInput(Input):
    """Which page of a list."""

    page: int = Field(default=1, ge=1, le=100_000)
    page_size: int = Field(default=50, ge=1, le=200)


class Page(BaseModel):
    """Where in the list the page is; ``total_count`` is null where Wave does not say."""

    page: int
    page_count: int
    total_count: int | None


def _one_or_many(value: object) -> object:
    """One address is a list of one; none is an empty list."""
    if value is None or value == "":
        return []
    return [value] if isinstance(value, str) else value


addresses = BeforeValidator(_one_or_many)
"""Lets a list of e-mail addresses be given as one address, or as none."""


def _plain(value: Decimal) -> Decimal:
    if value.adjusted() > 15:  # noqa: PLR2004 (beyond any money there is)
        raise ValueError("is beyond any amount of money")
    return value


plain = AfterValidator(_plain)
"""Holds an amount to a size that there is."""
