"""Shopify Payments of the local shop: its account, the transactions of its balance, its payouts.

Source: https://shopify.dev/docs/api/admin-graphql/latest/queries/shopifyPaymentsAccount .
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from aias.simulators.graph import Info, Resolver
from aias.simulators.money import rounded
from aias.simulators.people import SHOP_CURRENCY
from aias.simulators.resolving import constant, gid, read
from aias.simulators.shopify_balance import payments_of
from aias.simulators.shopify_context import many
from aias.simulators.shopify_records import BalanceTransaction, Payout
from aias.simulators.shopify_resolvers import amount
from aias.simulators.shopify_store import Shop

__all__ = ["PAYOUT_RESOLVERS"]

_PAYOUT_FIELDS: dict[str, Callable[[Payout], Any]] = {
    "id": lambda p: p.id,
    "issued_at": lambda p: p.issued_at,
    "status": lambda p: p.status,
    "default": lambda p: str(p.id),
}
_TRANSACTION_FIELDS: dict[str, Callable[[BalanceTransaction], Any]] = {
    "id": lambda t: t.id,
    "payments_transfer_id": lambda t: t.payout_id,
    "processed_at": lambda t: t.processed_at,
    "transaction_type": lambda t: t.type,
    "default": lambda t: t.order.name if t.order else None,
}


def _transactions(_account: Any, shop: Shop) -> list[BalanceTransaction]:
    transfers = [
        BalanceTransaction(
            id=payout.id,
            type="TRANSFER",
            order=None,
            amount=-payout.net,
            fee=Decimal(0),
            processed_at=payout.issued_at,
            payout_id=payout.id,
        )
        for payout in shop.payouts()
        if payout.status == "PAID"
    ]
    return [*payments_of(shop.orders.values()), *transfers]


_PAYOUT_PAGE = many(lambda _account, shop: shop.payouts(), _PAYOUT_FIELDS)
_TRANSACTION_PAGE = many(_transactions, _TRANSACTION_FIELDS)
_PAYMENT_PAGE = many(
    lambda account, shop: [one for one in _transactions(account, shop) if one.type != "TRANSFER"], _TRANSACTION_FIELDS
)


def _page_of_payouts(account: Any, info: Info, transactionType: str | None = None, **page: Any) -> Any:
    if transactionType is None:
        return _PAYOUT_PAGE(account, info, **page)
    chosen = many(lambda _account, shop: [p for p in shop.payouts() if p.direction == transactionType], _PAYOUT_FIELDS)
    return chosen(account, info, **page)


def _page_of_transactions(account: Any, info: Info, hideTransfers: bool = False, **page: Any) -> Any:  # noqa: FBT001, FBT002
    return (_PAYMENT_PAGE if hideTransfers else _TRANSACTION_PAGE)(account, info, **page)


def _account(_source: Any, _info: Info) -> dict[str, Any]:
    return {"id": "gid://shopify/ShopifyPaymentsAccount/1", "activated": True, "defaultCurrency": SHOP_CURRENCY}


def _money(value: Decimal) -> dict[str, str]:
    return {"amount": amount(rounded(value, SHOP_CURRENCY)), "currencyCode": SHOP_CURRENCY}


def _sum(name: str, kind: str) -> Resolver:
    def add(payout: Payout) -> dict[str, str]:
        return _money(sum((getattr(t, name) for t in payout.transactions if t.type == kind), start=Decimal(0)))

    return read(add)


def _order(moved: BalanceTransaction) -> dict[str, str] | None:
    return None if moved.order is None else {"id": moved.order.gid, "name": moved.order.order.name}


_NOTHING = (
    "adjustmentsFee", "adjustmentsGross", "advanceFees", "advanceGross", "reservedFundsFee", "reservedFundsGross",
    "retriedPayoutsFee", "retriedPayoutsGross",
)  # fmt: skip

PAYOUT_RESOLVERS: dict[str, Resolver] = {
    "QueryRoot.shopifyPaymentsAccount": _account,
    "ShopifyPaymentsAccount.payouts": _page_of_payouts,
    "ShopifyPaymentsAccount.balanceTransactions": _page_of_transactions,
    "ShopifyPaymentsPayout.id": gid("ShopifyPaymentsPayout"),
    "ShopifyPaymentsPayout.legacyResourceId": read(lambda p: str(p.id)),
    "ShopifyPaymentsPayout.net": read(lambda p: _money(p.net)),
    "ShopifyPaymentsPayout.summary": read(lambda p: p),
    "ShopifyPaymentsPayout.transactionType": read(lambda p: p.direction),
    "ShopifyPaymentsPayoutSummary.chargesGross": _sum("amount", "CHARGE"),
    "ShopifyPaymentsPayoutSummary.chargesFee": _sum("fee", "CHARGE"),
    "ShopifyPaymentsPayoutSummary.refundsFeeGross": _sum("amount", "REFUND"),
    "ShopifyPaymentsPayoutSummary.refundsFee": _sum("fee", "REFUND"),
    **{f"ShopifyPaymentsPayoutSummary.{name}": constant(_money(Decimal(0))) for name in _NOTHING},
    "ShopifyPaymentsBalanceTransaction.id": gid("ShopifyPaymentsBalanceTransaction"),
    "ShopifyPaymentsBalanceTransaction.amount": read(lambda t: _money(t.amount)),
    "ShopifyPaymentsBalanceTransaction.fee": read(lambda t: _money(t.fee)),
    "ShopifyPaymentsBalanceTransaction.net": read(lambda t: _money(t.net)),
    "ShopifyPaymentsBalanceTransaction.sourceType": read(lambda t: t.type),
    "ShopifyPaymentsBalanceTransaction.test": constant(value=True),
    "ShopifyPaymentsBalanceTransaction.transactionDate": read(lambda t: t.processed_at),
    "ShopifyPaymentsBalanceTransaction.associatedOrder": read(_order),
    "ShopifyPaymentsBalanceTransaction.associatedPayout": read(
        lambda t: {"id": f"gid://shopify/ShopifyPaymentsPayout/{t.payout_id}"}
    ),
}
"""The account of Shopify Payments, its transactions and its payouts."""
