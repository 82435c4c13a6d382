"""The things of a local Shopify shop that change: each as it is now, with the id that GraphQL knows it by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from aias.simulators.money import MoneyBag
from aias.simulators.order import Customer, LineItem, Order

__all__ = [
    "AdjustmentGroup",
    "BalanceTransaction",
    "BulkOperation",
    "Checkout",
    "CustomerRecord",
    "DraftLine",
    "DraftOrder",
    "Fulfillment",
    "FulfillmentLine",
    "FulfillmentOrder",
    "InventoryItem",
    "InventoryLevel",
    "Location",
    "OrderRecord",
    "Payout",
    "ProductOption",
    "ProductRecord",
    "VariantRecord",
    "WebhookSubscription",
]


@dataclass(slots=True, kw_only=True)
class OrderRecord:
    """An order with everything about it that can change; what happened to it since is in ``order`` itself."""

    order: Order
    customer: CustomerRecord | None
    tags: list[str]
    note: str | None
    email: str | None
    phone: str | None
    updated_at: datetime
    po_number: str | None = None
    custom_attributes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    closed_at: datetime | None = None
    cancel_reason: str | None = None
    staff_note: str | None = None
    fulfillments: list[Fulfillment] = field(default_factory=list["Fulfillment"])

    def __getattr__(self, name: str) -> Any:
        # What can't change is the order's own.
        return getattr(self.order, name)

    @property
    def gid(self) -> str:
        """The id in GraphQL."""
        return self.order.gid

    def fulfilled(self, line: LineItem) -> int:
        """How many pieces of the line were fulfilled."""
        return sum(done.quantity for one in self.fulfillments for done in one.lines if done.line is line)

    def unfulfilled(self, line: LineItem) -> int:
        """How many pieces of the line are still to be fulfilled: neither sent nor given back; none once cancelled."""
        if self.order.cancelled_at is not None:
            return 0
        return max(0, line.quantity - self.order.refunded_quantity(line) - self.fulfilled(line))

    @property
    def fulfillment_status(self) -> str:
        """FULFILLED, PARTIALLY_FULFILLED or UNFULFILLED."""
        if not self.fulfillments:
            return "UNFULFILLED"
        return "PARTIALLY_FULFILLED" if any(self.unfulfilled(line) for line in self.order.lines) else "FULFILLED"


@dataclass(slots=True, kw_only=True)
class CustomerRecord:
    """A customer as it is now, with the orders it has."""

    customer: Customer
    note: str | None = None
    marketing_state: str = "NOT_SUBSCRIBED"
    """Whether the customer agreed to hear from the shop by mail: SUBSCRIBED."""
    updated_at: datetime
    orders: list[OrderRecord] = field(default_factory=list[OrderRecord])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.customer, name)

    @property
    def gid(self) -> str:
        """The id in GraphQL."""
        return f"gid://shopify/Customer/{self.customer.id}"


# --- fulfilment ---


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfillmentOrder:
    """What of an order one location is to send: here always the whole order, so that it follows from the order."""

    record: OrderRecord

    @property
    def id(self) -> int:
        """Its number, a thousand million after the order's."""
        return self.record.order.id + 1_000_000_000

    @property
    def status(self) -> str:
        """OPEN, IN_PROGRESS, CLOSED or CANCELLED."""
        if self.record.order.cancelled_at is not None:
            return "CANCELLED"
        if not any(self.record.unfulfilled(line) for line in self.record.order.lines):
            return "CLOSED"
        return "IN_PROGRESS" if self.record.fulfillments else "OPEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfillmentLine:
    """So many pieces of a line, sent."""

    id: int
    line: LineItem
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfillment:
    """A parcel."""

    id: int
    name: str
    record: OrderRecord
    lines: tuple[FulfillmentLine, ...]
    tracking: tuple[dict[str, str | None], ...]
    notified: bool
    created_at: datetime


# --- products and stock ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place that keeps stock."""

    id: int
    name: str
    created_at: datetime


