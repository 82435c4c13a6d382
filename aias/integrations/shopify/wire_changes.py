"""The shapes of Shopify's answers to ``mutations``: only what is asked for, checked when an answer is read."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from aias.integrations.shopify.wire import PageInfo, Wire, WireCustomer, WireProduct

__all__ = [
    "AdjustPayload",
    "Adjustment",
    "BulkData",
    "BulkListData",
    "BulkRunPayload",
    "CancelPayload",
    "CustomerSetPayload",
    "Draft",
    "DraftPayload",
    "DraftsData",
    "FulfillableData",
    "FulfillableLine",
    "FulfillableLinesData",
    "FulfillmentPayload",
    "FulfillmentsData",
    "Job",
    "ListedBulk",
    "ProductSetPayload",
    "RefundPayload",
    "RefundPlan",
    "RefundPlanData",
    "RefundsData",
    "Started",
    "State",
    "StateData",
    "Webhook",
    "WebhookPayload",
    "WebhooksData",
    "WireBulk",
    "WireFulfillment",
    "WireRefunded",
]


class _Id(Wire):
    id: str


class _Amount(Wire):
    amount: Decimal
    currency_code: str | None = None


class _Bag(Wire):
    money: _Amount


# --- cancelling ---


class Job(Wire):
    """A job of Shopify's; without an id where there was nothing left to do."""

    id: str | None = None
    done: bool = False


class CancelPayload(Wire):
    """The payload of ``ORDER_CANCEL``."""

    job: Job | None = None


class State(Wire):
    """An order as far as a cancellation changes it."""

    id: str
    cancelled_at: str | None = None
    display_financial_status: str | None = None


class StateData(Wire):
    """The answer to ``ORDER_STATE``, with the job where that was asked for."""

    order: State | None = None
    job: Job | None = None


# --- fulfilment ---


class _Assigned(Wire):
    location: _Id | None = None


class _FulfillmentOrder(Wire):
    id: str
    status: str
    assigned_location: _Assigned


class _FulfillmentOrders(Wire):
    nodes: list[_FulfillmentOrder]


class _Fulfillable(Wire):
    fulfillments: list[_Id]
    fulfillment_orders: _FulfillmentOrders


class FulfillableData(Wire):
    """The answer to ``FULFILLABLE``."""

    order: _Fulfillable | None = None


class FulfillableLine(Wire):
    """A line of a fulfilment order."""

    id: str
    remaining_quantity: int
    line_item: _Id


class _FulfillableLines(Wire):
    nodes: list[FulfillableLine]
    page_info: PageInfo


class _OneFulfillable(Wire):
    line_items: _FulfillableLines


class FulfillableLinesData(Wire):
    """The answer to ``FULFILLABLE_LINES``."""

    fulfillment_order: _OneFulfillable | None = None


class _Tracking(Wire):
    company: str | None = None
    number: str | None = None
    url: str | None = None


class _FulfilledLine(Wire):
    quantity: int | None = None
    line_item: _Id


class _FulfilledLines(Wire):
    nodes: list[_FulfilledLine] = Field(default_factory=list[_FulfilledLine])


class WireFulfillment(Wire):
    """A parcel."""

    id: str
    name: str
    status: str
    created_at: str
    total_quantity: int
    location: _Id | None = None
    tracking_info: list[_Tracking] = Field(default_factory=list[_Tracking])
    fulfillment_line_items: _FulfilledLines = Field(default_factory=_FulfilledLines)


class FulfillmentPayload(Wire):
    """The payload of ``FULFILLMENT_CREATE``."""

    fulfillment: WireFulfillment


class _Fulfillments(Wire):
    fulfillments: list[WireFulfillment]


class FulfillmentsData(Wire):
    """The answer to ``FULFILLMENTS``."""

    order: _Fulfillments | None = None


# --- refunds ---


class _SuggestedTransaction(Wire):
    gateway: str | None = None
    amount_set: _Bag
    parent_transaction: _Id | None = None


