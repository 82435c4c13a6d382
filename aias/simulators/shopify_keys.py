"""Idempotency keys as the local shop keeps them: ``@idempotent(key:)`` on a mutation.

The rules (https://shopify.dev/docs/api/usage/implementing-idempotency): the same key with the same input gives the
result of the first call, the same key with another input is refused, and from version 2026-04 on stock adjustments and
refunds are refused without one. With :attr:`KeyStore.suppresses` off a key is taken and not looked at, as if the shop
had forgotten it: what a caller does about duplicates is then its own affair.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, get_directive_values

from aias.simulators.graph import Info, Resolver

__all__ = ["KeyStore", "keyed"]

_KEPT = 10_000
_MANDATORY_SINCE = "2026-04"


class KeyStore:
    """The keys that were used, each with its input and its result; the latest 10,000."""

    def __init__(self) -> None:
        self.suppresses = True
        self._kept: OrderedDict[str, tuple[str, Any]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        """Forget every key."""
        self._kept.clear()

    def once(self, key: str, request: str, make: Callable[[], Any]) -> Any:
        """The result of the first call with this key, which is this one or an earlier one."""
        if not self.suppresses:
            return make()
        known = self._kept.get(key)
        if known is None:
            self._kept[key] = (request, make())
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return self._kept[key][1]
        if known[0] != request:
            message = "The same idempotency key cannot be used with different operation parameters."
            error = {"field": None, "message": message, "code": "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"}
            return {"userErrors": [error]}
        return known[1]


def keyed(resolver: Resolver) -> Resolver:
    """A mutation that takes a key, and since 2026-04 demands one."""

    def resolve(source: Any, info: Info, **arguments: Any) -> Any:
        key = _key(info)
        if key is None:
            version: str = info.context.version
            if version >= _MANDATORY_SINCE:  # "unstable" is later than any date
                raise GraphQLError(
                    f"The @idempotent directive is required for {info.field_name} but was not provided.",
                    extensions={"code": "BAD_REQUEST"},
                )
            return resolver(source, info, **arguments)
        request = json.dumps([info.field_name, arguments], sort_keys=True, default=str)
        return info.context.keys.once(key, request, lambda: resolver(source, info, **arguments))

    return resolve


def _key(info: Info) -> str | None:
    directive = info.schema.get_directive("idempotent")
    if directive is None:
        return None
    values = get_directive_values(directive, info.field_nodes[0], info.variable_values)
    return None if values is None else str(values["key"])
