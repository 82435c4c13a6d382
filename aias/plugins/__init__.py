"""Plugins: what steps can call and everything else that an installed package may bring; who may use it; flags.

An action is an async function with pydantic models in and out::

    @action("shopify.order_get", effect="none", timeout=30.0, integration="shopify")
    async def order_get(context: ActionContext, data: OrderGetInput) -> OrderGetOutput:
        \"\"\"Fetch one order from Shopify.\"\"\"

It raises ``TransientError`` (try again later) or ``PermanentError`` (never again) of ``aias.errors``.
"""

from aias.plugins.action import Action, ActionContext, Effect, OnGate, OnUnknown, RetryPolicy, Wait, WaitKind
from aias.plugins.contributions import (
    Analytics,
    all_analytics,
    all_simulators,
    register_analytics,
    register_simulator,
)
from aias.plugins.entry_points import API_VERSION, Plugin, PluginFailure, installed_plugins, load_plugins
from aias.plugins.queries import (
    Flag,
    FlagTenant,
    PluginRule,
    ReportedPlugin,
    allow_plugin,
    enabled_flags,
    is_enabled,
    list_flag_tenants,
    list_flags,
    list_plugin_rules,
    list_reported_plugins,
    note_refused_plugins,
    refuse_plugin,
    refused_plugins,
    remove_flag,
    report_plugins,
    reset_plugin,
    set_flag,
)
from aias.plugins.registry import Registry, action, all_actions, get_action, registry
from aias.plugins.rules import forget_rules, is_flag_on, pass_gates, refused_of

__all__ = [
    "API_VERSION",
    "Action",
    "ActionContext",
    "Analytics",
    "Effect",
    "Flag",
    "FlagTenant",
    "OnGate",
    "OnUnknown",
    "Plugin",
    "PluginFailure",
    "PluginRule",
    "Registry",
    "ReportedPlugin",
    "RetryPolicy",
    "Wait",
    "WaitKind",
    "action",
    "all_actions",
    "all_analytics",
    "all_simulators",
    "allow_plugin",
    "enabled_flags",
    "forget_rules",
    "get_action",
    "installed_plugins",
    "is_enabled",
    "is_flag_on",
    "list_flag_tenants",
    "list_flags",
    "list_plugin_rules",
    "list_reported_plugins",
    "load_plugins",
    "note_refused_plugins",
    "pass_gates",
    "refuse_plugin",
    "refused_of",
    "refused_plugins",
    "register_analytics",
    "register_simulator",
    "registry",
    "remove_flag",
    "report_plugins",
    "reset_plugin",
    "set_flag",
]
