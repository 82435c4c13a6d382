"""An effect happens once: whatever fails in between, and whoever comes again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import pytest

from aias.errors import Deferred, OutcomeUnknown, PermanentError, TransientError
from aias.integrations import effects
from aias.integrations.effects import may_have_happened, once

OPTIONS = {"find", "keyed", "part", "settles_within", "timeout"}
REQUEST = {"id": "gid://shopify/Order/1", "amount": "10.00"}


@dataclass
class Shop:
    """An upstream that counts what it did; a call fails before or after its effect as it is told."""

    done: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    searches: int = 0
    before: BaseException | None = None
    after: BaseException | None = None

    async def send(self, key: str) -> Any:
        self.calls.append(key)
        if self.before is not None:
            raise self.before
        self.done.append(key)
        if self.after is not None:
            raise self.after
        return {"number": len(self.done)}

    async def find(self) -> Any:
        self.searches += 1
        return {"number": len(self.done)} if self.done else None


def broken() -> TransientError:
    error = TransientError("the connection broke")
    error.__cause__ = httpx.ReadError("reset")
    return error


async def wanted(workspace: Any, shop: Shop, *, request: Any = REQUEST, **given: Any) -> Any:
    options = {
        name: given.pop(name) for name in ("find", "keyed", "part", "settles_within", "timeout") if name in given
    }
    return await once(
        workspace.context(**given), None, operation="orderCancel", request=request, send=shop.send, **options
    )


async def rows(workspace: Any) -> list[dict[str, Any]]:
    async with workspace.pool.connection() as conn:
        cursor = await conn.execute(
            "select to_jsonb(e) from aias.effects as e where e.execution_id = %s order by e.step, e.part",
            (workspace.execution_id,),
        )
        return [row[0] for row in await cursor.fetchall()]


async def superseded(workspace: Any, execution: UUID | None = None) -> None:
    """Let another worker take the execution over: the attempt 2."""
    async with workspace.pool.connection() as conn:
        await conn.execute(
            "update aias_private.executions set attempt = attempt + 1 where id = %s",
            (execution or workspace.execution_id,),
        )


async def test_an_effect_is_written_down_and_not_repeated(workspace: Any) -> None:
    shop = Shop()
    assert await wanted(workspace, shop) == {"number": 1}
    assert await wanted(workspace, shop) == {"number": 1}
    assert len(shop.calls) == 1
    (row,) = await rows(workspace)
    assert (row["state"], row["response"], row["send_count"]) == ("done", {"number": 1}, 1)
    assert row["idempotency_key"] == shop.calls[0]


async def test_the_intent_is_committed_before_the_call(workspace: Any) -> None:
    seen: list[Any] = []

    async def send(_key: str) -> Any:
        seen.extend(await rows(workspace))

    await once(workspace.context(), None, operation="POST", request=None, send=send)
    assert [row["state"] for row in seen] == ["intended"]


async def test_what_was_refused_is_sent_again(workspace: Any) -> None:
    shop = Shop(before=PermanentError("refused", detail={"status": 422}))
    with pytest.raises(PermanentError, match="refused"):
        await wanted(workspace, shop)
    assert [row["state"] for row in await rows(workspace)] == ["refused"]
    shop.before = None
    assert await wanted(workspace, shop) == {"number": 1}
    assert shop.calls[0] == shop.calls[1]


async def test_an_effect_that_can_be_found_is_settled_without_a_second_call(workspace: Any) -> None:
    shop = Shop(after=broken())
    with pytest.raises(TransientError, match="broke"):
        await wanted(workspace, shop, find=shop.find)
    assert await wanted(workspace, shop, find=shop.find) == {"number": 1}
    assert (len(shop.calls), shop.searches) == (1, 1)
    assert [row["state"] for row in await rows(workspace)] == ["done"]


async def test_an_effect_whose_answer_can_not_be_read_is_looked_for_at_once(workspace: Any) -> None:
    shop = Shop(after=PermanentError("an answer that can't be read", detail={"reason": "malformed"}))
    assert await wanted(workspace, shop, find=shop.find) == {"number": 1}
    assert [row["state"] for row in await rows(workspace)] == ["done"]


async def test_what_is_not_found_is_sent_again_only_after_it_would_show(workspace: Any) -> None:
    shop = Shop(before=broken())
    with pytest.raises(TransientError):
        await wanted(workspace, shop, find=shop.find)
    shop.before = None
    with pytest.raises(Deferred, match="may still take effect") as caught:
        await wanted(workspace, shop, find=shop.find, settles_within=60)
    assert 0 < (caught.value.seconds or 0) <= 60
    assert await wanted(workspace, shop, find=shop.find, settles_within=0) == {"number": 1}
    assert shop.calls[0] == shop.calls[1]


async def test_an_upstream_that_takes_keys_gets_the_same_one_again(workspace: Any) -> None:
    shop = Shop(before=broken())
    with pytest.raises(TransientError):
        await wanted(workspace, shop, keyed=True)
    shop.before = None
    await wanted(workspace, shop, keyed=True)
    assert shop.calls[0] == shop.calls[1]


async def test_what_nothing_can_find_out_is_in_doubt_and_never_sent_again(workspace: Any) -> None:
    shop = Shop(after=broken())
    for _ in range(2):
        with pytest.raises(OutcomeUnknown, match="orderCancel"):
            await wanted(workspace, shop)
    assert len(shop.calls) == 1
    assert [row["state"] for row in await rows(workspace)] == ["in_doubt"]


async def test_another_request_under_the_same_intent_is_refused(workspace: Any) -> None:
    shop = Shop()
    await wanted(workspace, shop)
    with pytest.raises(PermanentError, match="something else"):
        await wanted(workspace, shop, request={**REQUEST, "amount": "11.00"})
    assert len(shop.calls) == 1


async def test_two_calls_of_one_intent_at_once_make_one(workspace: Any) -> None:
    shop = Shop()
    results = await asyncio.gather(*(wanted(workspace, shop) for _ in range(8)), return_exceptions=True)
    assert len(shop.calls) == 1
    assert all(isinstance(result, Deferred) or result == {"number": 1} for result in results)


async def test_a_superseded_attempt_begins_and_settles_nothing(workspace: Any) -> None:
    shop = Shop()

    async def send(key: str) -> Any:
        await superseded(workspace)
        return await shop.send(key)

    with pytest.raises(PermanentError, match="not this worker's any more"):
        await once(workspace.context(), None, operation="orderCancel", request=REQUEST, send=send)
    assert [row["state"] for row in await rows(workspace)] == ["intended"]
    with pytest.raises(PermanentError, match="not this worker's any more"):
        await wanted(workspace, shop, step="other")
    assert len(shop.calls) == 1


def test_what_proves_that_nothing_happened() -> None:
    sure = [
        PermanentError("no", detail={"status": 404}),
        TransientError("later", detail={"status": 429}),
        TransientError("later", detail={"status": 200, "codes": ["THROTTLED"]}),
        Deferred("not now", kind="gate"),
        httpx.ConnectError("refused"),
        TransientError("no call was made"),
    ]
    assert [may_have_happened(error) for error in sure] == [False] * len(sure)
    open_ = [
        TransientError("failed", detail={"status": 503}),
        TransientError("failed", detail={"status": 200, "codes": ["INTERNAL_SERVER_ERROR"]}),
        PermanentError("garbage", detail={"reason": "malformed"}),
        PermanentError("no access to a field of it", detail={"status": 200, "is_partial": True}),
        broken(),
        TimeoutError(),
        asyncio.CancelledError(),
        KeyError("a mistake in reading the answer"),
    ]
    assert [may_have_happened(error) for error in open_] == [True] * len(open_)


async def test_a_result_that_is_too_large_is_not_kept(workspace: Any) -> None:
    async def send(_key: str) -> Any:
        return {"text": "x" * effects.LARGEST_RESPONSE}

    await once(workspace.context(), None, operation="POST", request=None, send=send)
    (row,) = await rows(workspace)
    assert (row["state"], row["response"]) == ("done", None)
