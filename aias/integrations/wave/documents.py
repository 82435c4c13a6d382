"""What is asked of Wave, as GraphQL documents; ``wire`` holds the shapes of the answers.

Source: https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference .
"""

from __future__ import annotations

__all__ = [
    "ACCOUNTS",
    "BUSINESSES",
    "CUSTOMERS",
    "CUSTOMER_CREATE",
    "CUSTOMER_LIST",
    "CUSTOMER_PATCH",
    "CUSTOMER_RECORD",
    "INVOICE",
    "INVOICES",
    "INVOICE_APPROVE",
    "INVOICE_CREATE",
    "INVOICE_DELETE",
    "INVOICE_SEND",
    "MONEY_TRANSACTION_CREATE",
    "PRODUCT",
    "PRODUCTS",
    "PRODUCT_CREATE",
    "PRODUCT_LIST",
    "PRODUCT_PATCH",
    "SALES_TAXES",
    "SALES_TAX_CREATE",
    "SALES_TAX_LIST",
]

_FRAGMENTS = {
    "ERRORS": "didSucceed inputErrors { code message path }",
    "PAGE": "pageInfo { currentPage totalPages totalCount }",
    "CUSTOMER": "id name email internalNotes isArchived",
    "PRODUCT": "id name isSold isArchived",
    "SALES_TAX": "id name rate isArchived",
    "ACCOUNT": "id name description displayId isArchived currency { code } type { value } subtype { value }",
    "CUSTOMER_RECORD": """
      id name firstName lastName email mobile phone website internalNotes isArchived currency { code }
      address { addressLine1 addressLine2 city province { code } country { code } postalCode }
    """,
    "PRODUCT_RECORD": """
      id name description unitPrice isSold isBought isArchived
      incomeAccount { id } expenseAccount { id } defaultSalesTaxes { id }
    """,
    "SALES_TAX_RECORD": "id name abbreviation description taxNumber rate isCompound isRecoverable isArchived",
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
query businesses($page: Int!, $pageSize: Int!) {
  businesses(page: $page, pageSize: $pageSize) { <PAGE> edges { node { id name isArchived currency { code } } } }
}
""")

CUSTOMERS = _document("""
query customers($businessId: ID!, $page: Int!) {
  business(id: $businessId) {
    customers(page: $page, pageSize: 200, sort: [CREATED_AT_DESC]) { <PAGE> edges { node { <CUSTOMER> } } }
  }
}
""")

CUSTOMER_RECORD = _document("""
query customerRecord($businessId: ID!, $id: ID!) {
  business(id: $businessId) { customer(id: $id) { <CUSTOMER_RECORD> } }
}
""")

CUSTOMER_LIST = _document("""
query customerList($businessId: ID!, $page: Int!, $pageSize: Int!, $modifiedAfter: DateTime) {
  business(id: $businessId) {
    customers(page: $page, pageSize: $pageSize, sort: [CREATED_AT_ASC], modifiedAtAfter: $modifiedAfter) {
      <PAGE> edges { node { <CUSTOMER_RECORD> } }
    }
  }
}
""")

CUSTOMER_PATCH = _document("""
mutation customerPatch($input: CustomerPatchInput!) {
  customerPatch(input: $input) { <ERRORS> customer { <CUSTOMER_RECORD> } }
}
""")

CUSTOMER_CREATE = _document("""
mutation customerCreate($input: CustomerCreateInput!) {
  customerCreate(input: $input) { <ERRORS> customer { <CUSTOMER_RECORD> } }
}
""")

PRODUCTS = _document("""
query products($businessId: ID!, $page: Int!) {
  business(id: $businessId) { products(page: $page, pageSize: 200) { <PAGE> edges { node { <PRODUCT> } } } }
}
""")

PRODUCT_CREATE = _document("""
mutation productCreate($input: ProductCreateInput!) {
  productCreate(input: $input) { <ERRORS> product { <PRODUCT_RECORD> } }
}
""")

PRODUCT = _document("""
query product($businessId: ID!, $id: ID!) {
  business(id: $businessId) { product(id: $id) { <PRODUCT_RECORD> } }
}
""")

PRODUCT_LIST = _document("""
query productList(
  $businessId: ID!, $page: Int!, $pageSize: Int!, $isSold: Boolean, $isBought: Boolean, $isArchived: Boolean,
  $modifiedAfter: DateTime
) {
  business(id: $businessId) {
    products(
      page: $page, pageSize: $pageSize, sort: [CREATED_AT_ASC],
      isSold: $isSold, isBought: $isBought, isArchived: $isArchived, modifiedAtAfter: $modifiedAfter
    ) { <PAGE> edges { node { <PRODUCT_RECORD> } } }
  }
}
""")

PRODUCT_PATCH = _document("""
mutation productPatch($input: ProductPatchInput!) {
  productPatch(input: $input) { <ERRORS> product { <PRODUCT_RECORD> } }
}
""")

ACCOUNTS = _document("""
query accounts(
  $businessId: ID!, $page: Int!, $pageSize: Int!,
  $types: [AccountTypeValue!], $subtypes: [AccountSubtypeValue!], $isArchived: Boolean
) {
  business(id: $businessId) {
    accounts(page: $page, pageSize: $pageSize, types: $types, subtypes: $subtypes, isArchived: $isArchived) {
      <PAGE> edges { node { <ACCOUNT> } }
    }
  }
}
""")

SALES_TAXES = _document("""
query salesTaxes($businessId: ID!, $page: Int!) {
  business(id: $businessId) { salesTaxes(page: $page, pageSize: 200) { <PAGE> edges { node { <SALES_TAX> } } } }
}
""")

SALES_TAX_LIST = _document("""
query salesTaxList($businessId: ID!, $page: Int!, $pageSize: Int!, $isArchived: Boolean) {
  business(id: $businessId) {
    salesTaxes(page: $page, pageSize: $pageSize, isArchived: $isArchived) {
      <PAGE> edges { node { <SALES_TAX_RECORD> } }
    }
  }
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

MONEY_TRANSACTION_CREATE = _document("""
mutation moneyTransactionCreate($input: MoneyTransactionCreateInput!) {
  moneyTransactionCreate(input: $input) { <ERRORS> transaction { id } }
}
""")
