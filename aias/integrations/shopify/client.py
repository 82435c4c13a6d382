"""The Shopify Admin API of one connection, and the one way to change something there."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr

from aias.integrations import effects
from aias.integrations.client import Call
from aias.integrations.connections import Connection, find_connection
from aias.integrations.graphql import GraphQL
from aias.integrations.kinds import SHOPIFY, ShopifyConfig, TokenSecret
from aias.integrations.refreshing import TokenUpstream
from aias.plugins import ActionContext

__all__ = ["SETTLES_WITHIN", "Shop", "shopify", "shopify_upstream"]

SETTLES_WITHIN = 5.0
"""Seconds until what was done can be found: orders are read from the database, searches are a little behind it."""

_KEYS_SINCE = "2026-01"
_TIMEOUT = 60.0

Data = TypeVar("Data", bound=BaseModel)
Send = Callable[[str], Awaitable[Data]]
Find = Callable[[], Awaitable[Data | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """The shop of a step's connection."""

    context: ActionContext
    connection: Connection[ShopifyConfig, TokenSecret]
    graphql: GraphQL

    @property
    def name(self) -> str:
        """How messages name it: ``shopify:main``."""
        return self.connection.label

    @property
    def takes_keys(self) -> bool:
        """Whether its API version knows ``@idempotent`` (https://shopify.dev/docs/api/usage/implementing-idempotency)."""
        return self.connection.config.api_version >= _KEYS_SINCE  # "unstable" is later than any date

    def reference(self, part: str = "") -> str:
        """Give our mark for what the step makes: the same on every attempt, and short enough for a tag."""
        digest = hashlib.sha256(f"{self.context.idempotency_key}/{part}".encode()).hexdigest()
        return f"aias-{digest[:32]}"

    async def query(
        self, document: str, variables: Mapping[str, Any], shape: type[Data], *, patience: float = 0.0
    ) -> Data:
        """Ask; as ``GraphQL.query``."""
        return await self.graphql.query(document, variables, shape, patience=patience)

    async def mutate(self, document: str, variables: Mapping[str, Any], field: str, shape: type[Data]) -> Data:
        """Change something, outside of the ledger or as its ``send``; as ``GraphQL.mutate``."""
        return await self.graphql.mutate(document, variables, field, shape)

    async def once(
        self,
        operation: str,
        request: Mapping[str, Any],
        shape: type[Data],
        *,
        send: Send[Data],
        find: Find[Data] | None = None,
        part: str = "",
        keyed: bool = False,
    ) -> Data | None:
        """Change something once for the step, by the ledger of effects, and give what came of it.

        ``keyed`` says that sending the same again is harmless: the mutation takes ``send``'s key, or sets what is to be
        rather than what changes. None only where a person settled it and did not say with what.

        Raises:
            OutcomeUnknown: whether it happened is not known, and can't be found out.
            Deferred: an earlier call may still take effect.
            StepError: what ``send`` or ``find`` raised.
        """
        return await effects.once_as(
            self.context,
            self.connection,
            shape,
            operation=operation,
            request=request,
            send=send,
            find=find,
            part=part,
            keyed=keyed,
            settles_within=SETTLES_WITHIN,
            timeout=_TIMEOUT,
        )


async def shopify(context: ActionContext) -> Shop:
    """Give the shop of the step's connection.

    Source: https://shopify.dev/docs/api/admin-graphql ("Authentication", "Endpoints and queries").

    Raises:
        PermanentError: there is no such connection.
    """
    connection = await find_connection(context, SHOPIFY)
    return Shop(context=context, connection=connection, graphql=shopify_upstream(connection, Call.of(context)))


def shopify_upstream(connection: Connection[ShopifyConfig, TokenSecret], call: Call) -> GraphQL:
    """Give the GraphQL Admin API of this connection."""
    return GraphQL(
        upstream=TokenUpstream(
            name=connection.label,
            base_url=connection.config.base_url,
            headers=_headers(connection.secret.access_token),
            headers_of=_headers,
            renewal=connection.renewal,
            egress=connection.egress,
            guard=connection.guard,
        ),
        path=f"/admin/api/{connection.config.api_version}/graphql.json",
        call=call,
    )


def _headers(token: SecretStr) -> dict[str, SecretStr]:
    return {"X-Shopify-Access-Token": token}
