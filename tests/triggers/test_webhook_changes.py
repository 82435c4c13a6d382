"""Webhooks that are changed, remembered for a while, and sent what they were sent before."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest

from aias.errors import InvalidArgument
from aias.triggers import (
    Intake,
    change_webhook,
    list_deliveries,
    remove_webhook,
    replay_delivery,
    replay_stored_delivery,
    rotate_webhook,
)
from tests.triggers.conftest import Shop
from tests.triggers.delivering import executions, run_jobs, send, shopify

pytestmark = pytest.mark.usefixtures("master_key")


async def test_a_body_that_comes_again_under_another_id_starts_nothing_for_a_while(shop: Shop) -> None:
    made = await shopify(shop)
    first = await send(shop, made, {"id": 7}, "d-1")
    again = await send(shop, made, {"id": 7}, "d-2")
    assert (again.status, again.outcome) == (HTTPStatus.ACCEPTED, "duplicate")
    assert await send(shop, made, {"id": 7}, "d-2") == again
    (row,) = await list_deliveries(shop.conn, status="duplicate")
    assert (row.id, row.delivery_id, row.duplicate_count) == (again.delivery, "d-2", 1)
    assert row.error is not None
    assert row.error["delivery"] == str(first.delivery)
    assert "webhook.duplicate" in await shop.actions("webhook")
    assert (await send(shop, made, {"id": 7}, "d-3", topic="orders/updated")).outcome == "started"
    assert (await send(shop, made, {"id": 8}, "d-4")).outcome == "started"
    # a person who says so is obeyed
    await replay_delivery(shop.conn, row.id)
    await run_jobs(shop, "aias.replay_delivery", replay_stored_delivery)
    assert len(await executions(shop)) == 4
    await shop.later(minutes=61)
    assert (await send(shop, made, {"id": 7}, "d-5")).outcome == "started"


async def test_a_body_that_comes_at_once_under_several_ids_starts_one_execution(shop: Shop) -> None:
    made = await shopify(shop)
    answers = await asyncio.gather(*(send(shop, made, {"id": 7}, f"d-{n}") for n in range(8)))
    assert sorted(answer.outcome or "" for answer in answers) == ["duplicate"] * 7 + ["started"]
    assert len(await executions(shop)) == 1


async def test_how_long_a_body_is_a_replay_is_the_webhooks_to_say(shop: Shop) -> None:
    made = await shopify(shop)
    await change_webhook(shop.conn, "acme", "shop", {"replay_window": 0})
    assert [(await send(shop, made, {"id": 7}, f"d-{n}")).outcome for n in range(2)] == ["started"] * 2
    await change_webhook(shop.conn, "acme", "shop", {"replay_window": 60})
    assert [(await send(shop, made, {"id": 8}, f"e-{n}")).outcome for n in range(2)] == ["started", "duplicate"]
    await shop.later(seconds=61)
    assert (await send(shop, made, {"id": 8}, "e-2")).outcome == "started"


async def test_a_webhook_is_mended_and_what_failed_is_replayed(shop: Shop) -> None:
    intake = Intake(shop.pool.connection)
    made = await shopify(shop, mapping={"order": "{{ payload.order.id }}"})
    failed = await send(shop, made, {"id": 7}, intake=intake)
    assert failed.outcome == "failed"
    assert failed.delivery is not None
    await change_webhook(shop.conn, "acme", "shop", {"mapping": {"order": "{{ payload.id }}"}, "workflow": "other"})
    assert (await send(shop, made, {"id": 8}, "d-2", intake=intake)).outcome == "started"  # the next one already
    await replay_delivery(shop.conn, failed.delivery)
    await run_jobs(shop, "aias.replay_delivery", replay_stored_delivery)
    started = await executions(shop)
    assert [(row["workflow"], row["input"]) for row in started] == [("other", {"order": 8}), ("other", {"order": 7})]
    await change_webhook(shop.conn, "acme", "shop", {"workflow": None, "mapping": None, "condition": None})
    assert (await send(shop, made, {"id": 9}, "d-3", intake=intake)).outcome == "emitted"
    await change_webhook(shop.conn, "acme", "shop", {"max_bytes": 5})
    assert (await send(shop, made, {"id": 10}, "d-4", intake=intake)).status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    await change_webhook(shop.conn, "acme", "shop", {"is_enabled": False})
    assert (await send(shop, made, {"id": 11}, "d-5", intake=intake)).status == HTTPStatus.NOT_FOUND
    changes = await shop.rows("select detail from aias.audit_log where action = 'webhook.changed' order by id")
    assert changes[0]["detail"]["before"] == {"mapping": {"order": "{{ payload.order.id }}"}, "workflow": "flow"}


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "other"},
        {"max_bytes": 0},
        {"max_bytes": 1.5},
        {"replay_window": -1},
        {"replay_window": "1 day"},
        {"condition": "{{ payload. }}"},
        {"mapping": []},
        {"is_enabled": None},
    ],
)
async def test_a_change_of_a_webhook_that_is_not_valid_is_refused(bad: dict[str, Any], shop: Shop) -> None:
    await shopify(shop)
    with pytest.raises(InvalidArgument):
        await change_webhook(shop.conn, "acme", "shop", bad)


async def test_a_webhook_is_not_looked_up_for_every_delivery(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    intake = Intake(shop.pool.connection)
    made = await shopify(shop)
    assert (await send(shop, made, {"id": 0}, "0", intake=intake)).outcome == "started"
    monkeypatch.setenv("AIAS_MASTER_KEY", "22" * 32)  # nothing can be unsealed any more, and need not be
    assert (await send(shop, made, {"id": 1}, "1", intake=intake)).outcome == "started"


async def test_what_a_process_remembers_of_a_webhook_ends_with_the_commit_that_changes_it(shop: Shop) -> None:
    intake = Intake(shop.pool.connection)
    made = await shopify(shop)
    assert (await send(shop, made, {"id": 1}, "1", intake=intake)).outcome == "started"
    await rotate_webhook(shop.conn, "acme", "shop", secret="new", overlap=timedelta(0))
    assert (await send(shop, made, {"id": 2}, "2", intake=intake)).status == HTTPStatus.UNAUTHORIZED
    assert (await send(shop, made, {"id": 3}, "3", secret="new", intake=intake)).outcome == "started"
    moved = await rotate_webhook(shop.conn, "acme", "shop", secret="new", new_token=True)
    assert (await send(shop, made, {"id": 4}, "4", secret="new", intake=intake)).status == HTTPStatus.NOT_FOUND
    assert (await send(shop, moved, {"id": 5}, "5", secret="new", intake=intake)).outcome == "started"
    await shop.conn.execute("select aias.set_workflow_enabled('acme', 'flow', false)")
    assert (await send(shop, moved, {"id": 6}, "6", secret="new", intake=intake)).outcome == "failed"
    await remove_webhook(shop.conn, moved.id)
    assert (await send(shop, moved, {"id": 7}, "7", secret="new", intake=intake)).status == HTTPStatus.NOT_FOUND
    assert len(await executions(shop)) == 3
