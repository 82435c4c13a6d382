"""What a token of the local Wave may do: ``resource:operation``, or ``resource:*`` for every operation.

Writing does not imply reading. With which error Wave answers where a scope is missing is not documented; here it is
FORBIDDEN, at the field that needs it.

Source: https://developer.waveapps.com/hc/en-us/articles/360032818132-OAuth-Scopes .
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError

from aias.simulators.graph import Info, Resolver

__all__ = ["NEEDED", "guarded"]

NEEDED: dict[str, str] = {
    "Query.user": "user:read",
    "Query.businesses": "business:read",
    "Query.business": "business:read",
    "Business.account": "account:read",
    "Business.accounts": "account:read",
    "Business.customer": "customer:read",
    "Business.customers": "customer:read",
    "Business.product": "product:read",
    "Business.products": "product:read",
    "Business.salesTax": "sales_tax:read",
    "Business.salesTaxes": "sales_tax:read",
    "Business.invoice": "invoice:read",
    "Business.invoices": "invoice:read",
    "Mutation.customerCreate": "customer:write",
    "Mutation.customerPatch": "customer:write",
    "Mutation.customerDelete": "customer:write",
    "Mutation.productCreate": "product:write",
    "Mutation.productPatch": "product:write",
    "Mutation.salesTaxCreate": "sales_tax:write",
    "Mutation.invoiceCreate": "invoice:write",
    "Mutation.invoiceApprove": "invoice:write",
    "Mutation.invoiceMarkSent": "invoice:write",
    "Mutation.invoiceDelete": "invoice:write",
    "Mutation.invoiceSend": "invoice:send",
    "Mutation.moneyTransactionCreate": "transaction:write",
}
"""The scope that each field needs."""


def _covers(scopes: frozenset[str], needed: str) -> bool:
    resource, _, _ = needed.partition(":")
    return needed in scopes or f"{resource}:*" in scopes


def guarded(resolvers: Mapping[str, Resolver]) -> dict[str, Resolver]:
    """The resolvers, each behind the scope that its field needs; the request's context holds the token's scopes."""
    return {field: _behind(NEEDED[field], read) if field in NEEDED else read for field, read in resolvers.items()}


def _behind(needed: str, resolver: Resolver) -> Resolver:
    def resolve(source: Any, info: Info, **arguments: Any) -> Any:
        scopes: frozenset[str] | None = info.context.scopes
        if scopes is not None and not _covers(scopes, needed):
            raise GraphQLError(f"The token lacks the scope {needed}.", extensions={"code": "FORBIDDEN"})
        return resolver(source, info, **arguments)

    return resolve
