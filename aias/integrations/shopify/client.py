"""The Shopify Admin API of one connection."""

from __future__ import annotations

from pydantic import SecretStr

from aias.integrations.client import Call
from aias.integrations.connections import Connection, find_connection
from aias.integrations.graphql import GraphQL
from aias.integrations.kinds import SHOPIFY, ShopifyConfig, TokenSecret
from aias.integrations.refreshing import TokenUpstream
from aias.plugins import ActionContext

__all__ = ["shopify", "shopify_upstream"]


async def shopify(context: ActionContext) -> GraphQL:
    """Give the GraphQL Admin API of the step's connection.

    Source: https://shopify.dev/docs/api/admin-graphql ("Authentication", "Endpoints and queries").

    Raises:
        PermanentError: there is no such connection.
    """
    connection = await find_connection(context, SHOPIFY)
    return shopify_upstream(connection, Call.of(context))


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
