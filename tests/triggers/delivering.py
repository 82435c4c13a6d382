"""Webhooks of a tenant, and deliveries as Shopify makes them."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, cast

from procrastinate import JobContext

from aias.simulators.signing import ShopifyDialect
from aias.triggers import Answer, Intake, MadeWebhook, create_webhook
from tests.triggers.conftest import Shop

SHOP = "shop.example"
SECRET = "client secret"


async def shopify(shop: Shop, **options: Any) -> MadeWebhook:
    given = {"style": "shopify", "secret": SECRET, "workflow": "flow", **options}
    return await create_webhook(shop.conn, "acme", given.pop("name", "shop"), **given)


async def send(
    shop: Shop,
    made: MadeWebhook,
    payload: Any,
    id: str = "d-1",
    *,
    topic: str = "orders/paid",
    secret: str = SECRET,
    intake: Intake | None = None,
) -> Answer:
    """One delivery as Shopify makes it; with an intake of its own, as if each came to another server."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    headers = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": id,
        "X-Shopify-Event-Id": f"e-{id}",
        "X-Shopify-Hmac-Sha256": ShopifyDialect(shop_domain=SHOP).sign(secret, body),
        "Content-Type": "application/json",
    }
    assert made.token is not None
    return await (intake or Intake(shop.pool.connection)).receive(made.token, headers, body)


async def executions(shop: Shop) -> list[dict[str, Any]]:
    return await shop.rows("select * from aias.executions order by id")


async def run_jobs(shop: Shop, task: str, function: Any) -> None:
    context = cast("JobContext", SimpleNamespace(app=SimpleNamespace(connector=SimpleNamespace(pool=shop.pool))))
    for job in await shop.rows("select * from aias.jobs where task = %s order by id", task):
        await function.func(context, **job["args"])
