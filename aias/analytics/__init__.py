"""Analytics: what the stored facts come to per day, kept up to date, and as of when each figure is."""

from aias.analytics.models import Business, BusinessDay, Freshness, FunnelStage, UsageRow
from aias.analytics.queries import due_views, list_usage, read_business, refresh_view, roll_up_activity

__all__ = [
    "Business",
    "BusinessDay",
    "Freshness",
    "FunnelStage",
    "UsageRow",
    "due_views",
    "list_usage",
    "read_business",
    "refresh_view",
    "roll_up_activity",
]
