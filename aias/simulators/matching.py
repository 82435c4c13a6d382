"""Which calls a fault means: by operation, argument, header, text or count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from aias.simulators.journal import Call, as_array, as_object

__all__ = ["Match"]


class Match(BaseModel):
    """Which calls are meant. Every field that is given must fit; none given means every call."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    operation: str | None = Field(
        default=None,
        description="The operation's name or a field it asks for: `order`, `invoiceCreate`, `business.invoices`; for "
        "REST `rest.order`, `rest.orders`; for Slack `webhook`; for SMTP `connect`, `mail`, `rcpt`, `data`.",
    )
    kind: str | None = Field(
        default=None, description="`query` or `mutation`; `rest`, `oauth`, `webhook`, `smtp` where there is no GraphQL."
    )
    id: str | None = Field(
        default=None,
        description="One of the arguments, at any depth, is this text or ends with `/` and this text.",
    )
    variables: dict[str, Any] = Field(
        default_factory=dict[str, Any],
        description="Arguments by their dotted path, with the value each must have: `{'input.poNumber': 'A-1'}`.",
    )
    contains: str | None = Field(default=None, description="A text that occurs in the raw body.")
    header: str | None = Field(default=None, description="A text that occurs in one of the lines `name: value`.")
    nth: int | None = Field(default=None, ge=1, description="Only from the nth call that fits, counted from 1.")
    every: int | None = Field(default=None, ge=1, description="Only every so many: 3 hits the third, sixth, ...")

    @property
    def needs_headers_only(self) -> bool:
        """Whether nothing of the request but its headers is looked at."""
        return not (self.operation or self.kind or self.id or self.variables or self.contains)

    def fits(self, call: Call, *, body: str, lines: Sequence[str]) -> bool:
        """Whether the call is meant, leaving ``nth`` and ``every`` aside; ``lines`` are its headers (``a: b``)."""
        return (
            (self.operation is None or self.operation in call.operations)
            and (self.kind is None or self.kind == call.kind)
            and (self.header is None or any(self.header in line for line in lines))
            and (self.id is None or any(_is(value, self.id) for value in _texts(call.variables)))
            and all(_at(call.variables, path) == wanted for path, wanted in self.variables.items())
            and (self.contains is None or self.contains in body)
        )


def _is(value: str, wanted: str) -> bool:
    return value == wanted or value.endswith(f"/{wanted}")


def _texts(value: Any) -> Iterator[str]:
    if (fields := as_object(value)) is not None:
        for inner in fields.values():
            yield from _texts(inner)
    elif (items := as_array(value)) is not None:
        for inner in items:
            yield from _texts(inner)
    elif value is not None:
        yield str(value)


def _at(value: Any, path: str) -> Any:
    for part in path.split("."):
        if (fields := as_object(value)) is not None:
            value = fields.get(part)
        elif (items := as_array(value)) is not None and part.isdecimal() and int(part) < len(items):
            value = items[int(part)]
        else:
            return None
    return value
