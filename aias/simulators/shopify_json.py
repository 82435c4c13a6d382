"""The things of the local shop in the words of Shopify's REST Admin API."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from aias.simulators.money import MoneyBag
from aias.simulators.order import Address, Discount, LineItem, Refund, ShippingLine, TaxLine
from aias.simulators.shopify_records import (
    CustomerRecord,
    Fulfillment,
    OrderRecord,
    ProductRecord,
    VariantRecord,
)

__all__ = ["customer_json", "fulfillment_json", "order_json", "product_json", "refund_json"]

_FULFILLED = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial"}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def _set(bag: MoneyBag) -> dict[str, Any]:
    return {
        "shop_money": {"amount": bag.shop, "currency_code": bag.shop_currency},
        "presentment_money": {"amount": bag.presentment, "currency_code": bag.presentment_currency},
    }


def _taxes(taxes: tuple[TaxLine, ...]) -> list[dict[str, Any]]:
    return [
        {
            "title": t.title,
            "price": t.price.shop,
            "rate": float(t.rate),
            "price_set": _set(t.price),
            "channel_liable": False,
        }
        for t in taxes
    ]


def _address(home: Address | None) -> dict[str, Any] | None:
    if home is None:
        return None
    return {
        "first_name": home.first_name,
        "last_name": home.last_name,
        "name": home.name,
        "company": home.company,
        "address1": home.address1,
        "address2": home.address2,
        "city": home.city,
        "zip": home.zip,
        "province": home.province,
        "province_code": home.province_code,
        "country": home.country,
        "country_code": home.country_code,
        "phone": home.phone,
        "latitude": None,
        "longitude": None,
    }


def _home(home: Address | None) -> dict[str, Any] | None:
    return None if home is None else {"id": home.id, **(_address(home) or {})}


def _line(line: LineItem) -> dict[str, Any]:
    return {
        "id": line.id,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{line.id}",
        "title": line.title,
        "name": line.name,
        "variant_title": line.variant_title,
        "sku": line.sku,
        "vendor": line.vendor,
        "quantity": line.quantity,
        "current_quantity": line.quantity,
        "product_id": line.product.id if line.product else None,
        "variant_id": line.product.variant_id if line.product else None,
        "product_exists": line.product is not None,
        "price": line.unit_price.shop,
        "price_set": _set(line.unit_price),
        "total_discount": line.line_discount.shop,
        "total_discount_set": _set(line.line_discount),
        "discount_allocations": [
            {
                "amount": a.amount.shop,
                "amount_set": _set(a.amount),
                "discount_application_index": a.discount.index,
            }
            for a in line.allocations
        ],
        "tax_lines": _taxes(line.tax_lines),
        "taxable": line.taxable,
        "requires_shipping": line.requires_shipping,
        "gift_card": False,
        "grams": 200,
        "fulfillment_service": "manual",
        "fulfillment_status": None,
        "properties": [],
    }


def _shipping(line: ShippingLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "title": line.title,
        "code": line.code,
        "source": "shopify",
        "price": line.price.shop,
        "price_set": _set(line.price),
        "discounted_price": line.price.shop,
        "discounted_price_set": _set(line.price),
        "tax_lines": _taxes(line.tax_lines),
    }


def _application(discount: Discount) -> dict[str, Any]:
    value = discount.percentage if discount.percentage is not None else discount.amount or Decimal(0)
    shown: dict[str, Any] = {
        "type": {"code": "discount_code"}.get(discount.kind, discount.kind),
        "value": str(value),
        "value_type": "percentage" if discount.percentage is not None else "fixed_amount",
        "allocation_method": "across" if discount.across else "each",
        "target_selection": "all" if discount.across else "entitled",
        "target_type": "line_item",
    }
    return {**shown, ("code" if discount.kind == "code" else "title"): discount.title}


def refund_json(refund: Refund, order_id: int) -> dict[str, Any]:
    """The refund as REST shows it."""
    return {
        "id": refund.id,
        "admin_graphql_api_id": f"gid://shopify/Refund/{refund.id}",
        "order_id": order_id,
        "created_at": _time(refund.created_at),
        "note": refund.note,
        "refund_line_items": [
            {
                "id": r.id,
                "line_item_id": r.line.id,
                "quantity": r.quantity,
                "restock_type": r.restock.lower(),
                "subtotal": r.subtotal.shop,
                "subtotal_set": _set(r.subtotal),
                "total_tax": r.tax.shop,
                "total_tax_set": _set(r.tax),
            }
            for r in refund.lines
        ],
        "transactions": [
            {"kind": "refund", "status": "success", "amount": refund.total.shop, "currency": refund.total.shop_currency}
        ],
    }


def customer_json(record: CustomerRecord) -> dict[str, Any]:
    """The customer as REST shows it."""
    customer = record.customer
    return {
        "id": customer.id,
        "admin_graphql_api_id": record.gid,
        "email": customer.email,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "phone": customer.phone,
        "note": record.note,
        "state": "disabled",
        "verified_email": customer.email is not None,
        "tax_exempt": False,
        "tags": ", ".join(customer.tags),
        "created_at": _time(customer.created_at),
        "updated_at": _time(record.updated_at),
        "default_address": _home(customer.default_address),
    }


def fulfillment_json(made: Fulfillment) -> dict[str, Any]:
    """The parcel as REST shows it."""
    return {
        "id": made.id,
        "admin_graphql_api_id": f"gid://shopify/Fulfillment/{made.id}",
        "order_id": made.record.order.id,
        "name": made.name,
        "status": "success",
        "service": "manual",
        "tracking_company": next((one["company"] for one in made.tracking), None),
        "tracking_number": next((one["number"] for one in made.tracking), None),
        "tracking_numbers": [one["number"] for one in made.tracking if one["number"]],
        "tracking_url": next((one["url"] for one in made.tracking), None),
        "tracking_urls": [one["url"] for one in made.tracking if one["url"]],
        "created_at": _time(made.created_at),
        "updated_at": _time(made.created_at),
        "line_items": [{**_line(one.line), "quantity": one.quantity} for one in made.lines],
    }


def order_json(record: OrderRecord) -> dict[str, Any]:
    """The order as REST shows it."""
    order = record.order
    totals = {
        "total_line_items_price": sum((line.original_total for line in order.lines), start=order.zero),
        "total_discounts": order.discount_total,
        "subtotal_price": order.subtotal,
        "total_tax": order.tax_total,
        "total_price": order.total,
        "current_total_price": order.total - order.refunded_total,
        "current_subtotal_price": order.subtotal - order.refunded_subtotal,
        "current_total_tax": order.tax_total - order.refunded_tax,
    }
    return {
        "id": order.id,
        "admin_graphql_api_id": order.gid,
        "name": order.name,
        "number": order.number - 1000,
        "order_number": order.number,
        "email": record.email or "",
        "contact_email": record.email,
        "phone": record.phone,
        "note": record.note,
        "tags": ", ".join(record.tags),
        "created_at": _time(order.created_at),
        "processed_at": _time(order.created_at),
        "updated_at": _time(record.updated_at),
        "cancelled_at": _time(order.cancelled_at),
        "cancel_reason": record.cancel_reason.lower() if record.cancel_reason else None,
        "closed_at": _time(record.closed_at),
        "confirmed": True,
        "test": True,
        "source_name": "web",
        "currency": order.currency,
        "presentment_currency": order.presentment_currency,
        "taxes_included": order.taxes_included,
        "financial_status": order.financial_status.lower(),
        "fulfillment_status": _FULFILLED.get(record.fulfillment_status),
        "payment_gateway_names": ["bogus"],
        **{name: bag.shop for name, bag in totals.items()},
        **{f"{name}_set": _set(bag) for name, bag in totals.items()},
        "total_shipping_price_set": _set(order.shipping_total),
        "tax_lines": _taxes(order.tax_lines),
        "discount_codes": [
            {
                "code": d.title,
                "amount": str(sum((_share(line, d) for line in order.lines), start=order.zero.shop)),
                "type": "percentage" if d.percentage is not None else "fixed_amount",
            }
            for d in order.discounts
            if d.kind == "code"
        ],
        "discount_applications": [_application(discount) for discount in order.discounts],
        "customer": None if record.customer is None else customer_json(record.customer),
        "billing_address": _address(order.billing_address),
        "shipping_address": _address(order.shipping_address),
        "line_items": [_line(line) for line in order.lines],
        "shipping_lines": [_shipping(line) for line in order.shipping_lines],
        "refunds": [refund_json(refund, order.id) for refund in order.refunds],
        "fulfillments": [fulfillment_json(one) for one in record.fulfillments],
        "note_attributes": [{"name": a["key"], "value": a["value"]} for a in record.custom_attributes],
    }


def _share(line: LineItem, discount: Discount) -> Decimal:
    shares = (a.amount.shop for a in line.allocations if a.discount.index == discount.index)
    return sum(shares, start=line.unit_price.nothing().shop)


def product_json(record: ProductRecord) -> dict[str, Any]:
    """The product as REST shows it."""
    return {
        "id": record.id,
        "admin_graphql_api_id": f"gid://shopify/Product/{record.id}",
        "title": record.title,
        "handle": record.handle,
        "body_html": record.description_html,
        "vendor": record.vendor,
        "product_type": record.product_type,
        "status": record.status.lower(),
        "tags": ", ".join(record.tags),
        "created_at": _time(record.created_at),
        "updated_at": _time(record.updated_at),
        "published_at": _time(record.created_at),
        "options": [
            {"id": o.id, "product_id": record.id, "name": o.name, "position": o.position, "values": list(o.values)}
            for o in record.options
        ],
        "variants": [_variant(variant, at) for at, variant in enumerate(record.variants, start=1)],
        "images": [],
    }


def _variant(variant: VariantRecord, position: int) -> dict[str, Any]:
    values = [*variant.options.values(), None, None, None]
    return {
        "id": variant.id,
        "admin_graphql_api_id": f"gid://shopify/ProductVariant/{variant.id}",
        "product_id": variant.product.id,
        "title": variant.title,
        "sku": variant.sku,
        "barcode": variant.barcode,
        "price": variant.price,
        "compare_at_price": variant.compare_at_price,
        "position": position,
        "option1": values[0],
        "option2": values[1],
        "option3": values[2],
        "taxable": variant.taxable,
        "requires_shipping": variant.requires_shipping,
        "grams": 200,
        "inventory_item_id": variant.item.id,
        "inventory_management": "shopify" if variant.item.tracked else None,
        "inventory_policy": "deny",
        "inventory_quantity": variant.item.available,
        "fulfillment_service": "manual",
        "created_at": _time(variant.created_at),
        "updated_at": _time(variant.updated_at),
    }
