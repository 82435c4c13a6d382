"""Alerts: what is wrong, who is told, and the messages that tell them.

Rules are rows, evaluated by SQL every minute (``aias_private.evaluate_alerts``); other domains raise alerts with
``aias_private.raise_alert``. Notices lie in the outbox of ``aias.notify``; ``deliver`` sends them.
"""

from aias.alerts.channels import MadeChannel, set_channel
from aias.alerts.delivering import Delivered, deliver
from aias.alerts.models import Alert, AlertRule, AlertSource, RuleChanges, Silence
from aias.alerts.operator_mail import operator_mail
from aias.alerts.queries import (
    acknowledge_alert,
    close_alert,
    end_silence,
    evaluate_alerts,
    find_alert,
    find_rule,
    list_alerts,
    list_rules,
    list_silences,
    list_sources,
    remove_rule,
    set_rule,
    silence_alerts,
)

__all__ = [
    "Alert",
    "AlertRule",
    "AlertSource",
    "Delivered",
    "MadeChannel",
    "RuleChanges",
    "Silence",
    "acknowledge_alert",
    "close_alert",
    "deliver",
    "end_silence",
    "evaluate_alerts",
    "find_alert",
    "find_rule",
    "list_alerts",
    "list_rules",
    "list_silences",
    "list_sources",
    "operator_mail",
    "remove_rule",
    "set_channel",
    "set_rule",
    "silence_alerts",
]
