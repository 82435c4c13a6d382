"""Webhooks in: what comes once starts something once, what is not genuine nothing, what is asked is forgotten."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

import psycopg
import pytest
from standardwebhooks.webhooks import Webhook as Standard

from aias.errors import Conflict, InvalidArgument, NotFound
from aias.triggers import (
    Intake,
    MadeWebhook,
    create_webhook,
    list_deliveries,
    list_privacy_requests,
    remove_webhook,
    replay_delivery,
    replay_stored_delivery,
    rotate_webhook,
    search_private_data,
    settle_privacy_request,
)
from tests.triggers.conftest import Shop
from tests.triggers.delivering import SECRET, SHOP, executions, run_jobs, send, shopify

pytestmark = pytest.mark.usefixtures("master_key")


async def test_a_delivery_starts_its_workflow_with_the_payload(shop: Shop) -> None:
    made = await shopify(shop)
    answer = await send(shop, made, {"id": 7})
    assert (answer.status, answer.outcome) == (HTTPStatus.ACCEPTED, "started")
    (execution,) = await executions(shop)
    assert (execution["input"], execution["origin"], execution["origin_id"]) == ({"id": 7}, "webhook", made.id)
    (row,) = await list_deliveries(shop.conn, tenant="acme", holds={"id": 7})
    assert (row.id, row.execution_id, row.topic, row.account) == (
        answer.delivery,
        execution["id"],
        "orders/paid",
        SHOP,
    )
    assert (row.delivery_id, row.source_event_id) == ("d-1", "e-d-1")
    assert "x-shopify-hmac-sha256" not in row.headers
    assert await list_deliveries(shop.conn, holds={"id": 8}) == []


async def test_a_delivery_that_comes_again_starts_nothing_and_is_answered_as_before(shop: Shop) -> None:
    made = await shopify(shop)
    first = await send(shop, made, {"id": 7})
    assert await send(shop, made, {"id": 7}) == first
    assert len(await executions(shop)) == 1
    (row,) = await list_deliveries(shop.conn)
    assert row.duplicate_count == 1


async def test_deliveries_that_come_at_once_start_one_execution(shop: Shop) -> None:
    made = await shopify(shop)
    answers = await asyncio.gather(*(send(shop, made, {"id": 7}) for _ in range(10)))
    assert len({answer.delivery for answer in answers}) == 1
    assert len(await executions(shop)) == 1


async def test_a_known_id_with_another_body_is_kept_as_a_conflict_and_reported(shop: Shop) -> None:
    made = await shopify(shop)
    await send(shop, made, {"id": 7})
    answer = await send(shop, made, {"id": 8})
    assert answer.status == HTTPStatus.CONFLICT
    assert len(await executions(shop)) == 1
    (row,) = await list_deliveries(shop.conn, status="conflict")
    assert (row.id, row.payload) == (answer.delivery, {"id": 8})
    assert "webhook.conflict" in await shop.actions("webhook")


async def test_what_comes_at_once_to_one_server_is_stored_together_and_answered_each_for_itself(shop: Shop) -> None:
    made = await shopify(shop)
    intake = Intake(shop.pool.connection)
    unknown = MadeWebhook(id=made.id, token="no such token", secret="")
    answers = await asyncio.gather(
        *(send(shop, made, {"id": n}, f"d-{n}", intake=intake) for n in range(20)),
        send(shop, made, {"id": 0}, "d-0", intake=intake),
        send(shop, made, {"id": 1}, "d-0", intake=intake),
        send(shop, made, {"id": 20}, "d-20", secret="wrong", intake=intake),
        send(shop, unknown, {"id": 21}, "d-21", intake=intake),
    )
    *taken, again, other_body, forged, lost = answers
    assert [answer.status for answer in taken] == [HTTPStatus.ACCEPTED] * 20
    assert again == taken[0]
    assert [answer.status for answer in (other_body, forged, lost)] == [
        HTTPStatus.CONFLICT,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.NOT_FOUND,
    ]
    started = {row["id"]: row["input"] for row in await executions(shop)}
    rows = await shop.rows("select * from aias.webhook_deliveries where status = 'started'")
    # each answer names its own delivery, and that started its own execution
    assert {row["id"]: started[row["execution_id"]] for row in rows} == {
        answer.delivery: {"id": n} for n, answer in enumerate(taken)
    }
    transactions = await shop.value("select count(distinct d.xmin::text) from aias_private.webhook_deliveries as d")
    assert transactions <= 3  # the first is under way by itself while the others gather


async def test_a_delivery_that_has_to_wait_holds_up_no_other(shop: Shop, database_url: str) -> None:
    held, free = await shopify(shop), await shopify(shop, name="second", workflow="other")
    intake = Intake(shop.pool.connection)
    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("select from aias_private.workflows where name = 'flow' for update")
        waiting = asyncio.create_task(send(shop, held, {"id": 1}, intake=intake))
        answers = await asyncio.gather(
            *(send(shop, free, {"id": n}, f"d-{n}", intake=intake) for n in range(5)),
        )
        assert {answer.outcome for answer in answers} == {"started"}
        assert not waiting.done()
        await other.rollback()
    assert (await waiting).outcome == "started"
    assert len(await executions(shop)) == 6


async def test_what_is_not_genuine_leaves_nothing(shop: Shop) -> None:
    made = await shopify(shop)
    assert (await send(shop, made, {"id": 7}, secret="wrong")).status == HTTPStatus.UNAUTHORIZED
    # not even looked at: this is no JSON
    assert (await send(shop, made, b"{", secret="wrong")).status == HTTPStatus.UNAUTHORIZED
    assert (await send(shop, made, b"{")).status == HTTPStatus.BAD_REQUEST
    wrong = MadeWebhook(id=made.id, token="no such token", secret="")
    assert (await send(shop, wrong, {"id": 7})).status == HTTPStatus.NOT_FOUND
    assert await list_deliveries(shop.conn) == []
    assert await executions(shop) == []


async def test_a_body_is_bounded(shop: Shop) -> None:
    made = await shopify(shop, max_bytes=50)
    assert (await send(shop, made, {"id": "x" * 50})).status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert (await send(shop, made, {"id": "x"})).status == HTTPStatus.ACCEPTED


async def test_a_condition_and_a_mapping_make_the_input(shop: Shop) -> None:
    made = await shopify(
        shop,
        condition="{{ topic == 'orders/paid' and payload.total > 10 }}",
        mapping={"order": "{{ payload.id }}", "shop": "{{ account }}"},
    )
    assert (await send(shop, made, {"id": 7, "total": 11})).outcome == "started"
    assert (await send(shop, made, {"id": 8, "total": 1}, "d-2")).outcome == "filtered"
    failed = await send(shop, made, {"id": 9}, "d-3")
    assert (failed.status, failed.outcome) == (HTTPStatus.ACCEPTED, "failed")
    assert [e["input"] for e in await executions(shop)] == [{"order": 7, "shop": SHOP}]


async def test_an_input_that_does_not_fit_is_a_failed_delivery_that_can_be_replayed(shop: Shop) -> None:
    await shop.apply("strict", input={"type": "object", "properties": {"id": {"type": "string"}}})
    made = await shopify(shop, workflow="strict")
    answer = await send(shop, made, {"id": 7})
    assert (answer.status, answer.outcome) == (HTTPStatus.ACCEPTED, "failed")
    assert "webhook.failed" in await shop.actions("webhook")
    await shop.apply("strict", input={"type": "object", "properties": {"id": {"type": "integer"}}})
    assert answer.delivery is not None
    await replay_delivery(shop.conn, answer.delivery)
    for _ in range(2):  # the job that is run again does it once
        await run_jobs(shop, "aias.replay_delivery", replay_stored_delivery)
    again, original = await list_deliveries(shop.conn)
    assert (again.status, again.replayed_from_id, original.status) == ("started", original.id, "failed")
    assert len(await executions(shop)) == 1


async def test_each_replay_is_one_more_run(shop: Shop) -> None:
    made = await shopify(shop)
    answer = await send(shop, made, {"id": 7})
    assert answer.delivery is not None
    for _ in range(2):
        await replay_delivery(shop.conn, answer.delivery)
    await run_jobs(shop, "aias.replay_delivery", replay_stored_delivery)
    assert [e["input"] for e in await executions(shop)] == [{"id": 7}] * 3
    with pytest.raises(NotFound):
        await replay_delivery(shop.conn, UUID(int=1))


async def test_without_a_workflow_what_comes_in_is_an_event(shop: Shop) -> None:
    made = await shopify(shop, workflow=None)
    assert (await send(shop, made, {"id": 7})).outcome == "emitted"
    (event,) = await shop.rows("select * from aias.events")
    assert (event["type"], event["source"], event["subject"]) == ("shopify.orders/paid", "webhooks/shop", SHOP)
    assert (event["payload"], event["event_id"]) == ({"id": 7}, "d-1")


async def test_while_a_secret_rotates_both_are_good(shop: Shop) -> None:
    made = await shopify(shop)
    rotated = await rotate_webhook(shop.conn, "acme", "shop", secret="new", overlap=timedelta(hours=1))
    assert rotated.token is None
    assert (await send(shop, made, {"id": 1}, "1")).status == HTTPStatus.ACCEPTED
    assert (await send(shop, made, {"id": 2}, "2", secret="new")).status == HTTPStatus.ACCEPTED
    await shop.later(hours=2)
    assert (await send(shop, made, {"id": 3}, "3")).status == HTTPStatus.UNAUTHORIZED
    assert (await send(shop, made, {"id": 4}, "4", secret="new")).status == HTTPStatus.ACCEPTED


async def test_a_new_token_is_a_new_address_at_once(shop: Shop) -> None:
    made = await shopify(shop)
    rotated = await rotate_webhook(shop.conn, "acme", "shop", new_token=True, secret=SECRET)
    assert (await send(shop, made, {"id": 1})).status == HTTPStatus.NOT_FOUND
    assert (await send(shop, rotated, {"id": 1})).status == HTTPStatus.ACCEPTED


async def test_a_removed_webhook_takes_nothing_and_its_deliveries_stay(shop: Shop) -> None:
    made = await shopify(shop)
    await send(shop, made, {"id": 1})
    await remove_webhook(shop.conn, made.id)
    assert (await send(shop, made, {"id": 2}, "2")).status == HTTPStatus.NOT_FOUND
    assert len(await list_deliveries(shop.conn)) == 1
    assert await shop.rows("select * from aias.integrations") == []


async def test_neither_token_nor_secret_is_stored_as_it_is(shop: Shop) -> None:
    made = await shopify(shop)
    for query in (
        "select w::text from aias_private.webhooks as w",
        "select i::text from aias_private.integrations as i",
    ):
        stored = await shop.value(query)  # pyright: ignore[reportArgumentType]
        assert made.token is not None
        assert made.token not in stored
        assert SECRET.encode().hex() not in stored
    assert made.token not in repr(made)
    assert SECRET not in repr(made)


async def test_a_taken_name_is_refused_and_keeps_its_secret(shop: Shop) -> None:
    made = await shopify(shop)
    with pytest.raises(Conflict):
        await shopify(shop, secret="other")
    assert (await send(shop, made, {"id": 1})).status == HTTPStatus.ACCEPTED
    with pytest.raises(InvalidArgument):
        await create_webhook(shop.conn, "acme", "std", style="standard", secret="short")
    with pytest.raises(InvalidArgument):
        await create_webhook(shop.conn, "acme", "bad", style="github", condition="{{ payload. }}")


def signed(style: str, secret: str, body: bytes, shop: Shop) -> Mapping[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256)
    match style:
        case "standard":
            stamp = str(int(shop.now.timestamp()))
            signature = Standard(secret).sign(msg_id="m-1", timestamp=shop.now, data=body.decode())
            return {"webhook-id": "m-1", "webhook-timestamp": stamp, "webhook-signature": signature}
        case "github":
            signature = f"sha256={digest.hexdigest()}"
            return {"X-Hub-Signature-256": signature, "X-GitHub-Delivery": "m-1", "X-GitHub-Event": "push"}
        case "stripe":
            stamp = str(int(shop.now.timestamp()))
            mac = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
            return {"Stripe-Signature": f"t={stamp},v1={mac}"}
        case "wave":
            return {"x-wave-signature": digest.hexdigest()}
        case _:
            return {"X-Key": secret, "X-Id": "m-1", "X-Topic": "push"}


@pytest.mark.parametrize(
    ("style", "payload"),
    [
        ("standard", {"type": "push"}),
        ("github", {}),
        ("stripe", {"id": "m-1", "type": "push"}),
        ("wave", {"event_id": "m-1", "event_type": "push", "business_id": "b"}),
        ("shared", {}),
    ],
)
async def test_every_style_is_taken_once(style: Any, payload: dict[str, Any], shop: Shop) -> None:
    config = {"header": "X-Key", "id_header": "X-Id", "topic_header": "X-Topic"} if style == "shared" else {}
    made = await create_webhook(shop.conn, "acme", "hook", style=style, workflow="flow", config=config)
    body = json.dumps(payload).encode()
    assert made.token is not None
    for _ in range(2):
        answer = await Intake(shop.pool.connection).receive(made.token, signed(style, made.secret, body, shop), body)
        assert answer.status == HTTPStatus.ACCEPTED
    (row,) = await list_deliveries(shop.conn)
    assert (row.delivery_id, row.topic, row.duplicate_count) == ("m-1", "push", 1)
    forged = await Intake(shop.pool.connection).receive(made.token, signed(style, "d2hhdGV2ZXI=", body, shop), body)
    assert forged.status == HTTPStatus.UNAUTHORIZED


async def test_a_customer_who_asks_to_be_forgotten_is(shop: Shop) -> None:
    starts = await shopify(shop)
    emits = await shopify(shop, name="events", workflow=None)
    await send(shop, starts, {"id": 500, "customer": {"id": 9}, "email": "buyer017@shop.example"}, "1")
    await send(shop, emits, {"id": 501, "customer": {"id": 9}}, "2")
    await send(shop, starts, {"id": 502, "customer": {"id": 10}}, "3")
    ask = {"shop_domain": SHOP, "customer": {"id": 9, "email": "buyer017@shop.example"}, "orders_to_redact": [503]}
    await send(shop, starts, {"id": 503}, "4")
    assert (await send(shop, starts, ask, "5", topic="customers/redact")).outcome == "recorded"
    await run_jobs(shop, "aias.search_private_data", search_private_data)
    (request,) = await list_privacy_requests(shop.conn, status="open")
    assert (request.kind, request.customer_id, request.found) == (
        "customers/redact",
        "9",
        {"deliveries": 4, "events": 1},
    )
    assert request.due_at == shop.now + timedelta(days=30)
    left = [row.delivery_id for row in await list_deliveries(shop.conn) if row.redacted_at is None]
    assert left == ["3"]
    assert await shop.value("select payload from aias.events") == {"redacted": True}
    assert "buyer017" not in str([row.payload for row in await list_deliveries(shop.conn)])
    with pytest.raises(Conflict, match="redacted"):
        await replay_delivery(shop.conn, next(r.id for r in await list_deliveries(shop.conn) if r.redacted_at))
    await settle_privacy_request(shop.conn, request.id, "executions were deleted")
    assert await list_privacy_requests(shop.conn, status="open") == []
    assert await shop.actions("privacy_request") == ["privacy.requested", "privacy.redacted", "privacy.settled"]


async def test_a_shop_that_leaves_is_forgotten_and_a_request_for_data_changes_nothing(shop: Shop) -> None:
    made = await shopify(shop)
    await send(shop, made, {"id": 500, "customer": {"id": 9}}, "1")
    ask = {"shop_domain": SHOP, "customer": {"id": 9}, "orders_requested": [500]}
    await send(shop, made, ask, "2", topic="customers/data_request")
    await run_jobs(shop, "aias.search_private_data", search_private_data)
    (request,) = await list_privacy_requests(shop.conn)
    assert request.found == {"deliveries": 1, "events": 0}
    await send(shop, made, {"shop_domain": SHOP}, "3", topic="shop/redact")
    await run_jobs(shop, "aias.search_private_data", search_private_data)
    assert all(row.redacted_at is not None for row in await list_deliveries(shop.conn))
    assert len(await executions(shop)) == 1


async def test_a_confined_caller_sees_its_own_tenants_webhooks_only(shop: Shop) -> None:
    made = await shopify(shop)
    await send(shop, made, {"id": 1})
    beta = await shop.value("select aias.create_tenant('beta', 'pro')")
    async with shop.conn.transaction(force_rollback=True):
        await shop.conn.execute("set local role aias_app")
        await shop.conn.execute("select set_config('aias.tenant_id', %s, true)", (str(beta),))
        assert await list_deliveries(shop.conn) == []
        assert await shop.rows("select * from aias.webhooks") == []
        with pytest.raises(NotFound):
            await remove_webhook(shop.conn, made.id)