class _SuggestedLine(Wire):
    quantity: int
    line_item: _Id


class _SuggestedShipping(Wire):
    amount_set: _Bag


class RefundPlan(Wire):
    """What Shopify suggests to pay back."""

    amount_set: _Bag
    shipping: _SuggestedShipping
    refund_line_items: list[_SuggestedLine]
    suggested_transactions: list[_SuggestedTransaction]


class _Refundable(Wire):
    presentment_currency_code: str
    suggested_refund: RefundPlan | None = None


class RefundPlanData(Wire):
    """The answer to ``REFUND_PLAN``."""

    order: _Refundable | None = None


class WireRefunded(Wire):
    """A refund that was made."""

    id: str
    created_at: str | None = None
    note: str | None = None
    total_refunded_set: _Bag


class RefundPayload(Wire):
    """The payload of ``REFUND_CREATE``."""

    refund: WireRefunded


class _Refunds(Wire):
    refunds: list[WireRefunded]


class RefundsData(Wire):
    """The answer to ``REFUNDS``."""

    order: _Refunds | None = None


# --- products, stock, customers, draft orders ---


class ProductSetPayload(Wire):
    """The payload of ``PRODUCT_SET``."""

    product: WireProduct


class _Change(Wire):
    name: str
    delta: int
    quantity_after_change: int | None = None
    item: _Id | None = None
    location: _Id | None = None


class Adjustment(Wire):
    """What one call changed in the stock."""

    id: str
    created_at: str
    reason: str
    reference_document_uri: str | None = None
    changes: list[_Change]


class AdjustPayload(Wire):
    """The payload of ``INVENTORY_ADJUST``."""

    inventory_adjustment_group: Adjustment


class CustomerSetPayload(Wire):
    """The payload of ``CUSTOMER_SET``."""

    customer: WireCustomer


class Draft(Wire):
    """A draft order."""

    id: str
    legacy_resource_id: str
    name: str
    status: str
    tags: list[str]
    invoice_url: str | None = None
    currency_code: str
    created_at: str
    total_price_set: _Bag


class DraftPayload(Wire):
    """The payload of ``DRAFT_CREATE``."""

    draft_order: Draft


class _Drafts(Wire):
    nodes: list[Draft]


class DraftsData(Wire):
    """The answer to ``DRAFTS``."""

    tagged: _Drafts
    latest: _Drafts


# --- webhooks and bulk operations ---


class Webhook(Wire):
    """A webhook subscription."""

    id: str
    topic: str
    uri: str
    format: str
    filter: str | None = None
    include_fields: list[str]


class WebhookPayload(Wire):
    """The payload of ``WEBHOOK_CREATE`` and ``WEBHOOK_UPDATE``."""

    webhook_subscription: Webhook


class _Webhooks(Wire):
    nodes: list[Webhook]


class WebhooksData(Wire):
    """The answer to ``WEBHOOKS``."""

    webhook_subscriptions: _Webhooks


class Started(Wire):
    """The bulk operation that was started."""

    id: str


class BulkRunPayload(Wire):
    """The payload of ``BULK_RUN``."""

    bulk_operation: Started


class WireBulk(Wire):
    """A bulk operation as it stands."""

    id: str
    status: str
    error_code: str | None = None
    created_at: str
    completed_at: str | None = None
    object_count: int
    root_object_count: int
    file_size: int | None = None
    url: str | None = Field(default=None, repr=False)
    partial_data_url: str | None = Field(default=None, repr=False)


class BulkData(Wire):
    """The answer to ``BULK_OPERATION``."""

    bulk_operation: WireBulk | None = None


class ListedBulk(Wire):
    """A bulk operation in the list of them."""

    id: str
    query: str
    created_at: str


class _BulkList(Wire):
    nodes: list[ListedBulk]
    page_info: PageInfo


class BulkListData(Wire):
    """The answer to ``BULK_OPERATIONS``."""

    bulk_operations: _BulkList
