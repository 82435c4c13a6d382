"""What a report looks like: a page that stands alone, text, comma-separated values, and the mail with all three."""

from __future__ import annotations

import csv
import io
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from aias.notify import Attachment, ClaimedDelivery, RenderedMail
from aias.reports.charts import Series, stacked_bars
from aias.reports.models import UsageReport

__all__ = ["as_csv", "as_page", "as_text", "rendered"]

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_GREEN, _RED, _GREY, _BLUE = "#2e7d32", "#b3261e", "#9e9e9e", "#3b6ea5"


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("aias.reports"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:,.3g} s"


_FORMATS: Final[dict[str, Any]] = {"number": _number, "percent": _percent, "seconds": _seconds}


def as_page(report: UsageReport) -> str:
    """Write the page: HTML that needs nothing else, with the plots in it, fit for a screen, a mail and paper."""
    return _templates().get_template("usage.html.j2").render(_shown(report) | {"plots": _plots(report)})


def as_text(report: UsageReport) -> str:
    """Write it as plain text."""
    return _templates().get_template("usage.txt.j2").render(_shown(report))


def as_csv(report: UsageReport) -> str:
    """Write every figure as a row of section, name, measure and value (RFC 4180).

    A name that a spreadsheet would take for a formula is prefixed with an apostrophe: workflows and connections are
    named by people. Source: https://owasp.org/www-community/attacks/CSV_Injection
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("section", "name", "measure", "value"))
    for section, name, figures in _sections(report):
        for measure, value in figures.items():
            writer.writerow((section, _guarded(name), measure, "" if value is None else _guarded(value)))
    return out.getvalue()


def rendered(notice: ClaimedDelivery) -> RenderedMail:
    """Write the mail of a notice that holds a report."""
    report = UsageReport.model_validate(notice.details)
    name = f"usage-{report.tenant or 'all'}-{report.month:%Y-%m}"
    page = as_page(report)
    return RenderedMail(
        text=f"{as_text(report)}\nAll figures are in the attached file, with the plots in the attached page.\n",
        html=page,
        attachments=(
            Attachment(name=f"{name}.csv", subtype="csv", text=as_csv(report)),
            # many mail programs show no SVG in a mail: the page as a file has the plots anywhere
            Attachment(name=f"{name}.html", subtype="html", text=page),
        ),
    )


def _shown(report: UsageReport) -> dict[str, Any]:
    about = "all tenants" if report.tenant is None else (report.name or report.tenant)
    return {"report": report, "totals": report.totals, "about": about, "month": f"{report.month:%B %Y}"} | _FORMATS


def _plots(report: UsageReport) -> list[Markup]:
    labels = [f"{day.day.day}" for day in report.days]
    executions = stacked_bars(
        "Executions per day",
        labels,
        [
            Series(name="succeeded", colour=_GREEN, values=[day.succeeded_count for day in report.days]),
            Series(name="failed", colour=_RED, values=[day.failed_count for day in report.days]),
            Series(name="cancelled", colour=_GREY, values=[day.cancelled_count for day in report.days]),
        ],
    )
    calls = stacked_bars(
        "Calls of upstreams per day",
        labels,
        [
            Series(
                name="answered", colour=_BLUE, values=[day.call_count - day.call_failure_count for day in report.days]
            ),
            Series(name="failed", colour=_RED, values=[day.call_failure_count for day in report.days]),
        ],
    )
    return [Markup(plot) for plot in (executions, calls)]  # noqa: S704 (every text in them is escaped)


def _sections(report: UsageReport) -> list[tuple[str, str, dict[str, Any]]]:
    head = {"month": f"{report.month:%Y-%m}", "plan": report.plan, "is_complete": report.is_complete}
    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("report", report.tenant or "all tenants", head),
        ("totals", "", report.totals.model_dump()),
    ]
    rows += [("usage", one.measure, one.model_dump(exclude={"measure"})) for one in report.usage]
    rows += [("day", f"{one.day:%Y-%m-%d}", one.model_dump(exclude={"day"})) for one in report.days]
    rows += [("workflow", one.workflow or "", one.model_dump(exclude={"workflow"})) for one in report.workflows]
    rows += [
        ("integration", f"{one.kind}/{one.connection or ''}", one.model_dump(exclude={"kind", "connection"}))
        for one in report.integrations
    ]
    rows += [
        ("plan_change", one.tenant, one.model_dump(mode="json", exclude={"tenant"})) for one in report.plan_changes
    ]
    rows += [("tenant", one.tenant, one.model_dump(exclude={"tenant"})) for one in report.tenants]
    return rows


def _guarded(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULAS) else cell
