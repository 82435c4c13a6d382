"""What the local Shopify shop holds: its orders, customers, products and stock, and what callers changed about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from aias.simulators.order import Customer, Product
from aias.simulators.orders import make_orders
from aias.simulators.people import CATALOGUE, GIFT
from aias.simulators.shopify_balance import payouts_of
from aias.simulators.shopify_left import make_checkouts
from aias.simulators.shopify_records import (
    AdjustmentGroup,
    BulkOperation,
    Checkout,
    CustomerRecord,
    DraftOrder,
    Fulfillment,
    FulfillmentOrder,
    InventoryItem,
    Location,
    OrderRecord,
    Payout,
    ProductOption,
    ProductRecord,
    VariantRecord,
    WebhookSubscription,
)

__all__ = ["CustomerRecord", "Listener", "OrderRecord", "Shop", "split_tags", "stocked"]

TAG_LIMIT = 250
TAG_LENGTH = 40
_FIRST_NUMBER = 9_000_000_001
_STOCK = 1000
_MARKETING = ("NOT_SUBSCRIBED", "SUBSCRIBED", "UNSUBSCRIBED", "SUBSCRIBED")
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

Listener = Callable[[str, Any], None]
"""Told the topic (``ORDERS_UPDATED``) and the record of every change, as a webhook would be."""


@dataclass(slots=True, kw_only=True)
class _Job:
    due: float
    about: str
    work: Callable[[], None]
    done: bool = False


class Shop:
    """The shop: everything by its number, a count of its changes in ``changed``, and ``listeners`` to hear of them."""

    def __init__(self, *, orders: int, seed: int, changed: Callable[[], None], clock: Callable[[], float]) -> None:
        self._source = make_orders(orders, seed)
        self._changed = changed
        self.clock = clock
        self._numbers: Iterator[int] = count(_FIRST_NUMBER)
        self.listeners: list[Listener] = []
        self.orders: dict[int, OrderRecord] = {}
        self.customers: dict[int, CustomerRecord] = {}
        self.products: dict[int, ProductRecord] = {}
        self.variants: dict[int, VariantRecord] = {}
        self.items: dict[int, InventoryItem] = {}
        self.locations: dict[int, Location] = {}
        self.adjustments: dict[int, AdjustmentGroup] = {}
        self.fulfillments: dict[int, Fulfillment] = {}
        self.drafts: dict[int, DraftOrder] = {}
        self.checkouts: dict[int, Checkout] = {}
        self.payout_slips: dict[int, Decimal] = {}
        self.webhooks: dict[int, WebhookSubscription] = {}
        self.bulk_operations: dict[int, BulkOperation] = {}
        self.job_seconds = 0.0
        self._jobs: dict[str, _Job] = {}
        self.reset()

    def now(self) -> datetime:
        """The shop's time, whole seconds."""
        return datetime.fromtimestamp(int(self.clock()), UTC)

    def number(self) -> int:
        """The id of the next thing that is made."""
        return next(self._numbers)

    def reset(self) -> None:
        """Everything as it was at the start."""
        self._numbers = count(_FIRST_NUMBER)
        self._jobs.clear()
        for kept in (self.orders, self.customers, self.products, self.variants, self.items, self.locations):
            kept.clear()
        for kept in (self.checkouts, self.payout_slips):
            kept.clear()
        for made in (self.adjustments, self.fulfillments, self.drafts, self.webhooks, self.bulk_operations):
            made.clear()
        for order in self._source:
            customer = None
            if order.customer is not None:
                made_customer = _customer(order.customer)
                customer = self.customers.setdefault(order.customer.id, made_customer)
            record = OrderRecord(
                order=order,
                customer=customer,
                tags=list(order.tags),
                note=order.note,
                email=order.email,
                phone=order.phone,
                updated_at=order.cancelled_at or order.created_at,
                cancel_reason="CUSTOMER" if order.cancelled_at else None,
            )
            self.orders[order.id] = record
            if customer is not None:
                customer.orders.append(record)
        for number, name in ((6_000_000_001, "Main warehouse"), (6_000_000_002, "Shop floor")):
            self.locations[number] = Location(id=number, name=name, created_at=_LONG_AGO)
        for product in (*CATALOGUE, GIFT):
            self._stock(product)
        for left in make_checkouts(list(self.customers.values()), self.variants, self.now()):
            self.checkouts[left.id] = left

    def _stock(self, source: Product) -> None:
        name = "Size" if source.variant_title else "Title"
        value = source.variant_title or "Default Title"
        product = ProductRecord(
            id=source.id,
            title=source.title,
            handle=f"test-product-{source.id % 1000}",
            description_html="<p>A product that exists for tests.</p>",
            vendor=source.vendor,
            product_type=source.product_type,
            status="ACTIVE",
            tags=["fixture"],
            created_at=_LONG_AGO,
            updated_at=_LONG_AGO,
        )
        product.options.append(ProductOption(id=source.id + 200_000_000, name=name, position=1, values=(value,)))
        variant = VariantRecord(
            id=source.variant_id,
            product=product,
            options={name: value},
            sku=source.sku,
            price=source.price,
            requires_shipping=source.requires_shipping,
            created_at=_LONG_AGO,
            updated_at=_LONG_AGO,
        )
        self.add_variant(variant, number=source.variant_id + 300_000_000)
        main, floor = self.locations
        variant.item.quantities = {main: stocked(_STOCK), floor: stocked(0)}
        self.products[product.id] = product

    def add_variant(self, variant: VariantRecord, *, number: int | None = None) -> None:
        """Put a variant into its product, with an inventory item (of this number) that is stocked nowhere yet."""
        item = InventoryItem(id=number or self.number(), variant=variant, quantities={}, updated_at=variant.updated_at)
        variant.item = item
        variant.product.variants.append(variant)
        self.variants[variant.id] = variant
        self.items[item.id] = item

    def remove_variant(self, variant: VariantRecord) -> None:
        """Take a variant out of its product, and out of stock."""
        variant.product.variants.remove(variant)
        del self.variants[variant.id], self.items[variant.item.id]

    def find(self, kind: str, number: int) -> Any:
        """The thing with this kind and number; None where there is none."""
        if kind == "FulfillmentOrder":
            record = self.orders.get(number - 1_000_000_000)
            return None if record is None else FulfillmentOrder(record=record)
        if kind == "ShopifyPaymentsPayout":
            return next((payout for payout in self.payouts() if payout.id == number), None)
        kinds: dict[str, dict[int, Any]] = {
            "Order": self.orders,
            "Customer": self.customers,
            "Product": self.products,
            "ProductVariant": self.variants,
            "InventoryItem": self.items,
            "Location": self.locations,
            "InventoryAdjustmentGroup": self.adjustments,
            "Fulfillment": self.fulfillments,
            "DraftOrder": self.drafts,
            "AbandonedCheckout": self.checkouts,
            "WebhookSubscription": self.webhooks,
            "BulkOperation": self.bulk_operations,
        }
        return kinds.get(kind, {}).get(number)

    def payouts(self) -> list[Payout]:
        """What Shopify Payments has paid out or is about to, the oldest first."""
        return payouts_of(self.orders.values(), self.payout_slips)

    def later(self, work: Callable[[], None], *, about: str) -> str:
        """Have this done in a job, ``job_seconds`` from now; the job's name."""
        name = str(UUID(int=self.number()))
        self._jobs[name] = _Job(due=self.clock() + self.job_seconds, about=about, work=work)
        self.settle()
        return name

    def settle(self) -> None:
        """Do the jobs that are due."""
        for job in self._jobs.values():
            if not job.done and job.due <= self.clock():
                job.done = True
                job.work()

    def is_done(self, job: str) -> bool | None:
        """Whether the job was done; None where there is no such job."""
        return self._jobs[job].done if job in self._jobs else None

    def is_pending(self, about: str) -> bool:
        """Whether a job about this thing has not been done yet."""
        return any(job.about == about and not job.done for job in self._jobs.values())

    def changed(self, topic: str, record: Any) -> None:
        """Note a change, and tell the listeners."""
        self._changed()
        for listener in self.listeners:
            listener(topic, record)

    def touch(self, record: OrderRecord | CustomerRecord | ProductRecord) -> None:
        """Note that this was changed, now."""
        record.updated_at = self.now()
        topics = {OrderRecord: "ORDERS_UPDATED", CustomerRecord: "CUSTOMERS_UPDATE", ProductRecord: "PRODUCTS_UPDATE"}
        self.changed(topics[type(record)], record)

    def add_tags(self, record: OrderRecord | CustomerRecord, tags: Sequence[str]) -> list[str]:
        """Add the tags that are not there yet, whatever their case; the problems when that can't be done."""
        wanted = split_tags(tags)
        if any(len(tag) > TAG_LENGTH for tag in wanted):
            return [f"Tag exceeds the maximum length of {TAG_LENGTH} characters"]
        there = list(record.tags)
        known = {tag.casefold() for tag in there}
        new = [tag for tag in dict.fromkeys(wanted) if tag.casefold() not in known]
        if len(there) + len(new) > TAG_LIMIT:
            return [f"The maximum number of tags ({TAG_LIMIT}) is exceeded"]
        if new:
            self._set_tags(record, [*there, *new])
        return []

    def remove_tags(self, record: OrderRecord | CustomerRecord, tags: Sequence[str]) -> None:
        """Remove those of the tags that are there."""
        unwanted = {tag.casefold() for tag in split_tags(tags)}
        kept = [tag for tag in record.tags if tag.casefold() not in unwanted]
        if len(kept) < len(record.tags):
            self._set_tags(record, kept)

    def _set_tags(self, record: OrderRecord | CustomerRecord, tags: list[str]) -> None:
        ordered = sorted(tags, key=str.casefold)
        if isinstance(record, OrderRecord):
            record.tags = ordered
        else:
            record.customer = replace(record.customer, tags=tuple(ordered))
        self.touch(record)


def _customer(source: Customer) -> CustomerRecord:
    state = _MARKETING[source.id % len(_MARKETING)]
    return CustomerRecord(customer=source, marketing_state=state, updated_at=source.created_at)


def stocked(pieces: int) -> dict[str, int]:
    """The quantities of an item at a location that has so many pieces."""
    return {"available": pieces, "committed": 0, "incoming": 0, "on_hand": pieces, "reserved": 0}


def split_tags(tags: Iterable[str]) -> list[str]:
    """Tags one by one: Shopify takes a comma inside a tag for a separator."""
    return [part.strip() for tag in tags for part in tag.split(",") if part.strip()]
