"""Stock as the local shop counts it: quantities by location, changed by deltas, all of a call or nothing."""

from __future__ import annotations

from typing import Any

from aias.simulators.connections import connect
from aias.simulators.graph import Info, Resolver
from aias.simulators.resolving import constant, gid, read
from aias.simulators.shopify_context import find, many, one, user_error
from aias.simulators.shopify_keys import keyed
from aias.simulators.shopify_records import AdjustmentGroup, InventoryItem, InventoryLevel, Location
from aias.simulators.shopify_store import Shop

__all__ = ["STOCK_RESOLVERS"]

_NAMES = frozenset({"available", "damaged", "incoming", "quality_control", "reserved", "safety_stock"})
_SETTABLE = frozenset({"available", "on_hand"})
_REASONS = frozenset(
    {
        "correction", "cycle_count_available", "damaged", "movement_canceled", "movement_created", "movement_received",
        "movement_updated", "other", "promotion", "quality_control", "received", "reservation_created",
        "reservation_deleted", "reservation_updated", "restock", "safety_stock", "shrinkage",
    }
)  # fmt: skip
_MOST_CHANGES = 250
_LARGEST = 1_000_000_000
_COMPARED_SINCE = "2026-04"


def _adjust(_source: Any, info: Info, input: dict[str, Any]) -> Any:
    shop: Shop = info.context.shop
    problem = _problem(shop, input, info.context.version)
    if problem is not None:
        return {"inventoryAdjustmentGroup": None, "userErrors": [problem]}
    return _changed(shop, input, [_change(shop, wanted, input["name"], wanted["delta"]) for wanted in input["changes"]])


def _set(_source: Any, info: Info, input: dict[str, Any]) -> Any:
    shop: Shop = info.context.shop
    problem = _bad_quantities(shop, input, info.context.version)
    if problem is not None:
        return {"inventoryAdjustmentGroup": None, "userErrors": [problem]}
    name = input["name"]
    changes = [
        _change(shop, wanted, name, wanted["quantity"] - _there(shop, wanted, name)) for wanted in input["quantities"]
    ]
    return _changed(shop, input, changes)


def _there(shop: Shop, wanted: dict[str, Any], name: str) -> int:
    """The quantity before."""
    return find(shop, wanted["inventoryItemId"]).quantities[find(shop, wanted["locationId"]).id].get(name, 0)


def _change(shop: Shop, wanted: dict[str, Any], name: str, delta: int) -> dict[str, Any]:
    """Change a quantity by so much, and that on hand with it; what was changed."""
    item, location = find(shop, wanted["inventoryItemId"]), find(shop, wanted["locationId"])
    here = item.quantities[location.id]
    for moved in {name, "available" if name == "on_hand" else "on_hand"}:
        here[moved] = here.get(moved, 0) + (0 if name == "incoming" and moved == "on_hand" else delta)
    item.updated_at = shop.now()
    return {
        "name": name,
        "delta": delta,
        "quantityAfterChange": here[name],
        "ledgerDocumentUri": wanted.get("ledgerDocumentUri"),
        "item": item,
        "location": location,
    }


def _changed(shop: Shop, input: dict[str, Any], changes: list[dict[str, Any]]) -> dict[str, Any]:
    """The payload of a change that was made."""
    group = AdjustmentGroup(
        id=shop.number(),
        created_at=shop.now(),
        reason=input["reason"],
        reference=input.get("referenceDocumentUri"),
        changes=tuple(changes),
    )
    shop.adjustments[group.id] = group
    for change in changes:
        shop.changed("INVENTORY_LEVELS_UPDATE", InventoryLevel(item=change["item"], location=change["location"]))
    return {"inventoryAdjustmentGroup": group, "userErrors": []}


