"""What is asked of Shopify, as GraphQL documents; ``wire`` holds the shapes of the answers.

Costs are kept low on purpose: a store's bucket holds 1000 points or more and one query may ask for 1000 at most, so an
order of 250 lines is read in pages. Amounts are asked for in one of the two currencies under the alias ``money``.

Source: https://shopify.dev/docs/api/admin-graphql (2026-10), objects Order, LineItem, Customer, Product,
AbandonedCheckout, ShopifyPaymentsAccount, InventoryItem; mutations
tagsAdd, orderUpdate.
"""

from __future__ import annotations

from typing import Literal

__all__ = [
    "BALANCE",
    "CHECKOUTS",
    "CUSTOMER",
    "CUSTOMER_FIELDS",
    "LOCATION",
    "MORE_LINES",
    "ORDER",
    "ORDERS",
    "ORDER_NOTE",
    "PAYOUT",
    "PAYOUTS",
    "PRODUCT",
    "PRODUCT_FIELDS",
    "SET_NOTE",
    "STOCK",
    "TAGS_ADD",
    "Money",
]

Money = Literal["presentment", "shop"]

_LINES = """
  lineItems(first: 50, after: $after) {
    nodes {
      id name sku quantity
      originalUnitPriceSet { money: MONEY { amount } }
      discountAllocations { allocatedAmountSet { money: MONEY { amount } } discountApplication { index } }
      taxLines { title rate priceSet { money: MONEY { amount } } }
    }
    pageInfo { hasNextPage endCursor }
  }
"""

_ADDRESS = "name firstName lastName company address1 address2 city provinceCode countryCodeV2 zip phone"

_ORDER = """
query order($id: ID!, $after: String) {
  order(id: $id) {
    id legacyResourceId name email phone note tags
    createdAt processedAt cancelledAt displayFinancialStatus displayFulfillmentStatus
    currencyCode presentmentCurrencyCode taxesIncluded discountCodes
    paymentCollectionDetails { url: additionalPaymentCollectionUrl }
    customer { id displayName firstName lastName email: defaultEmailAddress { emailAddress } phone: defaultPhoneNumber { phoneNumber } }
    billingAddress { ADDRESS }
    shippingAddress { ADDRESS }
    subtotalPriceSet { money: MONEY { amount } }
    totalDiscountsSet { money: MONEY { amount } }
    totalShippingPriceSet { money: MONEY { amount } }
    totalTaxSet { money: MONEY { amount } }
    totalTipReceivedSet { money: MONEY { amount } }
    totalPriceSet { money: MONEY { amount } shopMoney { amount } }
    totalRefundedSet { money: MONEY { amount } }
    discountApplications(first: 20) {
      nodes {
        index
        ... on DiscountCodeApplication { code }
        ... on ManualDiscountApplication { title }
        ... on AutomaticDiscountApplication { title }
      }
    }
    shippingLines(first: 10) {
      nodes {
        title
        originalPriceSet { money: MONEY { amount } }
        discountAllocations { allocatedAmountSet { money: MONEY { amount } } discountApplication { index } }
        taxLines { title rate priceSet { money: MONEY { amount } } }
      }
    }
    refunds(first: 20) { id createdAt note totalRefundedSet { money: MONEY { amount } } }
    LINES
  }
}
""".replace("LINES", _LINES).replace("ADDRESS", _ADDRESS)  # noqa: E501 (a GraphQL document)

_MORE_LINES = """
query order($id: ID!, $after: String) {
  order(id: $id) { LINES }
}
""".replace("LINES", _LINES)

