"""The webhooks of a local server: real signed requests, sent as the service sends them, wrong ones on demand.

::

    sims.shopify.webhooks.subscribe("orders/create", "http://127.0.0.1:8000/hooks/abc")
    sims.shopify.webhooks.send("orders/create", {"id": 1})
    await sims.shopify.webhooks.idle()

An attempt has 1 s to connect and 5 s in all; any 2xx is success, a redirect is none. What fails is tried 8 times more
over 4 hours, with the same body and the same ids; :attr:`Policy.speed` lets the pauses pass faster. When the last
attempt of a delivery fails, its subscription is deleted. After :meth:`~WebhookSender.rotate` deliveries are signed
with the old secret for an hour yet. Over HTTP the same is at ``/_control/webhooks``
(:mod:`aias.simulators.webhook_control`).
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, Literal
from uuid import uuid4

import httpx

from aias.simulators.signing import WEBHOOK_SECRET, Dialect, Encoding, Event
from aias.simulators.webhook_orders import Policy, Sending, Sendings, Subscribing

__all__ = ["Attempt", "Delivery", "Subscription", "WebhookSender"]

_KEPT = 10_000
_SUBSCRIPTIONS = 1000
_AT_A_TIME = 50


@dataclass(slots=True, kw_only=True)
class Subscription:
    """Where the events of a topic go. ``ended`` says why they do no longer."""

    id: int
    topic: str
    url: str
    at: float
    ended: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The subscription as ``/_control/webhooks`` shows it."""
        return {"id": self.id, "topic": self.topic, "url": self.url, "ended": self.ended}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request: its answer's status, or why there was none."""

    at: float
    seconds: float
    status: int | None = None
    error: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One event on its way to one subscription."""

    id: str
    event: Event
    subscription: Subscription
    body: bytes
    state: Literal["pending", "delivered", "given_up", "cancelled"] = "pending"
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    attempted: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def to_json(self) -> dict[str, Any]:
        """The delivery as ``/_control/webhooks/deliveries`` shows it."""
        return {
            "id": self.id,
            "event_id": self.event.id,
            "topic": self.event.topic,
            "subscription": self.subscription.id,
            "url": self.subscription.url,
            "state": self.state,
            "attempts": [
                {"at": a.at, "seconds": a.seconds, "status": a.status, "error": a.error} for a in self.attempts
            ],
        }


class WebhookSender:
    """The subscriptions of one server and the deliveries on their way. Sends from the running event loop."""

    def __init__(
        self,
        dialect: Dialect,
        *,
        secret: str = WEBHOOK_SECRET,
        policy: Policy | None = None,
        payload_of: Callable[[str, str | None], dict[str, Any]] = lambda _topic, _record: {},
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.dialect = dialect
        self.policy = policy or Policy()
        self._initial = (secret, self.policy)
        self._payload_of = payload_of
        self._clock = clock
        self._client: httpx.AsyncClient | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Semaphore(_AT_A_TIME)
        self._forget(secret)

    def _forget(self, secret: str) -> None:
        self.secret = secret
        self.old_secret: str | None = None
        self.rotated_at = 0.0
        self.subscriptions: dict[int, Subscription] = {}
        self.deliveries: deque[Delivery] = deque(maxlen=_KEPT)
        self._numbers = count(1)

    # --- subscriptions and secrets ---

    def subscribe(self, topic: str, url: str) -> Subscription:
        """Send the events of a topic (``*``: of all) to this address from now on; twice is one subscription.

        Raises:
            ValueError: no topic, no http or https address, or more than 1000 subscriptions.
        """
        asked = Subscribing(topic=topic, url=url)
        for known in self.active(topic):
            if known.topic == topic and known.url == url:
                return known
        if len(self.subscriptions) >= _SUBSCRIPTIONS:
            raise ValueError(f"more than {_SUBSCRIPTIONS} subscriptions: reset the server first")
        made = Subscription(id=next(self._numbers), topic=asked.topic, url=asked.url, at=self._clock())
        self.subscriptions[made.id] = made
        return made

    def unsubscribe(self, subscription_id: int, why: str = "deleted by its owner") -> bool:
        """Send it nothing more, retries included; False when there is no such subscription, or no longer."""
        found = self.subscriptions.get(subscription_id)
        if found is None or found.ended is not None:
            return False
        found.ended = why
        return True

    def active(self, topic: str) -> list[Subscription]:
        """The subscriptions that get the events of this topic."""
        return [s for s in self.subscriptions.values() if s.ended is None and s.topic in {topic, "*"}]

    def rotate(self, secret: str | None = None) -> str:
        """Change the secret; deliveries are signed with the old one until the overlap is over. Returns the new one."""
        self.old_secret, self.secret = self.secret, secret or secrets.token_hex(32)
        self.rotated_at = self._clock()
        return self.secret

    @property
    def signing_secret(self) -> str:
        """What deliveries are signed with now."""
        is_over = self._clock() >= self.rotated_at + self.policy.overlap / self.policy.speed
        return self.secret if self.old_secret is None or is_over else self.old_secret

    # --- sending ---

    def send(self, topic: str, payload: Mapping[str, Any] | None = None, **wrong: Any) -> list[Delivery]:
        """Send an event to everybody who subscribed to its topic; returns at once, with a delivery for each and copy.

        ``wrong`` are fields of :class:`~aias.simulators.webhook_orders.Sending`.

        Raises:
            ValueError: a field that makes no sense, or more than 10,000 deliveries are on their way.
        """
        asked = Sending.model_validate({"topic": topic, "payload": payload, **wrong})
        return self.send_all(Sendings(events=[asked], at_once=True))

    def send_all(self, asked: Sendings) -> list[Delivery]:
        """Send events in the order that is asked for; returns at once.

        Raises:
            ValueError: more than 10,000 deliveries are on their way.
        """
        events = list(asked.events)
        if asked.order == "reversed":
            events.reverse()
        elif asked.order == "shuffled":
            Random(asked.seed).shuffle(events)  # noqa: S311 - repeatable on purpose
        made = [(sending, delivery) for sending in events for delivery in self._made(sending)]
        if len(self._tasks) + len(made) > _KEPT:
            raise ValueError(f"more than {_KEPT} deliveries are on their way: wait for some to end")
        self.deliveries.extend(delivery for _, delivery in made)
        if asked.at_once:
            for sending, delivery in made:
                self._start(self._deliver(delivery, sending))
        else:
            self._start(self._one_by_one(made))
        return [delivery for _, delivery in made]

    def _made(self, sending: Sending) -> list[Delivery]:
        payload = sending.payload
        if payload is None:
            payload = self._payload_of(sending.topic, sending.record)
        event = Event(topic=sending.topic, payload=payload, at=self._clock(), id=sending.event_id or str(uuid4()))
        made: list[Delivery] = []
        for subscription in self.active(sending.topic):
            name = str(uuid4())
            for _ in range(sending.copies):
                body = self.dialect.body(event)
                made.append(Delivery(id=name, event=event, subscription=subscription, body=body))
        return made

    def _start(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work, name="webhook")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _one_by_one(self, made: list[tuple[Sending, Delivery]]) -> None:
        for sending, delivery in made:
            self._start(self._deliver(delivery, sending))
            await delivery.attempted.wait()

    async def _deliver(self, delivery: Delivery, sending: Sending) -> None:
        try:
            await asyncio.sleep(sending.delay)
            for retry in range(self.policy.retries + 1):
                if retry:
                    await asyncio.sleep(self.policy.pause(retry))
                if delivery.subscription.ended is not None:
                    delivery.state = "cancelled"
                    return
                async with self._turn:
                    attempt = await self._attempt(delivery, sending)
                delivery.attempts.append(attempt)
                delivery.attempted.set()
                if attempt.ok:
                    delivery.state = "delivered"
                    return
            delivery.state = "given_up"
            self.unsubscribe(delivery.subscription.id, f"deleted: {self.policy.retries + 1} attempts failed")
        finally:
            delivery.attempted.set()

    async def _attempt(self, delivery: Delivery, sending: Sending) -> Attempt:
        policy, started, at = self.policy, time.monotonic(), self._clock()
        if self._client is None:
            self._client = httpx.AsyncClient(trust_env=False, follow_redirects=False)
        request = self._client.build_request(
            "POST",
            delivery.subscription.url,
            headers=self._headers(delivery, sending),
            content=delivery.body if sending.body is None else sending.body.encode(),
            timeout=httpx.Timeout(policy.total, connect=policy.connect),
        )
        status, error = None, None
        try:
            async with asyncio.timeout(policy.total):
                response = await self._client.send(request, stream=True)
                status = response.status_code
                await response.aclose()
        except TimeoutError:
            error = f"no answer within {policy.total:g} s"
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            error = type(problem).__name__
        return Attempt(at=at, seconds=round(time.monotonic() - started, 4), status=status, error=error)

    def _headers(self, delivery: Delivery, sending: Sending) -> httpx.Headers:
        told = self.dialect.headers(delivery.event, delivery.id)
        lines = [(name.encode(), value.encode()) for name, value in told.items()]
        signature = self._signature(delivery.body, sending)
        if signature is not None:
            lines.append((self.dialect.signature_header.encode(), signature))
        headers = httpx.Headers(lines)
        for name, value in sending.headers.items():
            if value is not None:
                headers[name] = value
            elif name in headers:
                del headers[name]
        return headers

    def _signature(self, body: bytes, sending: Sending) -> bytes | None:
        encoding: Encoding = self.policy.encoding or self.dialect.encoding
        secret = self.signing_secret
        match sending.signature:
            case "missing":
                return None
            case "not_ascii":
                return "sïgnätüre".encode()
            case "wrong":
                secret = f"not {secret}"
            case "old_secret":
                secret = self.old_secret or f"before {secret}"
            case "other_encoding":
                encoding = "hex" if encoding == "base64" else "base64"
            case "re_serialised":
                body = json.dumps(json.loads(body), indent=1).encode()
            case "right":
                pass
        return self.dialect.sign(secret, body, encoding).encode()

    # --- the end ---

    async def idle(self) -> None:
        """Wait until nothing is on its way any more: delivered, given up or cancelled."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def reset(self) -> None:
        """Forget subscriptions and deliveries, sent or not; secret and rules are as at the start."""
        self._cancel()
        secret, self.policy = self._initial
        self._forget(secret)

    async def close(self) -> None:
        """Stop sending and close the connections."""
        self._cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        for delivery in self.deliveries:
            if delivery.state == "pending":
                delivery.state = "cancelled"
