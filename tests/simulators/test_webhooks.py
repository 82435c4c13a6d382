from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from aias.simulators import Simulators
from aias.simulators.serving import HttpServer
from aias.simulators.signing import WEBHOOK_SECRET, ShopifyDialect
from aias.simulators.webhook_orders import Policy
from aias.simulators.webhooks import WebhookSender

from .conftest import Clock

QUICK = Policy(connect=0.2, total=0.3, speed=1e6)


@dataclass
class Receiver:
    """A real endpoint that keeps what it is sent and answers with the statuses it is told, the last one for ever."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [200])
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list[tuple[dict[str, str], bytes]])
    hold: asyncio.Event | None = None

    async def __call__(self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[..., Any]) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self.seen.append((headers, body))
        if self.hold is not None:
            await self.hold.wait()
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        sent = [(b"location", self.url.encode())] if status // 100 == 3 else []
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": b""})

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body in self.seen]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    server = HttpServer(made)
    made.url = f"http://127.0.0.1:{await server.start('127.0.0.1', 0)}/hooks/abc"
    yield made
    if made.hold is not None:
        made.hold.set()
    await server.stop()


@pytest.fixture
async def sender(clock: Clock) -> AsyncIterator[WebhookSender]:
    made = WebhookSender(ShopifyDialect(shop_domain="a.myshopify.com"), policy=QUICK, clock=clock)
    yield made
    await made.close()


def signature(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


async def test_an_order_is_told_in_shopifys_shape(sims: Simulators, receiver: Receiver) -> None:
    hooks = sims.shopify.webhooks
    assert hooks is not None
    hooks.subscribe("orders/create", receiver.url)
    (delivery,) = hooks.send("orders/create", record=str(sims.shopify.orders[1].id))
    await hooks.idle()
    ((headers, body),) = receiver.seen
    assert headers["x-shopify-topic"] == "orders/create"
    assert headers["x-shopify-shop-domain"] == "simulated-goods.myshopify.com"
    assert headers["x-shopify-api-version"] == "2026-01"
    assert (headers["x-shopify-webhook-id"], headers["x-shopify-event-id"]) == (delivery.id, delivery.event.id)
    assert headers["x-shopify-triggered-at"].endswith("Z")
    assert headers["content-type"] == "application/json"
    assert headers["x-shopify-hmac-sha256"] == signature(WEBHOOK_SECRET, body)
    assert json.loads(body)["id"] == sims.shopify.orders[1].id
    assert json.loads(body)["line_items"]
    assert (delivery.state, delivery.attempts[0].status) == ("delivered", 200)


async def test_an_invoice_is_told_in_waves_shape(sims: Simulators, receiver: Receiver) -> None:
    hooks = sims.wave.webhooks
    assert hooks is not None
    hooks.subscribe("*", receiver.url)
    hooks.send("invoice.paid", {"invoice_id": "1"}, event_id="event-1")
    await hooks.idle()
    ((headers, body),) = receiver.seen
    assert json.loads(body) == {
        "event_id": "event-1",
        "event_type": "invoice.paid",
        "business_id": sims.wave.business_id,
        "data": {"invoice_id": "1"},
    }
    assert headers["x-wave-signature"] == hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()


async def test_every_subscription_to_the_topic_gets_a_delivery_of_its_own(
    sender: WebhookSender, receiver: Receiver
) -> None:
    for topic, path in (("orders/create", "1"), ("*", "2"), ("orders/paid", "3")):
        sender.subscribe(topic, f"{receiver.url}/{path}")
    assert sender.subscribe("*", f"{receiver.url}/2").id == 2
    first, second = sender.send("orders/create", {"id": 1})
    await sender.idle()
    assert {headers["x-shopify-webhook-id"] for headers, _ in receiver.seen} == {first.id, second.id}
    assert {headers["x-shopify-event-id"] for headers, _ in receiver.seen} == {first.event.id}


async def test_a_failed_delivery_is_tried_again_with_the_same_ids_and_body(
    sender: WebhookSender, receiver: Receiver
) -> None:
    sender.subscribe("orders/create", receiver.url)
    receiver.statuses = [500, 302, 404, 202]
    (delivery,) = sender.send("orders/create", {"id": 1})
    await sender.idle()
    assert [attempt.status for attempt in delivery.attempts] == [500, 302, 404, 202]
    assert delivery.state == "delivered"
    assert len({(headers["x-shopify-webhook-id"], body) for headers, body in receiver.seen}) == 1


async def test_after_eight_retries_the_subscription_is_deleted(sender: WebhookSender, receiver: Receiver) -> None:
    subscription = sender.subscribe("orders/create", receiver.url)
    receiver.statuses = [503]
    (delivery,) = sender.send("orders/create", {})
    await sender.idle()
    assert (delivery.state, len(delivery.attempts)) == ("given_up", 9)
    assert subscription.ended == "deleted: 9 attempts failed"
    assert sender.send("orders/create", {}) == []


def test_eight_retries_take_four_hours_each_pause_twice_the_last() -> None:
    pauses = [Policy().pause(retry) for retry in range(1, 9)]
    assert sum(pauses) == pytest.approx(4 * 3600)
    assert all(after == pytest.approx(2 * before) for before, after in itertools.pairwise(pauses))
    assert Policy(speed=3600).pause(8) == pytest.approx(pauses[7] / 3600)


async def test_a_receiver_that_does_not_answer_is_left_in_time(sender: WebhookSender, receiver: Receiver) -> None:
    sender.policy = sender.policy.model_copy(update={"retries": 1})
    sender.subscribe("orders/create", receiver.url)
    receiver.hold = asyncio.Event()
    started = time.monotonic()
    (delivery,) = sender.send("orders/create", {})
    await sender.idle()
    assert time.monotonic() - started < 30
    assert [attempt.error for attempt in delivery.attempts] == ["no answer within 0.3 s"] * 2


async def test_nobody_listening_is_a_failed_attempt(sender: WebhookSender, unused_tcp_port: int) -> None:
    sender.subscribe("orders/create", f"http://127.0.0.1:{unused_tcp_port}/")
    (delivery,) = sender.send("orders/create", {})
    await sender.idle()
    assert {attempt.error for attempt in delivery.attempts} == {"ConnectError"}


async def test_an_ended_subscription_gets_no_retries(sender: WebhookSender, receiver: Receiver) -> None:
    subscription = sender.subscribe("orders/create", receiver.url)
    receiver.statuses, receiver.hold = [500], asyncio.Event()
    (delivery,) = sender.send("orders/create", {})
    async with asyncio.timeout(60):
        while not receiver.seen:  # noqa: ASYNC110 - the receiver rings no bell
            await asyncio.sleep(0)
    assert sender.unsubscribe(subscription.id)
    assert not sender.unsubscribe(subscription.id)
    receiver.hold.set()
    await sender.idle()
    assert (delivery.state, len(delivery.attempts)) == ("cancelled", 1)


async def test_duplicates_come_under_one_id(sender: WebhookSender, receiver: Receiver) -> None:
    sender.subscribe("orders/create", receiver.url)
    sender.send("orders/create", {"id": 1}, copies=5)
    await sender.idle()
    assert len(receiver.seen) == 5
    assert len({headers["x-shopify-webhook-id"] for headers, _ in receiver.seen}) == 1


@pytest.mark.parametrize("order", ["given", "reversed", "shuffled"])
async def test_events_come_in_the_order_that_is_asked_for(
    sims: Simulators, client: httpx.AsyncClient, receiver: Receiver, order: str
) -> None:
    url = f"{sims.shopify.control_url}/webhooks"
    await client.post(url, json={"topic": "*", "url": receiver.url})
    events = [{"topic": "orders/updated", "payload": {"n": number}} for number in range(10)]
    asked = {"events": events, "order": order, "seed": 3}
    answer = await client.post(f"{url}/send", params={"wait": "1"}, json=asked)
    assert {one["state"] for one in answer.json()["deliveries"]} == {"delivered"}
    came = [body["n"] for body in receiver.bodies]
    assert sorted(came) == list(range(10))
    if order == "given":
        assert came == list(range(10))
    elif order == "reversed":
        assert came == list(range(9, -1, -1))
    else:
        assert came not in (sorted(came), sorted(came, reverse=True))


async def test_after_a_rotation_the_old_secret_signs_for_an_hour(
    sender: WebhookSender, receiver: Receiver, clock: Clock
) -> None:
    sender.policy = Policy()
    sender.subscribe("orders/create", receiver.url)
    assert sender.rotate("new secret") == "new secret"
    for seconds in (0, 3599, 2):
        clock.forward(seconds)
        sender.send("orders/create", {"id": 1})
        await sender.idle()
    expected = [WEBHOOK_SECRET, WEBHOOK_SECRET, "new secret"]
    found = [headers["x-shopify-hmac-sha256"] for headers, _ in receiver.seen]
    assert found == [signature(secret, body) for secret, (_, body) in zip(expected, receiver.seen, strict=True)]


@pytest.mark.parametrize("kind", ["wrong", "old_secret", "other_encoding", "re_serialised", "not_ascii", "missing"])
async def test_a_wrong_signature_comes_on_demand(sender: WebhookSender, receiver: Receiver, kind: str) -> None:
    sender.subscribe("orders/create", receiver.url)
    sender.rotate("new secret")
    sender.policy = Policy(overlap=0)
    sender.send("orders/create", {"id": 1}, signature=kind)
    await sender.idle()
    ((headers, body),) = receiver.seen
    given, right = headers.get("x-shopify-hmac-sha256"), signature("new secret", body)
    assert given != right
    match kind:
        case "missing":
            assert given is None
        case "old_secret":
            assert given == signature(WEBHOOK_SECRET, body)
        case "other_encoding":
            assert bytes.fromhex(given or "") == base64.b64decode(right)
        case "not_ascii":
            assert given is not None
            assert not given.isascii()
        case _:
            assert len(given or "") == len(right)


async def test_what_is_sent_can_differ_from_what_was_signed(sender: WebhookSender, receiver: Receiver) -> None:
    sender.subscribe("orders/create", receiver.url)
    wrong = {"X-Shopify-Webhook-Id": "another", "X-Shopify-Shop-Domain": "evil.example", "X-Shopify-Topic": None}
    sender.send("orders/create", {"id": 1}, headers=wrong, body='{"id":2}')
    await sender.idle()
    ((headers, body),) = receiver.seen
    assert (headers["x-shopify-webhook-id"], headers["x-shopify-shop-domain"]) == ("another", "evil.example")
    assert "x-shopify-topic" not in headers
    assert body == b'{"id":2}'
    assert headers["x-shopify-hmac-sha256"] == signature(WEBHOOK_SECRET, b'{"id":1}')


async def test_webhooks_are_had_over_http(sims: Simulators, client: httpx.AsyncClient, receiver: Receiver) -> None:
    url = f"{sims.wave.control_url}/webhooks"
    made = await client.post(url, json={"topic": "invoice.paid", "url": receiver.url})
    assert (made.status_code, made.json()["id"]) == (201, 1)
    rules = (await client.post(f"{url}/policy", json={"retries": 1, "speed": 1e6, "encoding": "base64"})).json()
    assert (rules["retries"], rules["total"]) == (1, 5.0)
    assert (await client.post(f"{url}/secret", json={"secret": "new"})).json()["old"] == WEBHOOK_SECRET
    await client.post(f"{url}/policy", json={"overlap": 0})
    receiver.statuses = [500]
    sent = await client.post(f"{url}/send", params={"wait": "1"}, json={"topic": "invoice.paid"})
    (delivery,) = sent.json()["deliveries"]
    assert (sent.status_code, delivery["state"]) == (202, "given_up")
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 500]
    headers, body = receiver.seen[0]
    assert headers["x-wave-signature"] == signature("new", body)
    shown = (await client.get(url)).json()
    assert (shown["secret"], shown["subscriptions"][0]["ended"]) == ("new", "deleted: 2 attempts failed")
    given_up = await client.get(f"{url}/deliveries", params={"state": "given_up"})
    assert [one["id"] for one in given_up.json()["deliveries"]] == [delivery["id"]]
    assert (await client.delete(f"{url}/1")).status_code == 404
    await client.post(f"{sims.wave.control_url}/reset")
    shown = (await client.get(url)).json()
    assert (shown["secret"], shown["subscriptions"], shown["policy"]["retries"]) == (WEBHOOK_SECRET, [], 8)


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("", {"topic": "a", "url": "ftp://x"}, "url"),
        ("", {"topic": "", "url": "http://x"}, "topic"),
        ("/send", {"topic": "a", "copies": 0}, "events.0.copies"),
        ("/send", [{"topic": "a"}, {"topic": "b", "signature": "odd"}], "events.1.signature"),
        ("/send", {"topic": "a", "headers": {"X": "a\r\nb"}}, "events.0.headers.X"),
        ("/policy", {"speed": 0}, "speed"),
        ("/policy", 3, "policy"),
        ("/secret", {"secret": ""}, "secret"),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused_with_its_place(
    sims: Simulators, client: httpx.AsyncClient, path: str, body: Any, place: str
) -> None:
    answer = await client.post(f"{sims.shopify.control_url}/webhooks{path}", json=body)
    assert answer.status_code == 422
    assert place in [problem["path"] for problem in answer.json()["errors"]]


async def test_a_record_that_there_is_not_is_refused(sims: Simulators, client: httpx.AsyncClient) -> None:
    url = f"{sims.shopify.control_url}/webhooks/send"
    answer = await client.post(url, json={"topic": "orders/create", "record": "1"})
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (422, "there is no order 1")


async def test_a_service_without_webhooks_has_no_such_endpoint(sims: Simulators, client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{sims.slack.control_url}/webhooks")).status_code == 404


async def test_deliveries_on_their_way_do_not_hold_up_the_end(sims: Simulators, receiver: Receiver) -> None:
    receiver.hold = asyncio.Event()
    hooks = sims.shopify.webhooks
    assert hooks is not None
    hooks.subscribe("*", receiver.url)
    hooks.send("orders/create", {}, copies=100)
    for _ in range(9):
        hooks.send("orders/create", {}, copies=1000)
    with pytest.raises(ValueError, match="10000"):
        hooks.send("orders/create", {}, copies=1000)
    started = time.monotonic()
    await hooks.close()
    assert time.monotonic() - started < 30
    assert {delivery.state for delivery in hooks.deliveries} == {"cancelled"}
