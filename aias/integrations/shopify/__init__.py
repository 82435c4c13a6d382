"""Shopify: the Admin API's client and the actions ``shopify.*`` (in ``actions``)."""

from aias.integrations.shopify.client import Shop, shopify, shopify_upstream
from aias.integrations.shopify.models import Order

__all__ = ["Order", "Shop", "shopify", "shopify_upstream"]
