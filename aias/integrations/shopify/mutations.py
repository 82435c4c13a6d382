"""What is changed at Shopify, as GraphQL documents, with the queries that look for what was changed before.

``wire_changes`` holds the shapes of the answers. Where Shopify gives its errors under another name than ``userErrors``
they are asked for under that one, so that they are all read in one place.

Sources: https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/orderCancel , .../fulfillmentCreate ,
.../refundCreate , .../productSet , .../inventoryAdjustQuantities , .../inventorySetQuantities , .../customerSet ,
.../draftOrderCreate ,
.../webhookSubscriptionCreate , .../bulkOperationRunQuery .
"""

from __future__ import annotations

from aias.integrations.shopify.documents import CUSTOMER_FIELDS, PRODUCT_FIELDS

__all__ = [
    "BULK_OPERATION",
    "BULK_OPERATIONS",
    "BULK_RUN",
    "CUSTOMER_SET",
    "DRAFTS",
    "DRAFT_CREATE",
    "FULFILLABLE",
    "FULFILLABLE_LINES",
    "FULFILLMENTS",
    "FULFILLMENT_CREATE",
    "INVENTORY_ADJUST",
    "INVENTORY_SET",
    "ORDER_CANCEL",
    "ORDER_STATE",
    "ORDER_STATE_AND_JOB",
    "PRODUCT_SET",
    "REFUNDS",
    "REFUND_CREATE",
    "REFUND_PLAN",
    "WEBHOOKS",
    "WEBHOOK_CREATE",
    "WEBHOOK_UPDATE",
    "unkeyed",
]


def unkeyed(document: str) -> str:
    """Give the document without its idempotency key, for API versions that know none."""
    return document.replace(", $key: String!", "").replace(" @idempotent(key: $key)", "")


# --- orders ---

ORDER_STATE = "query order($id: ID!) { order(id: $id) { id cancelledAt displayFinancialStatus } }"

ORDER_STATE_AND_JOB = """
query order($id: ID!, $job: ID!) {
  order(id: $id) { id cancelledAt displayFinancialStatus }
  job(id: $job) { id done }
}
"""

ORDER_CANCEL = """
mutation orderCancel(
  $orderId: ID!, $reason: OrderCancelReason!, $refundMethod: OrderCancelRefundMethodInput!, $restock: Boolean!,
  $notifyCustomer: Boolean, $staffNote: String
) {
  orderCancel(
    orderId: $orderId, reason: $reason, refundMethod: $refundMethod, restock: $restock,
    notifyCustomer: $notifyCustomer, staffNote: $staffNote
  ) { job { id done } userErrors: orderCancelUserErrors { field message code } }
}
"""

FULFILLABLE = """
query order($id: ID!) {
  order(id: $id) {
    id
    fulfillments(first: 100) { id }
    fulfillmentOrders(first: 50) { nodes { id status assignedLocation { location { id } } } }
  }
}
"""

FULFILLABLE_LINES = """
query fulfillmentOrder($id: ID!, $after: String) {
  fulfillmentOrder(id: $id) {
    id
    lineItems(first: 100, after: $after) {
      nodes { id remainingQuantity lineItem { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""

_FULFILLMENT = """
  id name status createdAt totalQuantity
  location { id }
  trackingInfo(first: 1) { company number url }
