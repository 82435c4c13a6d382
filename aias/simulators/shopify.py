"""A local Shopify shop: the Admin API in GraphQL and, for older clients, orders over REST.

``POST /admin/api/{version}/graphql.json`` with ``X-Shopify-Access-Token``; the schema is ``shopify.graphql``. A wrong
query fails as upstream: HTTP 200, ``errors`` with Shopify's codes. Costs are counted and throttled by the documented
rules (:mod:`aias.simulators.cost`); every answer to a valid query carries ``extensions.cost``.

Orders, products, customers and the shop are served over REST too (:mod:`aias.simulators.shopify_rest`), with REST's own
bucket and ``X-Shopify-Shop-Api-Call-Limit``. The result of a bulk operation is at the address that it states.

``scopes`` says what the simulator's own token may do, ``keys.suppresses`` whether idempotency keys are honoured,
``bulk_seconds`` and ``shop.job_seconds`` how long a bulk operation and a cancellation take.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from graphql import DocumentNode, OperationDefinitionNode, OperationType
from starlette.requests import Request

from aias.simulators.cost import QUERY_LIMIT, Bucket, requested_cost
from aias.simulators.delivery import Answer, json_answer
from aias.simulators.graph import Graph, GraphqlRequest, arguments_of, fields_of, names_of, operation_of, read_request
from aias.simulators.journal import Call
from aias.simulators.oauth_shopify import ShopifyOAuth
from aias.simulators.order import Order
from aias.simulators.outcomes import UserError
from aias.simulators.shopify_bulk import BULK_PATH, bulk_result
from aias.simulators.shopify_context import Context
from aias.simulators.shopify_errors import (
    COST_DOCUMENTATION,
    REST_REFUSAL,
    WORDS,
    execution_error,
    problem_of,
    static_error,
    too_dear,
    variable_error,
)
from aias.simulators.shopify_events import Announcer
from aias.simulators.shopify_json import order_json
from aias.simulators.shopify_keys import KeyStore
from aias.simulators.shopify_resolvers import type_of
from aias.simulators.shopify_rest import RestError, rest_answer, rest_name
from aias.simulators.shopify_roots import ALL_RESOLVERS
from aias.simulators.shopify_scopes import ALL_SCOPES, REST_SCOPES, allowed
from aias.simulators.shopify_settings import ShopifySettings
from aias.simulators.shopify_store import Shop
from aias.simulators.signing import ShopifyDialect
from aias.simulators.simulator import Simulator
from aias.simulators.user_errors import refused_mutation, refused_request

__all__ = ["SHOPIFY_TOKEN", "ShopifySimulator"]

SHOPIFY_TOKEN = "shpat_simulator"  # noqa: S105 - opens nothing but a server that imitates one
"""The access token that the local shop takes, unless it is told another."""

SHOP_DOMAIN = "simulated-goods.myshopify.com"
"""Whose webhooks they are."""

_API = re.compile(r"/admin/api/(?P<version>\d{4}-(?:01|04|07|10)|unstable)/")
_GRAPHQL = "graphql.json"


class ShopifySimulator(Simulator):
    """The local shop. ``url`` is what a client knows as ``https://{shop}.myshopify.com``."""

    name = "shopify"

    def __init__(
        self,
        *,
        orders: int = 25,
        seed: int = 1,
        token: str = SHOPIFY_TOKEN,
        bucket: float = 2000,
        restore_rate: float = 100,
        rest_bucket: int = 40,
        rest_rate: float = 2,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(clock=clock, dialect=ShopifyDialect(shop_domain=SHOP_DOMAIN))
        self.token = token
        self.scopes = ALL_SCOPES
        self.keys = KeyStore()
        self.bulk_seconds = 0.0
        self.oauth = ShopifyOAuth(clock=clock)
        self.shop = Shop(orders=orders, seed=seed, changed=self.changed, clock=clock)
        self._announcer = None if self.webhooks is None else Announcer(self.shop, self.webhooks)
        self.bucket = Bucket(capacity=bucket, rate=restore_rate, clock=clock)
        self.rest_bucket = Bucket(capacity=rest_bucket, rate=rest_rate, clock=clock)
        self._graph = Graph(
            "shopify.graphql",
            "shopify_orders.graphql",
            "shopify_catalogue.graphql",
            "shopify_money.graphql",
            "shopify_operations.graphql",
            resolvers=ALL_RESOLVERS,
            scalars={},
            type_of=type_of,
            observe=lambda info, value: info.context.meter.observe(info, value),
        )

    @property
    def url(self) -> str:
        """The shop's address, without a path."""
        return self.base_url

    @property
    def orders(self) -> list[Order]:
        """The orders as they were made, the oldest first."""
        return [record.order for record in self.shop.orders.values()]

    def reset_state(self) -> None:
        """Everything as made, buckets full, no key used."""
        self.shop.reset()
        self.oauth.reset()
        if self._announcer is not None:
            self._announcer.reset()
        self.keys.clear()
        self.bucket.refill()
        self.rest_bucket.refill()

    def settings(self) -> dict[str, Any]:
        """The modes of the shop; :class:`~aias.simulators.shopify_settings.ShopifySettings` describes them."""
        return self._settings().model_dump(mode="json") | {"scopes": sorted(self.scopes)}

    def _settings(self) -> ShopifySettings:
        return ShopifySettings(
            suppresses_duplicates=self.keys.suppresses,
            scopes=self.scopes,
            bucket=self.bucket.capacity,
            restore_rate=self.bucket.rate,
            bulk_seconds=self.bulk_seconds,
            job_seconds=self.shop.job_seconds,
        )

    def configure(self, given: dict[str, Any]) -> None:
        """Change some of the modes."""
        wanted = ShopifySettings.model_validate({**self._settings().model_dump(), **given})
        self.keys.suppresses, self.scopes = wanted.suppresses_duplicates, wanted.scopes
        self.bulk_seconds, self.shop.job_seconds = wanted.bulk_seconds, wanted.job_seconds
        self.bucket.resize(capacity=wanted.bucket, rate=wanted.restore_rate)

    def state(self) -> dict[str, Any]:
        """Orders by financial status, tags with the orders that carry them, and the buckets."""
        statuses: dict[str, int] = {}
        tags: dict[str, list[str]] = {}
        for record in self.shop.orders.values():
            statuses[record.financial_status] = statuses.get(record.financial_status, 0) + 1
            for tag in record.tags:
                tags.setdefault(tag, []).append(record.order.name)
        return {
            "orders": {"count": len(self.shop.orders), "by_status": statuses},
            "customers": {"count": len(self.shop.customers)},
            "products": {"count": len(self.shop.products)},
            "checkouts": {"count": len(self.shop.checkouts)},
            "draft_orders": {"count": len(self.shop.drafts)},
            "fulfillments": {"count": len(self.shop.fulfillments)},
            "refunds": {"count": sum(len(record.order.refunds) for record in self.shop.orders.values())},
            "webhooks": [{"topic": one.topic, "uri": one.uri} for one in self.shop.webhooks.values()],
            "bulk_operations": {"count": len(self.shop.bulk_operations)},
            "idempotency_keys": {"count": len(self.keys), "suppresses": self.keys.suppresses},
            "tags": tags,
            "bucket": self.bucket.status(),
            "rest_bucket": self.rest_bucket.status(),
        }

    def records(self) -> list[dict[str, Any]]:
        """Each order in short."""
        return [
            {
                "id": record.gid,
                "name": record.order.name,
                "email": record.email,
                "status": record.financial_status,
                "currency": record.order.presentment_currency,
                "total": format(record.order.total.presentment, "f"),
                "lines": len(record.order.lines),
                "tags": list(record.tags),
                "note": record.note,
            }
            for record in self.shop.orders.values()
        ]

    def ready(self) -> dict[str, Any]:
        """The shop's address and token."""
        return {"url": self.url, "token": self.token, "control_url": self.control_url}

    def read(self, request: Request, body: bytes) -> Call:
        """What the request asks for."""
        if self.oauth.serves(request.url.path):
            return self.oauth.read(request, body)
        key = request.headers.get("idempotency-key")
        if not request.url.path.endswith(_GRAPHQL):
            if request.url.path.startswith(BULK_PATH):
                return Call(operations=("bulk.download",), kind="download", key=key)
            name, number = rest_name(request.method, request.url.path)
            variables: dict[str, Any] = dict(request.query_params)
            if number is not None:
                variables["id"] = str(number)
            return Call(operations=(name,) if name else (), kind="rest", variables=variables, key=key)
        asked = read_request(body, request.headers.get("content-type", ""))
        document = self._graph.prepare(asked.query).document if asked else None
        operation = operation_of(document, asked.operation_name) if asked and document else None
        if asked is None or document is None or operation is None:
            return Call(kind="graphql", key=key)
        given: dict[str, Any] = {}
        for node in fields_of(document, operation.selection_set):
            given |= arguments_of(node, asked.variables)
            for directive in node.directives or ():
                if directive.name.value == "idempotent":
                    key = str(arguments_of(directive, asked.variables).get("key"))
        return Call(
            operations=names_of(document, operation),
            kind=operation.operation.value,
            variables={**given, **asked.variables},
            key=key,
        )

    def answer(self, request: Request, body: bytes, call: Call) -> Answer:
        """Serve the request."""
        self.shop.settle()
        if self._announcer is not None:
            self._announcer.settle()
        if self.oauth.serves(request.url.path):
            return self.oauth.answer(request, body)
        if request.url.path.startswith(BULK_PATH):
            return self._download(request)
        match = _API.match(request.url.path)
        if match is None:
            return json_answer({"errors": "Not Found"}, 404, error="no such path")
        scopes = self._scopes_of(request.headers.get("x-shopify-access-token"))
        if scopes is None:
            message = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return json_answer({"errors": message}, 401, error="wrong token")
        headers = {"X-Request-Id": str(uuid4()), "X-Shopify-API-Version": match["version"]}
        if request.url.path == f"{match[0]}{_GRAPHQL}":
            if request.method != "POST":
                return json_answer({"errors": "Not Found"}, 404, error="not POST", headers=headers)
            context = Context(
                shop=self.shop,
                graph=self._graph,
                base_url=f"{request.url.scheme}://{request.url.netloc}",
                version=match["version"],
                scopes=scopes,
                keys=self.keys,
                bulk_seconds=self.bulk_seconds,
            )
            return self._graphql(read_request(body, request.headers.get("content-type", "")), context, headers)
        return self._rest(request, body, call, scopes, headers)

    def _scopes_of(self, token: str | None) -> frozenset[str] | None:
        """What a token may do; None where it opens nothing. A token that was given for no scope may do everything."""
        if token == self.token:
            return self.scopes
        if token is None or not self.oauth.accepts(token):
            return None
        granted = self.oauth.issued[token].scopes.replace(",", " ").split()
        return frozenset(granted) or ALL_SCOPES

    def _download(self, request: Request) -> Answer:
        lines = bulk_result(self.shop, request.url.path)
        if lines is None or request.method != "GET":
            return json_answer({"errors": "Not Found"}, 404, error="no such result")
        return Answer(body=lines, content_type="application/jsonl")

    # --- GraphQL ---

    def _graphql(self, asked: GraphqlRequest | None, context: Context, headers: dict[str, str]) -> Answer:
        if asked is None:
            problem = {"errors": {"query": "Required parameter missing or invalid"}}
            return json_answer(problem, 400, error="no query", headers=headers)
        prepared = self._graph.prepare(asked.query)
        if prepared.document is None or prepared.errors:
            errors = [static_error(error, prepared.document) for error in prepared.errors]
            return json_answer({"errors": errors}, error=errors[0]["message"], headers=headers)
        operation = operation_of(prepared.document, asked.operation_name)
        if operation is None or operation.operation is OperationType.SUBSCRIPTION:
            message = f"No operation named {asked.operation_name!r}" if asked.operation_name else "No operation to run"
            return json_answer({"errors": [{"message": message}]}, error=message, headers=headers)
        return self._charged(asked, prepared.document, operation, context, headers)

    def _charged(
        self,
        asked: GraphqlRequest,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        context: Context,
        headers: dict[str, str],
    ) -> Answer:
        cost = requested_cost(self._graph.schema, document, operation, asked.variables)
        if cost > QUERY_LIMIT:
            return json_answer({"errors": [too_dear(cost)]}, error="MAX_COST_EXCEEDED", headers=headers)
        if not self.bucket.take(cost):
            return json_answer(self._throttled(cost), error="THROTTLED", headers=headers)
        result = self._graph.execute(document, asked, context)
        if result.data is None and result.errors and all(error.path is None for error in result.errors):
            self.bucket.give_back(cost)
            errors = [variable_error(error, operation, asked.variables) for error in result.errors]
            return json_answer({"errors": errors}, error=errors[0]["message"], headers=headers)
        actual = context.meter.total(cost, operation)
        self.bucket.give_back(cost - actual)
        shaped: dict[str, Any] = {"data": result.data}
        if result.errors:
            shaped["errors"] = [execution_error(error) for error in result.errors]
        extensions: dict[str, Any] = {"cost": self._cost(cost, actual)}
        if context.searches:
            extensions["search"] = context.searches
        shaped["extensions"] = extensions
        return json_answer(shaped, error=problem_of(shaped), headers=headers)

    def _cost(self, requested: int, actual: int | None) -> dict[str, Any]:
        return {
            "requestedQueryCost": requested,
            "actualQueryCost": actual,
            "throttleStatus": self.bucket.status(),
        }

    def _throttled(self, requested: int) -> dict[str, Any]:
        extensions = {"code": "THROTTLED", "documentation": COST_DOCUMENTATION}
        return {
            "errors": [{"message": "Throttled", "extensions": extensions}],
            "extensions": {"cost": self._cost(requested, None)},
        }

    def throttled(self) -> Answer:
        """The throttle answer, as if the bucket had been too empty for a query of 10 points."""
        return json_answer(self._throttled(10), error="THROTTLED")

    def graphql_error(self, message: str, code: str) -> Answer:
        """One error with its code and, as Shopify does for its own failures, a request id."""
        error: dict[str, Any] = {"message": message, "extensions": {"code": code}}
        if code == "INTERNAL_SERVER_ERROR":
            error["extensions"]["requestId"] = str(uuid4())
        return json_answer({"errors": [error]}, error=code)

    def payload_of(self, topic: str, record: str | None) -> dict[str, Any]:
        """An order as REST shows it, which is what Shopify's webhooks about orders carry."""
        if not topic.startswith("orders/"):
            return {}
        number = (record or "").rsplit("/", 1)[-1]
        found = [one for one in self.shop.orders.values() if not record or number in {str(one.id), one.name}]
        if record and not found:
            raise ValueError(f"there is no order {record}")
        return order_json(found[0]) if found else {}

    def user_errors(self, request: Request, body: bytes, errors: Sequence[UserError]) -> Answer:
        """The payloads that were asked for, with nothing in them but these errors."""
        asked = read_request(body, request.headers.get("content-type", ""))
        return (refused_mutation(asked, errors) if asked else None) or refused_request(errors)

    def refusal(self, status: int) -> Answer:
        """Shopify's words for an HTTP status."""
        return json_answer({"errors": WORDS.get(status, f"Error {status}")}, status, error=f"status {status}")

    # --- REST ---

    def _rest(
        self, request: Request, body: bytes, call: Call, scopes: frozenset[str], headers: dict[str, str]
    ) -> Answer:
        name = call.operations[0] if call.operations else ""
        if not name:
            return json_answer({"errors": "Not Found"}, 404, error="no such path", headers=headers)
        if not self.rest_bucket.take(1):
            headers["Retry-After"] = f"{max(1.0, math.ceil(1 / self.rest_bucket.rate)):.1f}"
            headers["X-Shopify-Shop-Api-Call-Limit"] = self._call_limit()
            return json_answer({"errors": REST_REFUSAL}, 429, error="429", headers=headers)
        headers["X-Shopify-Shop-Api-Call-Limit"] = self._call_limit()
        wanted = REST_SCOPES.get(name)
        if wanted is not None and not allowed(scopes, wanted):
            message = f"[API] This action requires merchant approval for {wanted} scope."
            return json_answer({"errors": message}, 403, error="ACCESS_DENIED", headers=headers)
        url = f"{self.base_url}{request.url.path}"
        try:
            content, link = rest_answer(name, self.shop, url, request.query_params, body)
        except RestError as error:
            return json_answer({"errors": error.errors}, error.status, error=str(error), headers=headers)
        if link is not None:
            headers["Link"] = link
        return json_answer(content, headers=headers)

    def _call_limit(self) -> str:
        used = math.ceil(self.rest_bucket.capacity - self.rest_bucket.available)
        return f"{used}/{int(self.rest_bucket.capacity)}"