def _problem(shop: Shop, given: dict[str, Any], version: str) -> dict[str, Any] | None:
    name = given["name"]
    if name not in _NAMES:
        return user_error("The specified quantity name is not valid", "input", "name", code="INVALID_QUANTITY_NAME")
    if given["reason"] not in _REASONS:
        return user_error("The specified reason is not valid", "input", "reason", code="INVALID_REASON")
    reference = given.get("referenceDocumentUri")
    if reference is not None and ":" not in reference:
        path = ("input", "referenceDocumentUri")
        return user_error("The reference document URI is not valid", *path, code="INVALID_REFERENCE_DOCUMENT")
    if not 1 <= len(given["changes"]) <= _MOST_CHANGES:
        path = ("input", "changes")
        return user_error(f"1 to {_MOST_CHANGES} changes are allowed", *path, code="ADJUST_QUANTITIES_FAILED")
    for at, wanted in enumerate(given["changes"]):
        problem = _bad_change(shop, wanted, name, version)
        if problem is not None:
            message, code, field = problem
            return user_error(message, "input", "changes", str(at), field, code=code)
    return None


def _bad_change(shop: Shop, wanted: dict[str, Any], name: str, version: str) -> tuple[str, str, str] | None:
    item, location = find(shop, wanted["inventoryItemId"]), find(shop, wanted["locationId"])
    if not isinstance(item, InventoryItem):
        return "The specified inventory item could not be found", "INVALID_INVENTORY_ITEM", "inventoryItemId"
    if not isinstance(location, Location):
        return "The specified location could not be found", "INVALID_LOCATION", "locationId"
    if location.id not in item.quantities:
        message = "The inventory item is not stocked at the location"
        return message, "ITEM_NOT_STOCKED_AT_LOCATION", "locationId"
    if (wanted.get("ledgerDocumentUri") is None) != (name == "available"):
        message = "A ledger document URI is required for every quantity but available"
        return message, "INVALID_LEDGER_DOCUMENT", "ledgerDocumentUri"
    if "changeFromQuantity" not in wanted and version >= _COMPARED_SINCE:
        return "changeFromQuantity must be given, if only null", "ADJUST_QUANTITIES_FAILED", "changeFromQuantity"
    there = item.quantities[location.id].get(name, 0)
    expected = wanted.get("changeFromQuantity")
    if expected is not None and expected != there:
        message = "The quantity has changed since it was read"
        return message, "CHANGE_FROM_QUANTITY_STALE", "changeFromQuantity"
    if abs(there + wanted["delta"]) > _LARGEST:
        return "The quantity would be too high", "INVALID_QUANTITY_TOO_HIGH", "delta"
    return None


def _bad_quantities(shop: Shop, given: dict[str, Any], version: str) -> dict[str, Any] | None:
    """The user error of quantities that can't be set."""
    if given["name"] not in _SETTABLE:
        return user_error(
            "The quantity name must be either 'available' or 'on_hand'.", "input", "name", code="INVALID_NAME"
        )
    if given["reason"] not in _REASONS:
        return user_error("The specified reason is not valid", "input", "reason", code="INVALID_REASON")
    if not 1 <= len(given["quantities"]) <= _MOST_CHANGES:
        return user_error(f"1 to {_MOST_CHANGES} quantities are allowed", "input", "quantities", code="INVALID_NAME")
    seen: set[tuple[str, str]] = set()
    for at, wanted in enumerate(given["quantities"]):
        problem = _bad_quantity(shop, wanted, given["name"], version)
        pair = wanted["inventoryItemId"], wanted["locationId"]
        if problem is None and pair in seen:
            message = "The combination of inventoryItemId and locationId must be unique"
            problem = message, "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR", "locationId"
        if problem is not None:
            return user_error(problem[0], "input", "quantities", str(at), problem[2], code=problem[1])
        seen.add(pair)
    return None


def _bad_quantity(shop: Shop, wanted: dict[str, Any], name: str, version: str) -> tuple[str, str, str] | None:
    item, location = find(shop, wanted["inventoryItemId"]), find(shop, wanted["locationId"])
    if not isinstance(item, InventoryItem):
        return "The specified inventory item could not be found.", "INVALID_INVENTORY_ITEM", "inventoryItemId"
    if not isinstance(location, Location):
        return "The specified location could not be found.", "INVALID_LOCATION", "locationId"
    if location.id not in item.quantities:
        message = "The specified inventory item is not stocked at the location."
        return message, "ITEM_NOT_STOCKED_AT_LOCATION", "locationId"
    if wanted["quantity"] < 0:
        return "The quantity can't be negative.", "INVALID_QUANTITY_NEGATIVE", "quantity"
    if wanted["quantity"] > _LARGEST:
        return "The quantity can't be higher than 1,000,000,000.", "INVALID_QUANTITY_TOO_HIGH", "quantity"
    if "changeFromQuantity" not in wanted and version >= _COMPARED_SINCE:
        return "The change from quantity argument is required.", "COMPARE_QUANTITY_REQUIRED", "changeFromQuantity"
    expected = wanted.get("changeFromQuantity")
    if expected is not None and expected != item.quantities[location.id].get(name, 0):
        message = "The changeFromQuantity argument no longer matches the persisted quantity."
        return message, "CHANGE_FROM_QUANTITY_STALE", "changeFromQuantity"
    return None


