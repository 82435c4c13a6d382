"""Every action ``wave.*``; importing this module registers them.

Amounts are decimal strings; every change is made once, however often the action is called, and the one of which that
can't be had (``wave.money_transaction_create``) says so. ``docs/reference/wave.md`` describes each.
"""

from __future__ import annotations

from aias.integrations.wave.billing import (
    invoice_approve,
    invoice_create,
    invoice_from_order,
    invoice_get,
    invoice_send,
)
from aias.integrations.wave.keeping import (
    customer_find_or_create,
    customer_upsert,
    product_find_or_create,
    product_upsert,
    sales_tax_find_or_create,
)
from aias.integrations.wave.listing import (
    account_list,
    business_list,
    customer_list,
    invoice_list,
    product_list,
    tax_list,
)
from aias.integrations.wave.money import money_transaction_create

__all__ = [
    "account_list",
    "business_list",
    "customer_find_or_create",
    "customer_list",
    "customer_upsert",
    "invoice_approve",
    "invoice_create",
    "invoice_from_order",
    "invoice_get",
    "invoice_list",
    "invoice_send",
    "money_transaction_create",
    "product_find_or_create",
    "product_list",
    "product_upsert",
    "sales_tax_find_or_create",
    "tax_list",
]