_ORDERS = """
query orders($first: Int!, $after: String, $query: String, $sort: OrderSortKeys, $reverse: Boolean) {
  orders(first: $first, after: $after, query: $query, sortKey: $sort, reverse: $reverse) {
    nodes {
      id legacyResourceId name createdAt currencyCode presentmentCurrencyCode displayFinancialStatus email tags
      totalPriceSet { money: MONEY { amount } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""


def _both(document: str) -> dict[Money, str]:
    return {
        "presentment": document.replace("MONEY", "presentmentMoney"),
        "shop": document.replace("MONEY", "shopMoney"),
    }


ORDER = _both(_ORDER)
MORE_LINES = _both(_MORE_LINES)
ORDERS = _both(_ORDERS)

ORDER_NOTE = "query order($id: ID!) { order(id: $id) { id note } }"

TAGS_ADD = """
mutation tagsAdd($id: ID!, $tags: [String!]!) {
  tagsAdd(id: $id, tags: $tags) { node { id ... on Order { tags } } userErrors { field message } }
}
"""

SET_NOTE = """
mutation orderUpdate($input: OrderInput!) {
  orderUpdate(input: $input) { order { id note } userErrors { field message } }
}
"""

PRODUCT_FIELDS = """
    id title handle vendor productType status tags
    variants(first: 100) { nodes { id title sku price inventoryQuantity inventoryItem { id } } }
"""

PRODUCT = """
query product($id: ID!) { product(id: $id) { FIELDS } }
""".replace("FIELDS", PRODUCT_FIELDS)

CUSTOMER_FIELDS = """
    id displayName firstName lastName tags numberOfOrders
    email: defaultEmailAddress { emailAddress } phone: defaultPhoneNumber { phoneNumber }
    amountSpent { amount currencyCode }
    defaultAddress { ADDRESS }
""".replace("ADDRESS", _ADDRESS)

CUSTOMER = """
query customer($id: ID!) { customer(id: $id) { FIELDS } }
""".replace("FIELDS", CUSTOMER_FIELDS)

CHECKOUTS = """
query checkouts($first: Int!, $after: String, $query: String, $reverse: Boolean) {
  abandonedCheckouts(first: $first, after: $after, query: $query, reverse: $reverse, sortKey: CREATED_AT) {
    nodes {
      id name url: abandonedCheckoutUrl createdAt updatedAt completedAt
      customer { id displayName firstName locale email: defaultEmailAddress { emailAddress marketingState } }
      totalPriceSet { money: shopMoney { amount currencyCode } }
      lineItems(first: 10) { nodes { title sku quantity } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

_PAYOUT = "id legacyResourceId issuedAt status transactionType net { amount currencyCode }"

PAYOUTS = """
query payouts($first: Int!, $after: String, $query: String) {
  shopifyPaymentsAccount {
    payouts(first: $first, after: $after, query: $query, sortKey: ISSUED_AT, reverse: true) {
      nodes { PAYOUT }
      pageInfo { hasNextPage endCursor }
    }
  }
}
""".replace("PAYOUT", _PAYOUT)

_MADE_OF = """
  chargesGross { MONEY } chargesFee { MONEY } refundsFeeGross { MONEY } refundsFee { MONEY }
  adjustmentsGross { MONEY } adjustmentsFee { MONEY } reservedFundsGross { MONEY } reservedFundsFee { MONEY }
  retriedPayoutsGross { MONEY } retriedPayoutsFee { MONEY } advanceGross { MONEY } advanceFees { MONEY }
""".replace("MONEY", "amount currencyCode")

PAYOUT = """
query payout($id: ID!) {
  node(id: $id) { ... on ShopifyPaymentsPayout { PAYOUT summary { MADE_OF } } }
}
""".replace("{ PAYOUT", f"{{ {_PAYOUT}").replace("MADE_OF", _MADE_OF)

BALANCE = """
query balance($first: Int!, $after: String, $query: String!) {
  shopifyPaymentsAccount {
    balanceTransactions(first: $first, after: $after, query: $query, hideTransfers: true) {
      nodes { net { amount currencyCode } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""

LOCATION = "query location($id: ID) { location(id: $id) { id name } }"

STOCK = """
query stock($location: ID!, $query: String, $first: Int!, $after: String) {
  productVariants(first: $first, after: $after, query: $query) {
    nodes {
      id displayName sku
      inventoryItem {
        id
        inventoryLevel(locationId: $location) { quantities(names: ["available", "on_hand"]) { name quantity } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
