"""An integration as a plugin brings it: its kind of connection, its client, its check, its OAuth and its simulator.

::

    PARCEL = register_integration(
        Kind(name="parcel", config=ParcelConfig, secret=ParcelSecret),
        base_url=lambda config: config.url,
        headers=lambda secret: {"Authorization": secret.header()},
        check=check_parcel,
        simulator=make_simulator,
    )

    @action("parcel.ship", integration="parcel")
    async def ship(context: ActionContext, data: ShipInput) -> ShipOutput:
        client = client_of(await find_connection(context, PARCEL))
        answer = await client.call("POST", "/parcels", json={...}, call=Call.of(context))
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr

from aias.errors import ConfigurationError
from aias.integrations.checking import Check, register_check
from aias.integrations.client import Upstream
from aias.integrations.connections import Connection
from aias.integrations.kinds import Kind, kinds, register_kind
from aias.integrations.providers import Provider, register_provider
from aias.plugins import register_simulator
from aias.staging import loading_plugin, staged

__all__ = ["brought_kinds", "client_of", "plugin_of_kind", "register_integration"]

Config = TypeVar("Config", bound=BaseModel)
Secret = TypeVar("Secret", bound=BaseModel)

_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")


@dataclass(frozen=True, slots=True)
class _Client:
    base_url: Callable[[Any], str]
    headers: Callable[[Any], Mapping[str, SecretStr]]
    plugin: str | None


_clients: dict[str, _Client] = staged("clients", {})


def register_integration(
    kind: Kind[Config, Secret],
    *,
    base_url: Callable[[Config], str],
    headers: Callable[[Secret], Mapping[str, SecretStr]],
    check: Check,
    oauth: Provider | None = None,
    simulator: Callable[[], Any] | None = None,
) -> Kind[Config, Secret]:
    """Make a service known: it is connected, tried each hour, limited and gated as Shopify is; gives the kind back.

    Args:
        kind: its name, and the models of its settings and its secret, which say what credentials are valid.
        base_url: where a connection's service is, by its settings.
        headers: what goes with each call, by its secret; never logged or shown.
        check: the smallest call that shows whether credentials work and changes nothing; raises a ``StepError``.
        oauth: how tokens are granted and refreshed, where they are not given by hand.
        simulator: gives an ``aias.simulators.Simulator`` that speaks like the service, for ``aias simulator NAME``;
            import its module in there.

    Raises:
        ConfigurationError: the name is malformed or taken.
    """
    if not _NAME.fullmatch(kind.name):
        raise ConfigurationError(f"an integration can't be called {kind.name!r}")
    register_kind(kind)
    register_check(kind.name, check)
    _clients[kind.name] = _Client(base_url, headers, loading_plugin())
    if oauth is not None:
        register_provider(kind.name, oauth)
    if simulator is not None:
        register_simulator(kind.name, simulator)
    return kind


def brought_kinds() -> dict[str, Kind[Any, Any]]:
    """Give the kinds that were registered by ``register_integration``, by name."""
    return {name: kind for name, kind in kinds().items() if name in _clients}


def plugin_of_kind(kind: str) -> str | None:
    """Name the plugin that brought a kind of connection; none where none did."""
    client = _clients.get(kind)
    return None if client is None else client.plugin


def client_of(connection: Connection[Any, Any]) -> Upstream:
    """Give the client of a connection: bounded, behind its gate, its breaker and its limits.

    Raises:
        ConfigurationError: the kind was not registered by ``register_integration``.
    """
    client = _clients.get(connection.kind)
    if client is None:
        raise ConfigurationError(f"nothing brings a client for {connection.kind}")
    return Upstream(
        name=connection.label,
        base_url=client.base_url(connection.config),
        headers=client.headers(connection.secret),
        egress=connection.egress,
        guard=connection.guard,
    )