@dataclass(slots=True, kw_only=True)
class InventoryItem:
    """What is kept in stock for a variant: quantities by location and name (``available``, ``on_hand``)."""

    id: int
    variant: VariantRecord
    quantities: dict[int, dict[str, int]]
    tracked: bool = True
    updated_at: datetime

    @property
    def available(self) -> int:
        """The pieces that can be sold, everywhere."""
        return sum(here["available"] for here in self.quantities.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryLevel:
    """An item at a location."""

    item: InventoryItem
    location: Location

    @property
    def id(self) -> int:
        """A number of the pair."""
        return self.item.id * 10 + self.location.id % 10


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentGroup:
    """What one call changed in the stock."""

    id: int
    created_at: datetime
    reason: str
    reference: str | None
    changes: tuple[dict[str, Any], ...]


@dataclass(slots=True, kw_only=True)
class VariantRecord:
    """A variant of a product. ``price`` is in the shop's currency."""

    id: int
    product: ProductRecord
    options: dict[str, str]
    sku: str | None
    price: Decimal
    compare_at_price: Decimal | None = None
    barcode: str | None = None
    taxable: bool = True
    requires_shipping: bool = True
    item: InventoryItem = field(init=False)
    created_at: datetime
    updated_at: datetime

    @property
    def title(self) -> str:
        """The values of its options."""
        return " / ".join(self.options.values()) or "Default Title"


@dataclass(slots=True, kw_only=True)
class ProductRecord:
    """A product as it is now."""

    id: int
    title: str
    handle: str
    description_html: str
    vendor: str
    product_type: str
    status: str
    tags: list[str]
    options: list[ProductOption] = field(default_factory=list["ProductOption"])
    variants: list[VariantRecord] = field(default_factory=list[VariantRecord])
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductOption:
    """What the variants of a product differ in."""

    id: int
    name: str
    position: int
    values: tuple[str, ...]


# --- checkouts and payouts ---


@dataclass(slots=True, kw_only=True)
class Checkout:
    """A checkout that was left; ``completed_at`` is when the buyer came back and paid."""

    id: int
    customer: CustomerRecord | None
    lines: tuple[DraftLine, ...]
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return f"#{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTransaction:
    """Money that came into the balance of Shopify Payments or left it, in the shop's currency."""

    id: int
    type: str
    order: OrderRecord | None
    amount: Decimal
    fee: Decimal
    processed_at: datetime
    payout_id: int

    @property
    def net(self) -> Decimal:
        """What it changes the balance by."""
        return self.amount - self.fee


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """Money on its way to the shop's bank; below zero it is fetched from there."""

    id: int
    issued_at: datetime
    status: str
    transactions: tuple[BalanceTransaction, ...]
    slip: Decimal = Decimal(0)

    @property
    def net(self) -> Decimal:
        """What is paid out."""
        return sum((moved.net for moved in self.transactions), start=self.slip)

    @property
    def direction(self) -> str:
        """DEPOSIT or WITHDRAWAL."""
        return "DEPOSIT" if self.net >= 0 else "WITHDRAWAL"


# --- draft orders, subscriptions, bulk operations ---


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A line of a draft order."""

    id: int
    title: str
    sku: str | None
    quantity: int
    price: MoneyBag
    variant: VariantRecord | None


@dataclass(slots=True, kw_only=True)
class DraftOrder:
    """A draft order."""

    id: int
    number: int
    email: str | None
    note: str | None
    tags: list[str]
    custom_attributes: list[dict[str, Any]]
    customer: CustomerRecord | None
    lines: tuple[DraftLine, ...]
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True, kw_only=True)
class WebhookSubscription:
    """Who is told about a topic."""

    id: int
    topic: str
    uri: str
    format: str
    filter: str | None
    include_fields: list[str]
    metafield_namespaces: list[str]
    name: str | None
    api_version: str
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True, kw_only=True)
class BulkOperation:
    """A query that runs over everything, with its result in lines of JSON."""

    id: int
    query: str
    created_at: datetime
    runs_until: float
    """Seconds since the epoch when it is done."""
    key: str
    """What its download address is protected by."""
    lines: bytes = b""
    objects: int = 0
    roots: int = 0
    error_code: str | None = None
    cancelled: bool = False
