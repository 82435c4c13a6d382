"""The figures of a month, and what is made of them."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aias.errors import Forbidden, InvalidArgument, NotFound
from aias.reports import UsageReport, as_csv, as_page, as_text, usage_report
from aias.reports.charts import Series, stacked_bars
from tests.analytics.conftest import House
from tests.cli.conftest import Run

MARCH = date(2040, 3, 1)
APRIL = datetime(2040, 4, 1, 5, 30, tzinfo=UTC)


@pytest.fixture
async def march(house: House) -> House:
    """Two tenants in March 2040: acme with four executions and a move up, bella with one; then it is April."""
    for slug, plan in (("acme", "starter"), ("bella", "pro")):
        await house.tenant(slug, plan)
        await house.apply(slug)
        await house.run(slug)
    await house.run("acme")
    await house.run("acme", status="failed")
    await house.later(days=2)
    await house.value("select aias.set_plan('acme', 'pro')")
    await house.run("acme")
    await house.value("select aias_private.count_executions()")
    await house.at(APRIL)
    await house.roll_up()
    return house


async def test_a_month_is_told_per_tenant_and_in_all(march: House) -> None:
    acme = await usage_report(march.conn, tenant="acme")
    assert (acme.month, acme.is_complete, acme.tenant, acme.plan) == (MARCH, True, "acme", "pro")
    totals = acme.totals
    assert (totals.started_count, totals.succeeded_count, totals.failed_count) == (4, 3, 1)
    assert (totals.error_rate, totals.former_started_count) == (0.25, 0)
    assert {one.measure: one.used_count for one in acme.usage}["executions"] == 4
    assert len(acme.days) == 31
    assert [(one.day.day, one.started_count) for one in acme.days if one.started_count] == [(10, 3), (12, 1)]
    (flow,) = acme.workflows
    assert (flow.workflow, flow.started_count, flow.failed_count, flow.error_rate) == ("flow", 4, 1, 0.25)
    ((change),) = acme.plan_changes
    assert (change.from_plan, change.to_plan, change.direction) == ("starter", "pro", "up")
    assert acme.tenants == []
    everybody = await usage_report(march.conn)
    assert (everybody.totals.started_count, everybody.totals.tenant_count) == (5, 2)
    assert [(one.tenant, one.started_count) for one in everybody.tenants] == [("acme", 4), ("bella", 1)]
    april = await usage_report(march.conn, tenant="acme", month=APRIL.date())
    assert (april.is_complete, april.totals.started_count, april.totals.former_started_count) == (False, 0, 4)


async def test_percentiles_are_those_of_the_months_executions(march: House) -> None:
    tenant = await march.value("select id from aias.tenants where slug = 'acme'")
    await march.conn.execute("delete from aias_private.metric_days")
    await march.conn.execute(
        """
        insert into aias_private.metric_days (
            tenant_id, id, at, metric, key, detail, plan, observation_count, failure_count, refusal_count,
            total_seconds, buckets, counts
        )
        select
            %s, aias_private.uuid7(), d.at, 'executions', 'flow', '', 'pro', 10, 0, 0, 20,
            array[aias_private.histogram_bucket(d.seconds)], array[10]
        from (values ('2040-03-02'::timestamptz, 1.0), ('2040-03-30', 3.0), ('2040-04-01', 100.0)) as d(at, seconds)
        """,
        [tenant],
    )
    report = await usage_report(march.conn, tenant="acme")
    for told in (report.totals, report.workflows[0]):
        assert told.p50_seconds == pytest.approx(2.0, rel=0.02)
        assert told.p99_seconds == pytest.approx(3.0, rel=0.02)


async def test_a_confined_caller_gets_its_own_and_nobody_elses(march: House) -> None:
    acme = await march.value("select id from aias.tenants where slug = 'acme'")
    async with march.conn.transaction(force_rollback=True):
        await march.conn.execute("set local role aias_app")
        await march.conn.execute("select set_config('aias.tenant_id', %s, true)", [str(acme)])
        assert (await usage_report(march.conn)).tenant == "acme"
        with pytest.raises(NotFound):
            async with march.conn.transaction():
                await usage_report(march.conn, tenant="bella")
    with pytest.raises(InvalidArgument, match="has not begun"):
        await usage_report(march.conn, month=APRIL.date() + timedelta(days=40))
    async with march.conn.transaction(force_rollback=True):
        await march.conn.execute("set local role aias_app")
        with pytest.raises(Forbidden, match="belongs to no tenant"):
            await usage_report(march.conn)


async def test_what_people_have_named_is_neither_markup_nor_a_formula(march: House) -> None:
    report = await usage_report(march.conn, tenant="acme")
    flow = report.workflows[0].model_copy(update={"workflow": "=cmd|'/c calc'!A1 <script>alert(1)</script>"})
    report = report.model_copy(update={"workflows": [flow], "name": "<b>Acme</b>"})
    page = as_page(report)
    assert "<script>" not in page
    assert "<b>Acme" not in page
    assert "&lt;b&gt;Acme" in page
    assert not re.search(r"""(src|href)\s*=|url\(|@import""", page)  # nothing is loaded from elsewhere
    plots = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(plots) == 2
    drawn = ET.fromstring(plots[0])
    bars = drawn.findall("{http://www.w3.org/2000/svg}g")
    assert len(bars) == 31
    assert bars[9].findtext("{http://www.w3.org/2000/svg}title") == "10: succeeded 2, failed 1, cancelled 0"
    rows = list(csv.reader(io.StringIO(as_csv(report))))
    assert rows[0] == ["section", "name", "measure", "value"]
    assert ["totals", "", "started_count", "4"] in rows
    assert ["day", "2040-03-10", "failed_count", "1"] in rows
    named = [row[1] for row in rows if row[0] == "workflow"]
    assert named
    assert all(name.startswith("'=cmd") for name in named)
    for cell in ("+1", "-1", "@x", "\tx"):
        changed = report.model_copy(update={"workflows": [flow.model_copy(update={"workflow": cell})]})
        assert f"'{cell}" in as_csv(changed)
    assert "Executions started    4" in as_text(report)


def test_a_plot_escapes_its_texts_and_scales_its_bars() -> None:
    drawn = stacked_bars("<a&b>", ['"x"'], [Series(name="<n>", colour="#000", values=[7])])
    root = ET.fromstring(drawn)
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "<a&b>"
    (bar,) = root.findall("{http://www.w3.org/2000/svg}g/{http://www.w3.org/2000/svg}rect")
    assert float(bar.attrib["height"]) == pytest.approx(7 / 8 * 146, abs=0.1)
    with pytest.raises(ValueError, match="labels"):
        stacked_bars("t", ["1", "2"], [Series(name="n", colour="#000", values=[1])])


def test_the_command_shows_it_and_writes_the_files(ok: Callable[..., Any], cli: Run, tmp_path: Path) -> None:
    ok("tenant", "create", "acme", "--plan", "pro")
    page, figures = tmp_path / "page.html", tmp_path / "figures.csv"
    told = ok("report", "usage", "--tenant", "acme", "--html", str(page), "--csv", str(figures))
    assert UsageReport.model_validate(told).tenant == "acme"
    assert page.read_text().startswith("<!doctype html>")
    assert figures.read_bytes().startswith(b"section,name,measure,value\r\n")
    assert "all tenants" in cli("report", "usage").out
    assert cli("report", "usage", "--tenant", "nobody").code == 3
    assert cli("report", "usage", "--month", "2999-01").code == 2