"""

FULFILLMENTS = """
query order($id: ID!) {
  order(id: $id) {
    id
    fulfillments(first: 50) { FULFILLMENT fulfillmentLineItems(first: 5) { nodes { quantity lineItem { id } } } }
  }
}
""".replace("FULFILLMENT", _FULFILLMENT)

FULFILLMENT_CREATE = """
mutation fulfillmentCreate($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { FULFILLMENT } userErrors { field message } }
}
""".replace("FULFILLMENT", _FULFILLMENT)

REFUND_PLAN = """
query order(
  $id: ID!, $lines: [RefundLineItemInput!], $full: Boolean, $allShipping: Boolean, $shipping: Money
) {
  order(id: $id) {
    id presentmentCurrencyCode
    suggestedRefund(
      refundLineItems: $lines, suggestFullRefund: $full, refundShipping: $allShipping, shippingAmount: $shipping
    ) {
      amountSet { money: presentmentMoney { amount } }
      shipping { amountSet { money: presentmentMoney { amount } } }
      refundLineItems { quantity lineItem { id } }
      suggestedTransactions {
        gateway
        amountSet { money: presentmentMoney { amount } }
        parentTransaction { id }
      }
    }
  }
}
"""

_REFUND = "id createdAt note totalRefundedSet { money: presentmentMoney { amount currencyCode } }"

REFUNDS = """
query order($id: ID!) { order(id: $id) { id refunds(first: 100) { REFUND } } }
""".replace("REFUND", _REFUND)

REFUND_CREATE = """
mutation refundCreate($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) { refund { REFUND } userErrors { field message } }
}
""".replace("{ REFUND }", f"{{ {_REFUND} }}")

# --- products and stock ---

PRODUCT_SET = """
mutation productSet($identifier: ProductSetIdentifiers, $input: ProductSetInput!) {
  productSet(identifier: $identifier, input: $input, synchronous: true) {
    product { PRODUCT } userErrors { field message code }
  }
}
""".replace("PRODUCT", PRODUCT_FIELDS)

INVENTORY_ADJUST = """
mutation inventoryAdjustQuantities($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup {
      id createdAt reason referenceDocumentUri
      changes { name delta quantityAfterChange item { id } location { id } }
    }
    userErrors { field message code }
  }
}
"""

INVENTORY_SET = """
mutation inventorySetQuantities($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup {
      id createdAt reason referenceDocumentUri
      changes { name delta quantityAfterChange item { id } location { id } }
    }
    userErrors { field message code }
  }
}
"""

# --- customers and draft orders ---

CUSTOMER_SET = """
mutation customerSet($identifier: CustomerSetIdentifiers, $input: CustomerSetInput!) {
  customerSet(identifier: $identifier, input: $input) {
    customer { CUSTOMER } userErrors { field message code }
  }
}
""".replace("CUSTOMER", CUSTOMER_FIELDS)

_DRAFT = """
  id legacyResourceId name status tags invoiceUrl currencyCode createdAt
  totalPriceSet { money: shopMoney { amount } }
"""

DRAFTS = """
query drafts($query: String!) {
  tagged: draftOrders(first: 1, query: $query) { nodes { DRAFT } }
  latest: draftOrders(first: 50, sortKey: ID, reverse: true) { nodes { DRAFT } }
}
""".replace("DRAFT", _DRAFT)

DRAFT_CREATE = """
mutation draftOrderCreate($input: DraftOrderInput!) {
  draftOrderCreate(input: $input) { draftOrder { DRAFT } userErrors { field message } }
}
""".replace("DRAFT", _DRAFT)

# --- webhooks and bulk operations ---

_WEBHOOK = "id topic uri format filter includeFields"

WEBHOOKS = """
query webhooks($topics: [WebhookSubscriptionTopic!], $uri: String) {
  webhookSubscriptions(first: 50, topics: $topics, uri: $uri) { nodes { WEBHOOK } }
}
""".replace("WEBHOOK", _WEBHOOK)

WEBHOOK_CREATE = """
mutation webhookSubscriptionCreate($topic: WebhookSubscriptionTopic!, $input: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $input) {
    webhookSubscription { WEBHOOK } userErrors { field message }
  }
}
""".replace("WEBHOOK", _WEBHOOK)

WEBHOOK_UPDATE = """
mutation webhookSubscriptionUpdate($id: ID!, $input: WebhookSubscriptionInput!) {
  webhookSubscriptionUpdate(id: $id, webhookSubscription: $input) {
    webhookSubscription { WEBHOOK } userErrors { field message }
  }
}
""".replace("WEBHOOK", _WEBHOOK)

_BULK = "id status errorCode createdAt completedAt objectCount rootObjectCount fileSize url partialDataUrl"

BULK_RUN = """
mutation bulkOperationRunQuery($query: String!) {
  bulkOperationRunQuery(query: $query) { bulkOperation { id } userErrors { field message code } }
}
"""

BULK_OPERATION = """
query bulkOperation($id: ID!) { bulkOperation(id: $id) { BULK } }
""".replace("BULK", _BULK)

BULK_OPERATIONS = """
query bulkOperations($after: String) {
  bulkOperations(first: 50, after: $after, sortKey: CREATED_AT, reverse: true) {
    nodes { id query createdAt }
    pageInfo { hasNextPage endCursor }
  }
}
"""
