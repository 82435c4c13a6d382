"""What the local Shopify shop holds: its orders, and what callers changed about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from aias.simulators.order import Customer, Order, Product
from aias.simulators.orders import make_orders
from aias.simulators.people import CATALOGUE, GIFT

__all__ = ["CustomerRecord", "OrderRecord", "Shop"]

TAG_LIMIT = 250
TAG_LENGTH = 40


@dataclass(slots=True, kw_only=True)
class OrderRecord:
    """An order with everything about it that can change."""

    order: Order
    customer: CustomerRecord | None
    tags: list[str]
    note: str | None
    email: str | None
    phone: str | None
    paid: bool
    updated_at: datetime
    po_number: str | None = None
    custom_attributes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    closed_at: datetime | None = None

    def __getattr__(self, name: str) -> Any:
        # What can't change is the order's own.
        return getattr(self.order, name)

    @property
    def financial_status(self) -> str:
        """The order's status, or PAID once it was marked so."""
        return self.order.financial_status if self.paid == self.order.paid else "PAID"

    @property
    def gid(self) -> str:
        """The id in GraphQL."""
        return self.order.gid


@dataclass(slots=True, kw_only=True)
class CustomerRecord:
    """A customer as it is now, with the orders it has."""

    customer: Customer
    note: str | None = None
    updated_at: datetime
    orders: list[OrderRecord] = field(default_factory=list[OrderRecord])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.customer, name)

    @property
    def gid(self) -> str:
        """The id in GraphQL."""
        return f"gid://shopify/Customer/{self.customer.id}"


class Shop:
    """The shop: orders and customers by id, products, and a count of its changes in ``changed``."""

    def __init__(self, *, orders: int, seed: int, changed: Callable[[], None], clock: Callable[[], float]) -> None:
        self._source = make_orders(orders, seed)
        self._changed = changed
        self._clock = clock
        self.products: dict[int, Product] = {product.id: product for product in (*CATALOGUE, GIFT)}
        self.refunded_quantities: dict[int, int] = {
            line.id: order.refunded_quantity(line) for order in self._source if order.refunds for line in order.lines
        }
        self.orders: dict[int, OrderRecord] = {}
        self.customers: dict[int, CustomerRecord] = {}
        self.reset()

    def now(self) -> datetime:
        """The shop's time, whole seconds."""
        return datetime.fromtimestamp(int(self._clock()), UTC)

    def reset(self) -> None:
        """All orders as they were made."""
        self.orders.clear()
        self.customers.clear()
        for order in self._source:
            customer = None
            if order.customer is not None:
                made = CustomerRecord(customer=order.customer, updated_at=order.customer.created_at)
                customer = self.customers.setdefault(order.customer.id, made)
            record = OrderRecord(
                order=order,
                customer=customer,
                tags=list(order.tags),
                note=order.note,
                email=order.email,
                phone=order.phone,
                paid=order.paid,
                updated_at=order.cancelled_at or order.created_at,
            )
            self.orders[order.id] = record
            if customer is not None:
                customer.orders.append(record)

    def touch(self, record: OrderRecord | CustomerRecord) -> None:
        """Note that this was changed, now."""
        record.updated_at = self.now()
        self._changed()

    def add_tags(self, record: OrderRecord | CustomerRecord, tags: Sequence[str]) -> list[str]:
        """Add the tags that are not there yet, whatever their case; the problems when that can't be done."""
        wanted = _split(tags)
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
        unwanted = {tag.casefold() for tag in _split(tags)}
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


def _split(tags: Iterable[str]) -> list[str]:
    """Tags one by one: Shopify takes a comma inside a tag for a separator."""
    return [part.strip() for tag in tags for part in tag.split(",") if part.strip()]
