"""From Shopify's answers to our models. Pure."""

from __future__ import annotations

from decimal import Decimal

from aias.integrations.shopify import wire
from aias.integrations.shopify.documents import Money
from aias.integrations.shopify.models import (
    Address,
    Buyer,
    Customer,
    Discount,
    Line,
    Order,
    OrderSummary,
    Product,
    Refund,
    ShippingLine,
    Tax,
    Variant,
)

__all__ = ["read_customer", "read_order", "read_product", "read_summary"]


def read_order(found: wire.WireOrder, items: list[wire.LineItem], money: Money) -> Order:
    """Give the order with all its lines."""
    titles = {one.index: one.code or one.title or "Discount" for one in found.discount_applications.nodes}
    currency = found.currency_code if money == "shop" else found.presentment_currency_code
    return Order(
        id=found.id,
        legacy_id=found.legacy_resource_id,
        name=found.name,
        currency=currency,
        shop_currency=found.currency_code,
        taxes_included=found.taxes_included,
        created_at=found.created_at,
        processed_at=found.processed_at,
        cancelled_at=found.cancelled_at,
        financial_status=found.display_financial_status,
        fulfillment_status=found.display_fulfillment_status,
        email=found.email or None,
        note=found.note,
        tags=found.tags,
        discount_codes=found.discount_codes,
        lines=[_line(item, titles) for item in items],
        shipping_lines=[_shipping(line, titles) for line in found.shipping_lines.nodes],
        subtotal=_amount(found.subtotal_price_set),
        total_discounts=_amount(found.total_discounts_set),
        total_shipping=_amount(found.total_shipping_price_set),
        total_tax=_amount(found.total_tax_set),
        tip=_amount(found.total_tip_received_set),
        total=_amount(found.total_price_set),
        refunded=_amount(found.total_refunded_set),
        shop_total=found.total_price_set.shop_money.amount,
        refunds=[
            Refund(id=one.id, created_at=one.created_at, amount=_amount(one.total_refunded_set), note=one.note)
            for one in found.refunds
        ],
        payment_url=found.payment_collection_details.url if found.payment_collection_details else None,
        customer_id=found.customer.id if found.customer else None,
        buyer=_buyer(found),
        billing_address=_address(found.billing_address),
        shipping_address=_address(found.shipping_address),
    )


def read_summary(found: wire.WireOrderSummary, money: Money) -> OrderSummary:
    """Give an order of a list."""
    return OrderSummary(
        id=found.id,
        legacy_id=found.legacy_resource_id,
        name=found.name,
        created_at=found.created_at,
        currency=found.currency_code if money == "shop" else found.presentment_currency_code,
        total=_amount(found.total_price_set),
        financial_status=found.display_financial_status,
        email=found.email,
        tags=found.tags,
    )


def read_product(found: wire.WireProduct) -> Product:
    """Give the product."""
    return Product(
        id=found.id,
        title=found.title,
        handle=found.handle,
        vendor=found.vendor,
        product_type=found.product_type,
        status=found.status,
        tags=found.tags,
        variants=[
            Variant(
                id=one.id,
                title=one.title,
                sku=one.sku,
                price=one.price,
                inventory_quantity=one.inventory_quantity,
                inventory_item_id=one.inventory_item.id,
            )
            for one in found.variants.nodes
        ],
    )


def read_customer(found: wire.WireCustomer) -> Customer:
    """Give the customer."""
    return Customer(
        id=found.id,
        name=found.display_name,
        first_name=found.first_name,
        last_name=found.last_name,
        email=found.email.email_address if found.email else None,
        phone=found.phone.phone_number if found.phone else None,
        tags=found.tags,
        order_count=found.number_of_orders,
        amount_spent=found.amount_spent.amount,
        currency=found.amount_spent.currency_code,
        address=_address(found.default_address),
    )


def _amount(bag: wire.Bag | None) -> Decimal:
    return bag.money.amount if bag is not None else Decimal(0)


def _line(item: wire.LineItem, titles: dict[int, str]) -> Line:
    unit_price = _amount(item.original_unit_price_set)
    return Line(
        id=item.id,
        title=item.name,
        sku=item.sku or None,
        quantity=item.quantity,
        unit_price=unit_price,
        total=unit_price * item.quantity,
        discounts=_discounts(item.discount_allocations, titles),
        taxes=_taxes(item.tax_lines),
    )


def _shipping(line: wire.Shipping, titles: dict[int, str]) -> ShippingLine:
    return ShippingLine(
        title=line.title,
        price=_amount(line.original_price_set),
        discounts=_discounts(line.discount_allocations, titles),
        taxes=_taxes(line.tax_lines),
    )


def _discounts(allocations: list[wire.Allocation], titles: dict[int, str]) -> list[Discount]:
    return [
        Discount(title=titles.get(one.discount_application.index, "Discount"), amount=_amount(one.allocated_amount_set))
        for one in allocations
    ]


def _taxes(lines: list[wire.TaxLine]) -> list[Tax]:
    return [Tax(title=one.title, rate=one.rate, amount=_amount(one.price_set)) for one in lines]


def _address(found: wire.MailingAddress | None) -> Address | None:
    if found is None:
        return None
    return Address(
        name=found.name,
        company=found.company,
        address1=found.address1,
        address2=found.address2,
        city=found.city,
        province_code=found.province_code,
        country_code=found.country_code,
        zip=found.zip,
        phone=found.phone,
    )


def _buyer(found: wire.WireOrder) -> Buyer:
    customer = found.customer
    where = found.billing_address or found.shipping_address
    email = found.email or (customer.email.email_address if customer and customer.email else None)
    phone = found.phone or (customer.phone.phone_number if customer and customer.phone else None)
    first = (customer.first_name if customer else None) or (where.first_name if where else None)
    last = (customer.last_name if customer else None) or (where.last_name if where else None)
    named = " ".join(part for part in (first, last) if part) or (where.name if where else None)
    if email:
        reference = f"email:{email.strip().lower()}"
    elif customer:
        reference = f"shopify:{customer.id.rsplit('/', 1)[-1]}"
    elif named:
        reference = f"name:{named}"
    else:
        reference = "guest"
    return Buyer(
        reference=reference,
        name=named or email or phone or "Guest",
        first_name=first,
        last_name=last,
        email=email,
        phone=phone or (where.phone if where else None),
        address=_address(where),
    )
