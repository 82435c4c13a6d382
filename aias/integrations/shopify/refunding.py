"""``shopify.order_refund``: what Shopify suggests for the lines and the shipping, paid back in the way it was paid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from aias.errors import PermanentError
from aias.integrations.effects import before_sending
from aias.integrations.shopify import mutations, wire_changes
from aias.integrations.shopify.client import Shop, shopify
from aias.integrations.shopify.inputs import Input, LineItemId, LocationId, Money, OrderId
from aias.plugins import ActionContext, action

__all__ = ["OrderRefundInput", "OrderRefundOutput", "RefundLine", "order_refund"]


class RefundLine(Input):
    """So many pieces of a line, and whether they go back in stock."""

    line_item_id: LineItemId
    quantity: int = Field(ge=1, le=1_000_000)
    restock: Literal["no_restock", "return", "cancel"] = "no_restock"
    location_id: LocationId | None = Field(default=None, description="Where they go back; needed to restock.")

    @model_validator(mode="after")
    def _knows_where(self) -> Self:
        if self.restock != "no_restock" and self.location_id is None:
            raise ValueError("location_id is needed to restock")
        return self


class OrderRefundInput(Input):
    """Which order, and what is paid back: all that is left, or lines, shipping or both."""

    id: OrderId
    full: bool = Field(default=False, description="Everything that was not paid back yet.")
    lines: list[RefundLine] = Field(default_factory=list[RefundLine], max_length=250)
    shipping: Money | Literal["all"] | None = Field(
        default=None, description="In the buyer's currency, or all of it; with `full` it is in it anyway."
    )
    note: str | None = Field(default=None, max_length=2000)
    notify_customer: bool = False

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        if self.full == bool(self.lines or self.shipping is not None):
            raise ValueError("give either full, or lines, shipping or both")
        return self


class OrderRefundOutput(BaseModel):
    """The refund; ``amount`` is what the buyer gets, in the currency in which the order was paid."""

    order_id: str
    id: str | None = Field(description="Null where a person settled the call without naming it.")
    amount: Decimal | None
    currency: str | None
    created_at: str | None


@action("shopify.order_refund", timeout=90.0, effect="idempotent", integration="shopify", ledger=True)
async def order_refund(context: ActionContext, data: OrderRefundInput) -> OrderRefundOutput:
    """Refund an order, or lines and shipping of it, once: as much as Shopify computes, in the way it was paid.

    Our reference stands in the refund's note, which the shop's staff sees.
    Source: https://shopify.dev/docs/api/admin-graphql/latest/mutations/refundCreate .
    """
    shop = await shopify(context)
    reference = shop.reference()

    async def send(key: str) -> wire_changes.WireRefunded:
        with before_sending():
            given = await _input(shop, data, reference)
        document = mutations.REFUND_CREATE if shop.takes_keys else mutations.unkeyed(mutations.REFUND_CREATE)
        variables = {"input": given, **({"key": key} if shop.takes_keys else {})}
        return (await shop.mutate(document, variables, "refundCreate", wire_changes.RefundPayload)).refund

    async def find() -> wire_changes.WireRefunded | None:
        answer = await shop.query(mutations.REFUNDS, {"id": data.id}, wire_changes.RefundsData)
        made = answer.order.refunds if answer.order else []
        return next((one for one in made if reference in (one.note or "")), None)

    refund = await shop.once(
        "refundCreate", data.asked(), wire_changes.WireRefunded, send=send, find=find, keyed=shop.takes_keys
    )
    money = refund.total_refunded_set.money if refund else None
    return OrderRefundOutput(
        order_id=data.id,
        id=refund.id if refund else None,
        amount=money.amount if money else None,
        currency=money.currency_code if money else None,
        created_at=refund.created_at if refund else None,
    )


async def _input(shop: Shop, data: OrderRefundInput, reference: str) -> dict[str, Any]:
    """Ask what Shopify would pay back, and make the refund's input of it."""
    lines = [_line(line) for line in data.lines]
    asked = {
        "id": data.id,
        "lines": lines,
        "full": data.full,
        "allShipping": data.shipping == "all",
        "shipping": str(data.shipping) if isinstance(data.shipping, Decimal) else None,
    }
    order = (await shop.query(mutations.REFUND_PLAN, asked, wire_changes.RefundPlanData)).order
    if order is None or order.suggested_refund is None:
        raise PermanentError(f"{shop.name} has no order {data.id}")
    plan = order.suggested_refund
    if data.full:
        lines = [
            {"lineItemId": one.line_item.id, "quantity": one.quantity, "restockType": "NO_RESTOCK"}
            for one in plan.refund_line_items
        ]
    shipping = plan.shipping.amount_set.money.amount
    if not plan.amount_set.money.amount and not lines:
        raise PermanentError(f"{shop.name}: there is nothing left to refund of order {data.id}")
    return {
        "orderId": data.id,
        "currency": order.presentment_currency_code,
        "note": "\n".join(part for part in (data.note, reference) if part),
        "notify": data.notify_customer,
        "refundLineItems": lines,
        **({"shipping": {"amount": str(shipping)}} if shipping else {}),
        "transactions": [
            {
                "orderId": data.id,
                "kind": "REFUND",
                "gateway": one.gateway or "",
                "amount": str(one.amount_set.money.amount),
                "parentId": one.parent_transaction.id if one.parent_transaction else None,
            }
            for one in plan.suggested_transactions
        ],
    }


def _line(line: RefundLine) -> dict[str, Any]:
    given: dict[str, Any] = {
        "lineItemId": line.line_item_id,
        "quantity": line.quantity,
        "restockType": line.restock.upper(),
    }
    return {**given, "locationId": line.location_id} if line.location_id else given