def _level(item: InventoryItem, info: Info, locationId: str, includeInactive: bool = False) -> Any:  # noqa: FBT001, FBT002
    del includeInactive
    location = find(info.context.shop, locationId)
    if not isinstance(location, Location) or location.id not in item.quantities:
        return None
    return InventoryLevel(item=item, location=location)


def _levels(item: InventoryItem, info: Info, query: str | None = None, **page: Any) -> Any:
    del query
    shop: Shop = info.context.shop
    levels = [InventoryLevel(item=item, location=shop.locations[number]) for number in item.quantities]
    return connect(levels, key=lambda level: level.id, **page)


def _quantities(level: InventoryLevel, _info: Info, names: list[str]) -> Any:
    here = level.item.quantities[level.location.id]
    return [
        {
            "id": f"gid://shopify/InventoryQuantity/{level.id}?name={name}",
            "name": name,
            "quantity": here.get(name, 0),
            "updatedAt": level.item.updated_at,
        }
        for name in names
    ]


def _location(_source: Any, info: Info, id: str | None = None) -> Any:
    shop: Shop = info.context.shop
    if id is None:
        return next(iter(shop.locations.values()))
    found = find(shop, id)
    return found if isinstance(found, Location) else None


def _changes(
    group: AdjustmentGroup,
    _info: Info,
    inventoryItemIds: list[str] | None = None,
    locationIds: list[str] | None = None,
    quantityNames: list[str] | None = None,
) -> Any:
    return [
        change
        for change in group.changes
        if (inventoryItemIds is None or f"gid://shopify/InventoryItem/{change['item'].id}" in inventoryItemIds)
        and (locationIds is None or f"gid://shopify/Location/{change['location'].id}" in locationIds)
        and (quantityNames is None or change["name"] in quantityNames)
    ]


STOCK_RESOLVERS: dict[str, Resolver] = {
    "QueryRoot.inventoryItem": one(InventoryItem),
    "QueryRoot.location": _location,
    "QueryRoot.locations": many(
        lambda _source, shop: shop.locations.values(), {"name": lambda x: x.name, "default": lambda x: x.name}
    ),
    "Mutation.inventoryAdjustQuantities": keyed(_adjust),
    "Mutation.inventorySetQuantities": keyed(_set),
    "Location.id": gid("Location"),
    "Location.legacyResourceId": read(lambda x: str(x.id)),
    "Location.isActive": constant(value=True),
    "Location.fulfillsOnlineOrders": constant(value=True),
    "InventoryItem.id": gid("InventoryItem"),
    "InventoryItem.legacyResourceId": read(lambda i: str(i.id)),
    "InventoryItem.sku": read(lambda i: i.variant.sku),
    "InventoryItem.requiresShipping": read(lambda i: i.variant.requires_shipping),
    "InventoryItem.createdAt": read(lambda i: i.variant.created_at),
    "InventoryItem.inventoryLevel": _level,
    "InventoryItem.inventoryLevels": _levels,
    "InventoryLevel.id": gid("InventoryLevel"),
    "InventoryLevel.quantities": _quantities,
    "InventoryLevel.createdAt": read(lambda x: x.item.variant.created_at),
    "InventoryLevel.updatedAt": read(lambda x: x.item.updated_at),
    "InventoryAdjustmentGroup.id": gid("InventoryAdjustmentGroup"),
    "InventoryAdjustmentGroup.referenceDocumentUri": read(lambda g: g.reference),
    "InventoryAdjustmentGroup.changes": _changes,
}
"""Stock, the places that keep it, and the mutation that changes it."""
