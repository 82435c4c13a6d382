"""Reports: what a month came to, as figures, a page, a file of comma-separated values and a mail.

SQL gives the figures and posts them into the outbox (``aias_private.post_usage_reports``); importing this package lets
that outbox's mails of the kind ``usage_report`` be written here.
"""

from aias.notify import register_rendering
from aias.reports.models import UsageReport
from aias.reports.queries import post_usage_reports, usage_report
from aias.reports.rendering import as_csv, as_page, as_text, rendered

__all__ = ["UsageReport", "as_csv", "as_page", "as_text", "post_usage_reports", "usage_report"]

register_rendering("usage_report", rendered)
