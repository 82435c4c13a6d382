"""What is asked of Wave, as GraphQL documents; ``wire`` holds the shapes of the answers.

Source: https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference .
"""

from __future__ import annotations

__all__ = [
    "ACCOUNTS",
    "BUSINESSES",
    "CUSTOMER",
    "CUSTOMERS",
    "CUSTOMER_CREATE",
    "INVOICE",
    "INVOICES",
    "INVOICE_APPROVE",
    "INVOICE_CREATE",
    "INVOICE_DELETE",
    "INVOICE_SEND",
    "PRODUCTS",
    "PRODUCT_CREATE",
    "SALES_TAXES",
    "SALES_TAX_CREATE",
]

_FRAGMENTS = {
    "ERRORS": "didSucceed inputErrors { code message path }",
    "PAGE": "pageInfo { currentPage totalPages }",
    "CUSTOMER": "id name email internalNotes isArchived",
    "PRODUCT": "id name isSold isArchived",
    "SALES_TAX": "id name rate isArchived",
    "INVOICE": """
      id invoiceNumber status poNumber memo invoiceDate dueDate lastSentAt viewUrl
      customer { id } currency { code }
      subtotal { value } taxTotal { value } total { value } amountDue { value }
    """,
}


def _document(text: str) -> str:
    """Put the fields in: ``<CUSTOMER>`` stands for what is asked of a customer."""
    for name, fields in _FRAGMENTS.items():
        text = text.replace(f"<{name}>", fields)
    return text


BUSINESSES = _document("""
query businesses($page: Int!) {
  businesses(page: $page, pageSize: 50) { <PAGE> edges { node { id name isArchived currency { code } } } }
}
""")

CUSTOMER = _document("""
query customer($businessId: ID!, $id: ID!) {
  business(id: $businessId) { customer(id: $id) { <CUSTOMER> } }
}
""")

CUSTOMERS = _document("""
query customers($businessId: ID!, $page: Int!) {
  business(id: $businessId) {
    customers(page: $page, pageSize: 200, sort: [CREATED_AT_DESC]) { <PAGE> edges { node { <CUSTOMER> } } }
  }
}
""")

CUSTOMER_CREATE = _document("""
mutation customerCreate($input: CustomerCreateInput!) {
  customerCreate(input: $input) { <ERRORS> customer { <CUSTOMER> } }
}
""")

PRODUCTS = _document("""
query products($businessId: ID!, $page: Int!) {
  business(id: $businessId) { products(page: $page, pageSize: 200) { <PAGE> edges { node { <PRODUCT> } } } }
}
""")

PRODUCT_CREATE = _document("""
mutation productCreate($input: ProductCreateInput!) {
  productCreate(input: $input) { <ERRORS> product { <PRODUCT> } }
}
""")

ACCOUNTS = _document("""
query accounts($businessId: ID!) {
  business(id: $businessId) {
    accounts(page: 1, pageSize: 50, types: [INCOME], isArchived: false) { edges { node { id name subtype { value } } } }
  }
}
""")

SALES_TAXES = _document("""
query salesTaxes($businessId: ID!, $page: Int!) {
  business(id: $businessId) { salesTaxes(page: $page, pageSize: 200) { <PAGE> edges { node { <SALES_TAX> } } } }
}
""")

SALES_TAX_CREATE = _document("""
mutation salesTaxCreate($input: SalesTaxCreateInput!) {
  salesTaxCreate(input: $input) { <ERRORS> salesTax { <SALES_TAX> } }
}
""")

INVOICE = _document("""
query invoice($businessId: ID!, $id: ID!) {
  business(id: $businessId) { invoice(id: $id) { <INVOICE> } }
}
""")

INVOICES = _document("""
query invoices(
  $businessId: ID!, $page: Int!, $pageSize: Int!, $customerId: ID, $status: InvoiceStatus, $from: Date, $to: Date
) {
  business(id: $businessId) {
    invoices(
      page: $page, pageSize: $pageSize, sort: [CREATED_AT_DESC],
      customerId: $customerId, status: $status, invoiceDateStart: $from, invoiceDateEnd: $to
    ) { <PAGE> edges { node { <INVOICE> } } }
  }
}
""")

INVOICE_CREATE = _document("""
mutation invoiceCreate($input: InvoiceCreateInput!) {
  invoiceCreate(input: $input) { <ERRORS> invoice { <INVOICE> } }
}
""")

INVOICE_APPROVE = _document("""
mutation invoiceApprove($input: InvoiceApproveInput!) {
  invoiceApprove(input: $input) { <ERRORS> invoice { <INVOICE> } }
}
""")

INVOICE_SEND = _document("""
mutation invoiceSend($input: InvoiceSendInput!) {
  invoiceSend(input: $input) { <ERRORS> }
}
""")

INVOICE_DELETE = _document("""
mutation invoiceDelete($input: InvoiceDeleteInput!) {
  invoiceDelete(input: $input) { <ERRORS> }
}
""")
