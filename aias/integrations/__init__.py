"""Integrations: Shopify, Wave, Slack, e-mail and plain HTTP, called so that nothing is lost or done twice.

What others may use: the connections of a tenant, and closing the pooled connections when a process ends. The actions
are registered by importing their modules (the entry points ``aias.actions``).
"""

from aias.integrations.client import close_clients
from aias.integrations.connections import Connection, connect, disconnect, forget_cached
from aias.integrations.effect_queries import resolve_effect
from aias.integrations.effects import once
from aias.integrations.kinds import Kind, kinds, register_kind
from aias.integrations.queries import Integration, list_integrations

__all__ = [
    "Connection",
    "Integration",
    "Kind",
    "close_clients",
    "connect",
    "disconnect",
    "forget_cached",
    "kinds",
    "list_integrations",
    "once",
    "register_kind",
    "resolve_effect",
]
