"""``shopify.bulk_query``: a query over everything, run by Shopify in its own time.

The operation is started once (the ledger knows its id); while it runs the step is put off, and no worker is held. Its
result is read line by line until a bound is reached.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, Field, JsonValue

from aias.errors import Deferred, OutcomeUnknown, PermanentError
from aias.integrations.graphql import has_code
from aias.integrations.shopify import mutations, wire_changes
from aias.integrations.shopify.client import Shop, shopify
from aias.integrations.shopify.download import download_lines
from aias.integrations.shopify.inputs import Input
from aias.plugins import ActionContext, action

__all__ = ["BulkQueryInput", "BulkQueryOutput", "bulk_query"]

_RUNNING = frozenset({"CREATED", "RUNNING", "CANCELING"})
_BUSY = ("OPERATION_IN_PROGRESS", "LIMIT_REACHED")
_SHORTEST_POLL = 2.0
_LONGEST_POLL = 300.0
_BUSY_POLL = 60.0
_SKEW = timedelta(days=1)
"""How far the clocks of the database and the shop may be apart when an operation is looked for."""
_MOST_PAGES = 100
_PATIENCE = 10.0
"""Seconds that looking through them may spend waiting for the shop's bucket."""
_MAX_ROWS = 50_000
_MAX_BYTES = 900_000
"""An output may have a million characters."""


class BulkQueryInput(Input):
    """What is asked, and how much of the answer is kept."""

    query: str = Field(
        min_length=10,
        max_length=50_000,
        description="One GraphQL query with one to five connections, without `first` and `after`.",
    )
    max_rows: int = Field(default=10_000, ge=0, le=_MAX_ROWS)
    max_bytes: int = Field(default=_MAX_BYTES, ge=1000, le=_MAX_BYTES)


class BulkQueryOutput(BaseModel):
    """The rows, as Shopify writes them: an object of a nested connection is a row with ``__parentId``."""

    id: str
    object_count: int
    file_size: int
    rows: list[dict[str, JsonValue]]
    truncated: bool = Field(description="Whether there were more than `max_rows` or `max_bytes`.")


@action("shopify.bulk_query", timeout=120.0, effect="idempotent", integration="shopify", ledger=True)
async def bulk_query(context: ActionContext, data: BulkQueryInput) -> BulkQueryOutput:
    """Run a query over everything that the shop has, and give the rows of its result.

    Waits, as a suspension, while Shopify is at it: from 2 s, a tenth of the time so far, up to 5 minutes.
    Source: https://shopify.dev/docs/api/usage/bulk-operations/queries .
    """
    shop = await shopify(context)
    marked = f"# {shop.reference()}\n{data.query}"

    async def send(key: str) -> wire_changes.Started:
        del key
        try:
            payload = await shop.mutate(
                mutations.BULK_RUN, {"query": marked}, "bulkOperationRunQuery", wire_changes.BulkRunPayload
            )
        except PermanentError as error:
            if not any(has_code(error, code) for code in _BUSY):
                raise
            message = f"{shop.name} is running as many bulk operations as it takes"
            raise Deferred(message, kind="limit", seconds=_BUSY_POLL, detail=error.detail) from None
        return payload.bulk_operation

    async def find() -> wire_changes.Started | None:
        async for one in _since(shop, _begun(context) - _SKEW):
            if shop.reference() in one.query:
                return wire_changes.Started(id=one.id)
        return None

    started = await shop.once("bulkOperationRunQuery", data.asked(), wire_changes.Started, send=send, find=find)
    if started is None:
        raise PermanentError(f"{shop.name}: the bulk operation was settled by hand; which one it is is not known here")
    return await _result(shop, data, await _finished(shop, started.id))


async def _since(shop: Shop, earliest: datetime) -> AsyncGenerator[wire_changes.ListedBulk]:
    """Give the shop's bulk operations, the newest first, back to this time: any app's, and as many as there are.

    Raises:
        OutcomeUnknown: there are more than can be looked through.
    """
    after = None
    for _ in range(_MOST_PAGES):
        answer = await shop.query(
            mutations.BULK_OPERATIONS, {"after": after}, wire_changes.BulkListData, patience=_PATIENCE
        )
        for one in answer.bulk_operations.nodes:
            if datetime.fromisoformat(one.created_at) < earliest:
                return
            yield one
        page = answer.bulk_operations.page_info
        if not page.has_next_page:
            return
        after = page.end_cursor
    raise OutcomeUnknown(f"{shop.name}: whether the bulk operation is there is not known: there are too many of them")


def _begun(context: ActionContext) -> datetime:
    """When the execution was started: its id is a UUIDv7 (RFC 9562, 5.7)."""
    return datetime.fromtimestamp((context.execution_id.int >> 80) / 1000, UTC)


async def _finished(shop: Shop, operation_id: str) -> wire_changes.WireBulk:
    """Give the operation when it is done.

    Raises:
        Deferred: it is not yet.
        PermanentError: it failed, was cancelled, or its result has expired.
    """
    found = (await shop.query(mutations.BULK_OPERATION, {"id": operation_id}, wire_changes.BulkData)).bulk_operation
    if found is None:
        raise PermanentError(f"{shop.name} has no bulk operation {operation_id}")
    if found.status in _RUNNING:
        message = f"{shop.name} is running the bulk operation: {found.object_count} objects so far"
        raise Deferred(message, kind="effect", seconds=_pause(found), detail={"bulk_operation": found.id})
    if found.status != "COMPLETED":
        why = f" ({found.error_code})" if found.error_code else ""
        raise PermanentError(f"{shop.name}: the bulk operation has ended as {found.status}{why}")
    return found


def _pause(running: wire_changes.WireBulk) -> float:
    try:
        age = (datetime.now(UTC) - datetime.fromisoformat(running.created_at)).total_seconds()
    except (ValueError, TypeError):
        return _SHORTEST_POLL
    return min(max(age / 10, _SHORTEST_POLL), _LONGEST_POLL)


async def _result(shop: Shop, data: BulkQueryInput, done: wire_changes.WireBulk) -> BulkQueryOutput:
    rows: list[dict[str, JsonValue]] = []
    truncated = False
    if done.url is not None:  # without one, there was nothing
        lines = await download_lines(shop, done.url, max_rows=data.max_rows, max_bytes=data.max_bytes)
        rows, truncated = lines.rows, lines.truncated
    return BulkQueryOutput(
        id=done.id,
        object_count=done.object_count,
        file_size=done.file_size or 0,
        rows=rows,
        truncated=truncated,
    )
