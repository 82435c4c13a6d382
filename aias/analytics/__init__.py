"""Analytics: what the stored facts come to per day, kept up to date, and as of when each figure is."""

from aias.analytics.models import Business, BusinessDay, Freshness, FunnelStage, UsageRow
from aias.analytics.queries import due_views, list_usage, read_business, refresh_view, roll_up_activity
from aias.analytics.upkeep import bring_up_to_date

__all__ = [
    "Business",
    "BusinessDay",
    "Freshness",
    "FunnelStage",
    "UsageRow",
    "bring_up_to_date",
    "due_views",
    "list_usage",
    "read_business",
    "refresh_view",
    "roll_up_activity",
]
