"""Analytics: what the stored facts come to per day, kept up to date, and as of when each figure is."""

from aias.analytics.queries import due_views, refresh_view, roll_up_activity

__all__ = ["due_views", "refresh_view", "roll_up_activity"]
