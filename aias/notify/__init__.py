"""Notices: the channels of tenants and operators, what they were told, and the outbox.

Telling somebody something is one SQL call, ``aias_private.post_notice``; the messages are written and sent by
``aias.alerts``, which stands above what it takes to send (mail, HTTP, sealed secrets).
"""

from aias.notify.models import Channel, ClaimedDelivery, Notification, StoredKey
from aias.notify.queries import (
    add_operator_key,
    claim_deliveries,
    find_channel,
    find_notification,
    list_channels,
    list_notifications,
    read_notifications,
    remove_channel,
    retry_notification,
    settle_delivery,
    start_test,
    store_channel,
)
from aias.notify.rendering import Attachment, RenderedMail, register_rendering, rendering_of

__all__ = [
    "Attachment",
    "Channel",
    "ClaimedDelivery",
    "Notification",
    "RenderedMail",
    "StoredKey",
    "add_operator_key",
    "claim_deliveries",
    "find_channel",
    "find_notification",
    "list_channels",
    "list_notifications",
    "read_notifications",
    "register_rendering",
    "remove_channel",
    "rendering_of",
    "retry_notification",
    "settle_delivery",
    "start_test",
    "store_channel",
]
