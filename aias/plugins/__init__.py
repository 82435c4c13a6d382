"""Actions: what a step of a workflow can call, built in or brought by an installed package.

An action is an async function with pydantic models in and out::

    @action("shopify.order_get", effect="none", timeout=30.0, integration="shopify")
    async def order_get(context: ActionContext, data: OrderGetInput) -> OrderGetOutput:
        \"\"\"Fetch one order from Shopify.\"\"\"

It raises ``TransientError`` (try again later) or ``PermanentError`` (never again) of ``aias.errors``.
"""

from aias.plugins.action import Action, ActionContext, Effect, OnUnknown, Wait, WaitKind
from aias.plugins.entry_points import PluginFailure, load_plugins
from aias.plugins.registry import Registry, action, all_actions, get_action, registry

__all__ = [
    "Action",
    "ActionContext",
    "Effect",
    "OnUnknown",
    "PluginFailure",
    "Registry",
    "Wait",
    "WaitKind",
    "action",
    "all_actions",
    "get_action",
    "load_plugins",
    "registry",
]
