"""Products as the local shop keeps them: ``productSet``, which makes a product what its input says."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from aias.simulators.graph import Info, Resolver
from aias.simulators.resolving import constant, cut, gid, paged, read
from aias.simulators.shopify_context import find, inner, listed, many, one, user_error
from aias.simulators.shopify_records import ProductOption, ProductRecord, VariantRecord
from aias.simulators.shopify_store import Shop, split_tags, stocked

__all__ = ["PRODUCT_RESOLVERS"]

_MOST_VARIANTS = 2048
_FIELDS = (
    ("title", "title"),
    ("handle", "handle"),
    ("descriptionHtml", "description_html"),
    ("vendor", "vendor"),
    ("productType", "product_type"),
    ("status", "status"),
)


class _Refused(Exception):
    """What is wrong with the input: message, path and code."""

    def __init__(self, message: str, code: str, *path: str) -> None:
        super().__init__(message)
        self.error = user_error(message, "input", *path, code=code)


def _set(
    _source: Any,
    info: Info,
    input: dict[str, Any],
    identifier: dict[str, Any] | None = None,
    synchronous: bool = True,  # noqa: FBT001, FBT002
) -> Any:
    del synchronous  # the work of a small shop is done before anybody could ask for it
    shop: Shop = info.context.shop
    try:
        known = _known(shop, input, identifier or {})
        _check(shop, input, known)
    except _Refused as refused:
        return {"product": None, "productSetOperation": None, "userErrors": [refused.error]}
    product = known or _new(shop, input)
    for theirs, ours in _FIELDS:
        if input.get(theirs) is not None:
            setattr(product, ours, input[theirs])
    if input.get("tags") is not None:
        product.tags = sorted(dict.fromkeys(split_tags(input["tags"])), key=str.casefold)
    if input.get("variants") is not None:
        _set_variants(shop, product, input)
    elif known is None:
        _add_variant(shop, product, {"optionValues": [{"optionName": "Title", "name": "Default Title"}]})
    if known is None:
        shop.products[product.id] = product
        shop.changed("PRODUCTS_CREATE", product)
    shop.touch(product)
    return {"product": product, "productSetOperation": None, "userErrors": []}


def _known(shop: Shop, given: dict[str, Any], identifier: dict[str, Any]) -> ProductRecord | None:
    wanted = identifier.get("id") or given.get("id")
    if wanted is not None:
        found = find(shop, wanted)
        if not isinstance(found, ProductRecord):
            raise _Refused("Product does not exist", "PRODUCT_DOES_NOT_EXIST")
        return found
    handle = identifier.get("handle")
    if handle is None:
        return None
    if given.get("handle") not in (None, handle):
        raise _Refused("The identifier value does not match the value of the corresponding field", "INVALID", "handle")
    given["handle"] = handle
    return next((product for product in shop.products.values() if product.handle == handle), None)


def _check(shop: Shop, given: dict[str, Any], known: ProductRecord | None) -> None:
    if not (given.get("title") or (known is not None and "title" not in given)):
        raise _Refused("Title can't be blank", "BLANK", "title")
    handle = given.get("handle")
    if handle is not None and any(p.handle == handle for p in shop.products.values() if p is not known):
        raise _Refused("Handle has already been taken", "HANDLE_NOT_UNIQUE", "handle")
    options, variants = given.get("productOptions"), given.get("variants")
    if variants is None and options is not None:
        raise _Refused("Variants input is required with options", "VARIANTS_INPUT_MISSING", "variants")
    if variants is not None and options is None:
        raise _Refused("Options input is required with variants", "PRODUCT_OPTIONS_INPUT_MISSING", "productOptions")
    if variants is not None and options is not None:
        _check_variants(options, variants)


def _check_variants(options: list[dict[str, Any]], variants: list[dict[str, Any]]) -> None:
    names = {option.get("name"): {v.get("name") for v in listed(option, "values")} for option in options}
    if not 1 <= len(variants) <= _MOST_VARIANTS:
        raise _Refused(f"A product has 1 to {_MOST_VARIANTS} variants", "INVALID_INPUT", "variants")
    seen: set[tuple[tuple[str, str], ...]] = set()
    for at, variant in enumerate(variants):
        values = _values(variant)
        for name, value in values.items():
            if value not in names.get(name, ()):
                raise _Refused("Option does not exist", "OPTION_DOES_NOT_EXIST", "variants", str(at), "optionValues")
        if set(values) != set(names):
            raise _Refused("Every option needs a value", "INVALID_VARIANT", "variants", str(at), "optionValues")
        key = tuple(sorted(values.items()))
        if key in seen:
            raise _Refused("The variant already exists", "VARIANT_ALREADY_EXISTS", "variants", str(at))
        seen.add(key)
        for name in ("price", "compareAtPrice"):
            if variant.get(name) is not None and not _is_price(variant[name]):
                raise _Refused("Price must be greater than or equal to 0", "INVALID_VARIANT", "variants", str(at), name)


def _values(variant: dict[str, Any]) -> dict[str, str]:
    return {value.get("optionName") or "": value.get("name") or "" for value in variant["optionValues"]}


def _is_price(value: Any) -> bool:
    try:
        price = Decimal(str(value))
    except InvalidOperation:
        return False
    return price.is_finite() and price >= 0


def _new(shop: Shop, given: dict[str, Any]) -> ProductRecord:
    now = shop.now()
    number = shop.number()
    handle = re.sub(r"[^a-z0-9]+", "-", given["title"].lower()).strip("-") or f"product-{number}"
    taken = {product.handle for product in shop.products.values()}
    return ProductRecord(
        id=number,
        title=given["title"],
        handle=handle if handle not in taken else f"{handle}-{number}",
        description_html="",
        vendor="Simulated Goods",
        product_type="",
        status="ACTIVE",
        tags=[],
        created_at=now,
        updated_at=now,
    )


def _set_variants(shop: Shop, product: ProductRecord, given: dict[str, Any]) -> None:
    product.options = [
        ProductOption(
            id=shop.number(),
            name=option["name"],
            position=at,
            values=tuple(value["name"] for value in listed(option, "values")),
        )
        for at, option in enumerate(given["productOptions"], start=1)
    ]
    before = {tuple(sorted(variant.options.items())): variant for variant in product.variants}
    by_id = {f"gid://shopify/ProductVariant/{variant.id}": variant for variant in product.variants}
    kept: list[VariantRecord] = []
    for wanted in given["variants"]:
        variant = by_id.get(wanted.get("id")) or before.get(tuple(sorted(_values(wanted).items())))
        if variant is None or variant in kept:
            variant = _add_variant(shop, product, wanted)
        _fill(shop, variant, wanted)
        kept.append(variant)
    for variant in [old for old in product.variants if old not in kept]:
        shop.remove_variant(variant)
    product.variants = kept


def _add_variant(shop: Shop, product: ProductRecord, given: dict[str, Any]) -> VariantRecord:
    now = shop.now()
    variant = VariantRecord(
        id=shop.number(),
        product=product,
        options=_values(given),
        sku=None,
        price=Decimal(0),
        created_at=now,
        updated_at=now,
    )
    shop.add_variant(variant)
    variant.item.quantities = {number: stocked(0) for number in shop.locations}
    if not product.options:
        values = tuple(variant.options.items())
        product.options = [
            ProductOption(id=shop.number(), name=name, position=1, values=(value,)) for name, value in values
        ]
    return variant


def _fill(shop: Shop, variant: VariantRecord, given: dict[str, Any]) -> None:
    variant.options = _values(given)
    item = inner(given, "inventoryItem")
    sku = given.get("sku") if given.get("sku") is not None else item.get("sku")
    if sku is not None:
        variant.sku = sku
    for theirs, ours in (("barcode", "barcode"), ("taxable", "taxable")):
        if given.get(theirs) is not None:
            setattr(variant, ours, given[theirs])
    for theirs, ours in (("price", "price"), ("compareAtPrice", "compare_at_price")):
        if given.get(theirs) is not None:
            setattr(variant, ours, Decimal(str(given[theirs])))
    if item.get("tracked") is not None:
        variant.item.tracked = item["tracked"]
    for stock in listed(given, "inventoryQuantities"):
        location = find(shop, stock["locationId"])
        if location is not None:
            here = variant.item.quantities.setdefault(location.id, stocked(0))
            here[stock["name"]] = stock["quantity"]
    variant.updated_at = shop.now()


def _by_identifier(_source: Any, info: Info, identifier: dict[str, Any]) -> Any:
    shop: Shop = info.context.shop
    if identifier.get("id") is not None:
        found = find(shop, identifier["id"])
        return found if isinstance(found, ProductRecord) else None
    return next((product for product in shop.products.values() if product.handle == identifier.get("handle")), None)


def _description(product: ProductRecord, _info: Info, truncateAt: int | None = None) -> str:
    text = re.sub(r"<[^>]*>", "", product.description_html)
    return text if truncateAt is None or len(text) <= truncateAt else text[: max(0, truncateAt - 3)] + "..."


def _price(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, ".2f")


def _display_name(variant: VariantRecord) -> str:
    is_only = variant.title == "Default Title"
    return variant.product.title if is_only else f"{variant.product.title} - {variant.title}"


_VARIANT_FIELDS: dict[str, Callable[[VariantRecord], Any]] = {
    "id": lambda v: v.id,
    "sku": lambda v: v.sku,
    "title": lambda v: v.product.title,
    "tag": lambda v: v.product.tags,
    "vendor": lambda v: v.product.vendor,
    "product_id": lambda v: v.product.id,
    "product_type": lambda v: v.product.product_type,
    "default": lambda v: [v.product.title, v.title, v.sku],
}

PRODUCT_RESOLVERS: dict[str, Resolver] = {
    "QueryRoot.product": one(ProductRecord),
    "QueryRoot.productByIdentifier": _by_identifier,
    "QueryRoot.productVariant": one(VariantRecord),
    "QueryRoot.productVariants": many(lambda _source, shop: shop.variants.values(), _VARIANT_FIELDS),
    "Mutation.productSet": _set,
    "Product.id": gid("Product"),
    "Product.legacyResourceId": read(lambda p: str(p.id)),
    "Product.description": _description,
    "Product.totalInventory": read(lambda p: sum(v.item.available for v in p.variants)),
    "Product.publishedAt": read(lambda p: p.created_at),
    "Product.options": cut(lambda p: p.options),
    "Product.variants": paged(lambda p: p.variants),
    "ProductOption.id": gid("ProductOption"),
    "ProductVariant.id": gid("ProductVariant"),
    "ProductVariant.legacyResourceId": read(lambda v: str(v.id)),
    "ProductVariant.displayName": read(_display_name),
    "ProductVariant.price": read(lambda v: _price(v.price)),
    "ProductVariant.compareAtPrice": read(lambda v: _price(v.compare_at_price)),
    "ProductVariant.position": read(lambda v: v.product.variants.index(v) + 1),
    "ProductVariant.inventoryQuantity": read(lambda v: v.item.available),
    "ProductVariant.inventoryItem": read(lambda v: v.item),
    "ProductVariant.selectedOptions": read(lambda v: [{"name": n, "value": x} for n, x in v.options.items()]),
    "ProductSetOperation.id": constant("gid://shopify/ProductSetOperation/1"),
}
"""Products, their variants, and the mutation that makes them what they should be."""
