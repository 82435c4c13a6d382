"""``shopify.order_cancel``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from aias.errors import Deferred, PermanentError
from aias.integrations.effects import before_sending
from aias.integrations.shopify import mutations, wire_changes
from aias.integrations.shopify.client import Shop, shopify
from aias.integrations.shopify.inputs import Input, OrderId
from aias.plugins import ActionContext, action

__all__ = ["OrderCancelInput", "OrderCancelOutput", "order_cancel"]

_POLL = 3.0
"""Seconds between two looks at an order whose cancellation is under way."""


class OrderCancelInput(Input):
    """Which order, why, and what becomes of its money and its goods."""

    id: OrderId
    reason: Literal["CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "OTHER", "STAFF"] = "OTHER"
    refund: bool = Field(default=False, description="Pay back what was paid, in the way in which it was paid.")
    restock: bool = Field(default=True, description="Put the goods back in stock.")
    notify_customer: bool = False
    staff_note: str | None = Field(default=None, max_length=255, description="Seen by the shop's staff only.")
    wait: bool = Field(default=True, description="Go on only when the order is cancelled: Shopify does it in a job.")


class OrderCancelOutput(BaseModel):
    """The order now; ``cancelled_at`` is null where the job was not waited for."""

    id: str
    cancelled_at: str | None
    financial_status: str | None
    job_id: str | None = Field(description="Shopify's job; null where the order was cancelled already.")


@action("shopify.order_cancel", timeout=60.0, effect="idempotent", integration="shopify", ledger=True)
async def order_cancel(context: ActionContext, data: OrderCancelInput) -> OrderCancelOutput:
    """Cancel an order, once; one that is cancelled already stays as it is.

    Waits, as a suspension, until Shopify's job has cancelled it. What can't be cancelled (a fulfilled order) fails.
    Source: https://shopify.dev/docs/api/admin-graphql/latest/mutations/orderCancel .
    """
    shop = await shopify(context)

    async def is_cancelled() -> bool:
        return (await _state(shop, data.id)).cancelled_at is not None

    async def send(key: str) -> wire_changes.Job:
        del key
        with before_sending():
            if await is_cancelled():
                return wire_changes.Job(done=True)
        variables = {
            "orderId": data.id,
            "reason": data.reason,
            "refundMethod": {"originalPaymentMethodsRefund": data.refund},
            "restock": data.restock,
            "notifyCustomer": data.notify_customer,
            "staffNote": data.staff_note,
        }
        payload = await shop.mutate(mutations.ORDER_CANCEL, variables, "orderCancel", wire_changes.CancelPayload)
        return payload.job or wire_changes.Job(done=True)

    async def find() -> wire_changes.Job | None:
        return wire_changes.Job(done=True) if await is_cancelled() else None

    job = await shop.once("orderCancel", data.asked(), wire_changes.Job, send=send, find=find)
    state = await _settled(shop, data.id, job.id if job else None, wait=data.wait)
    return OrderCancelOutput(
        id=data.id,
        cancelled_at=state.cancelled_at,
        financial_status=state.display_financial_status,
        job_id=job.id if job else None,
    )


async def _state(shop: Shop, order_id: str) -> wire_changes.State:
    found = (await shop.query(mutations.ORDER_STATE, {"id": order_id}, wire_changes.StateData)).order
    if found is None:
        raise PermanentError(f"{shop.name} has no order {order_id}")
    return found


async def _settled(shop: Shop, order_id: str, job_id: str | None, *, wait: bool) -> wire_changes.State:
    """Give the order when its job is done; until then the step is put off."""
    if job_id is None or not wait:
        return await _state(shop, order_id)
    variables = {"id": order_id, "job": job_id}
    answer = await shop.query(mutations.ORDER_STATE_AND_JOB, variables, wire_changes.StateData)
    if answer.order is None:
        raise PermanentError(f"{shop.name} has no order {order_id}")
    if answer.order.cancelled_at is None:
        if answer.job is None or answer.job.done:
            raise PermanentError(f"{shop.name} did not cancel order {order_id}: look at it in the admin")
        raise Deferred(f"{shop.name} is cancelling order {order_id}", kind="effect", seconds=_POLL)
    return answer.order
