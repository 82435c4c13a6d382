"""Integrations: Shopify, Wave, Slack, e-mail and plain HTTP, called so that nothing is lost or done twice.

What others may use: the connections of a tenant, how they are made, tried and renewed, and closing the pooled
connections when a process ends. The actions are registered by importing their modules (the entry points
``aias.actions``).
"""

from aias.integrations.bringing import brought_kinds, client_of, register_integration
from aias.integrations.call import Call
from aias.integrations.checking import Checked, check_connection, register_check, try_credentials
from aias.integrations.client import Upstream, close_clients
from aias.integrations.connecting import Connected, connect_tried
from aias.integrations.connections import Connection, connect, disconnect, find_connection, forget_cached
from aias.integrations.effect_queries import Effect, list_effects, resolve_effect
from aias.integrations.effects import once
from aias.integrations.gatekeeper import flush_reports
from aias.integrations.gates import Breaker, Gate, close_gate, list_breakers, list_gates, open_gate
from aias.integrations.keys import Rotation, erase_keys, rotate_master_key, rotate_tenant_key
from aias.integrations.kinds import Kind, kinds, register_kind
from aias.integrations.oauth import Started, connect_app, finish_oauth, start_oauth
from aias.integrations.providers import Provider
from aias.integrations.queries import Integration, list_integrations
from aias.integrations.refresh_queries import Health, list_health
from aias.integrations.refreshing import refresh_due

__all__ = [
    "Breaker",
    "Call",
    "Checked",
    "Connected",
    "Connection",
    "Effect",
    "Gate",
    "Health",
    "Integration",
    "Kind",
    "Provider",
    "Rotation",
    "Started",
    "Upstream",
    "brought_kinds",
    "check_connection",
    "client_of",
    "close_clients",
    "close_gate",
    "connect",
    "connect_app",
    "connect_tried",
    "disconnect",
    "erase_keys",
    "find_connection",
    "finish_oauth",
    "flush_reports",
    "forget_cached",
    "kinds",
    "list_breakers",
    "list_effects",
    "list_gates",
    "list_health",
    "list_integrations",
    "once",
    "open_gate",
    "refresh_due",
    "register_check",
    "register_integration",
    "register_kind",
    "resolve_effect",
    "rotate_master_key",
    "rotate_tenant_key",
    "start_oauth",
    "try_credentials",
]
