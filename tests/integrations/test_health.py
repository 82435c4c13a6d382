"""Trying connections: on demand, hourly, and before a workflow that needs them is switched on."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from aias.app import app
from aias.errors import Conflict, NotFound, translated
from aias.integrations import check_connection, connect_app, forget_cached, list_health, refresh_queries
from aias.jobs import AiasConnector
from aias.simulators import Simulators, running_simulators
from aias.triggers import advance_schedules
from tests.clock import set_clock


async def health(workspace: Any) -> dict[str, Any]:
    async with workspace.pool.connection() as conn:
        return {row.kind: row for row in await list_health(conn, tenant=workspace.tenant)}


async def try_all(workspace: Any) -> dict[str, Any]:
    return {
        kind: await check_connection(workspace.pool, tenant_id=row.tenant_id, integration_id=row.integration_id)
        for kind, row in (await health(workspace)).items()
    }


async def test_connections_that_work_are_found_working(workspace: Any, sims: Simulators) -> None:
    async with running_simulators(which=("slack", "smtp")) as more:
        await workspace.connect("slack", {}, {"webhook_url": more.slack.url})
        mail = {"host": more.smtp.host, "port": more.smtp.port, "security": "none", "sender": "shop@example.com"}
        await workspace.connect("email", mail, {})
        await workspace.connect("http", {"url": sims.shopify.url}, {"headers": {}})
        checked = await try_all(workspace)
        assert {kind: one.is_working for kind, one in checked.items()} == dict.fromkeys(
            ("shopify", "wave", "slack", "email", "http"), True
        )
        assert (more.slack.message_count, more.smtp.state()["mails"]["count"]) == (0, 0)  # nobody saw a thing
    for row in (await health(workspace)).values():
        assert row.status == "connected"
        assert row.last_ok_at == row.last_checked_at
        assert row.latency_ms >= 0


async def test_a_check_that_fails_says_why_and_the_next_that_works_clears_it(workspace: Any, sims: Simulators) -> None:
    sims.shopify.faults.add({"match": {"operation": "shop"}, "times": 2, "do": {"status": 503}})
    for count in (1, 2):
        assert (await try_all(workspace))["shopify"].is_working is False
        row = (await health(workspace))["shopify"]
        assert (row.status, row.consecutive_failures) == ("failing", count)
    assert "503" in (row.last_error or "")
    assert (await try_all(workspace))["shopify"].is_working
    row = (await health(workspace))["shopify"]
    assert (row.status, row.last_error, row.consecutive_failures) == ("connected", None, 0)


async def test_a_check_that_could_not_be_made_changes_nothing_but_its_time(workspace: Any, sims: Simulators) -> None:
    sims.shopify.faults.add({"match": {"operation": "shop"}, "do": {"status": 503}})
    sims.shopify.faults.add({"match": {"operation": "shop"}, "do": {"status": 429, "retry_after": 1}})
    await try_all(workspace)
    before = (await health(workspace))["shopify"]
    assert (await try_all(workspace))["shopify"].is_working is None  # the shop is busy
    after = (await health(workspace))["shopify"]
    assert (after.status, after.last_error, after.consecutive_failures) == ("failing", before.last_error, 1)
    assert after.last_checked_at > before.last_checked_at


async def test_refused_credentials_revoke_and_working_ones_bring_back(workspace: Any, sims: Simulators) -> None:
    token, sims.shopify.token = sims.shopify.token, "another-token-0123"
    checked = (await try_all(workspace))["shopify"]
    assert (checked.is_working, checked.is_refused) == (False, True)
    assert (await health(workspace))["shopify"].status == "revoked"
    sims.shopify.token = token
    assert (await try_all(workspace))["shopify"].is_working
    assert (await health(workspace))["shopify"].status == "connected"


async def test_a_webhook_that_was_taken_back_is_revoked(workspace: Any) -> None:
    async with running_simulators(which=("slack",)) as running:
        await workspace.connect("slack", {}, {"webhook_url": f"{running.slack.base_url}/services/T0/B0/gone"})
        checked = (await try_all(workspace))["slack"]
    assert (checked.is_working, checked.is_refused) == (False, True)
    assert "gone" not in str(checked.detail)


async def test_a_server_that_is_not_there_is_failing(workspace: Any) -> None:
    mail = {"host": "127.0.0.1", "port": 1, "security": "none", "sender": "shop@example.com"}
    await workspace.connect("email", mail, {})
    await workspace.connect("http", {"url": "http://127.0.0.1:1"}, {"headers": {}})
    assert {kind: one.is_working for kind, one in (await try_all(workspace)).items()} == {
        "email": False,
        "http": False,
    }


async def test_a_connection_that_is_gone_is_not_found(workspace: Any) -> None:
    with pytest.raises(NotFound):
        await check_connection(workspace.pool, tenant_id=workspace.tenant_id, integration_id=UUID(int=1))


async def test_each_connection_is_handed_to_the_workers_once_an_hour(conn: Any) -> None:
    at = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    await set_clock(conn, at)
    await conn.execute("select aias.create_tenant('acme', 'pro')")
    for number in range(20):
        await conn.execute(
            "select aias.connect_integration('acme', 'shopify', %s, '{}', %s, %s, %s)",
            (f"n{number}", b"\x01" * 29, "0" * 16, UUID(int=number + 1)),
        )
    rounds = []
    for minute in range(1, 121):
        await set_clock(conn, at + timedelta(minutes=minute))
        rounds.append(await refresh_queries.defer_checks(conn, limit=1000))
    assert sum(rounds) == 40  # each twice in two hours
    assert max(rounds) < 8  # and spread over the hour
    await set_clock(conn, at + timedelta(hours=9))  # no worker ran for hours: each is made up for once
    assert await refresh_queries.defer_checks(conn, limit=1000) == 20
    assert await refresh_queries.defer_checks(conn, limit=1000) == 0
    jobs = await (
        await conn.execute("select distinct task, lane from aias.jobs where task = 'aias.check_connection'")
    ).fetchall()
    assert jobs == [("aias.check_connection", "maintenance")]


async def test_a_worker_checks_what_is_due_and_refreshes_what_is_about_to_end(
    database_url: str, pool: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AIAS_HOME", str(tmp_path))
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1")
    async with running_simulators(which=("shopify",), orders=1) as running:
        oauth = running.shopify.oauth
        monkeypatch.setenv("AIAS_SHOPIFY_CLIENT_ID", oauth.client_id)
        monkeypatch.setenv("AIAS_SHOPIFY_CLIENT_SECRET", oauth.client_secret)
        monkeypatch.setenv("AIAS_SHOPIFY_OAUTH_URL", running.shopify.url)
        async with pool.connection() as conn:
            await conn.execute("select aias.create_tenant('acme', 'pro')")
        made = await connect_app(pool, tenant="acme", user="kim", kind="shopify", config={"url": running.shopify.url})
        async with pool.connection() as conn:
            await conn.execute("update aias_private.integration_checks set next_check_at = aias_private.now()")
            await conn.execute("update aias_private.integrations set token_expires_at = aias_private.now()")
            app.perform_import_paths()
            declared = json.dumps([app.scheduled[name].to_json() for name in ("tokens", "connections")])
            await conn.execute("select aias_private.register_task_schedules(%s)", (declared,))
            await advance_schedules(pool)  # makes their plan
            soon = await (await conn.execute("select max(next_at) from aias.schedules")).fetchone()
            assert soon is not None
            await set_clock(conn, soon[0])
            assert await advance_schedules(pool) == 0.0
        for _ in range(2):  # the second one runs what the first has enqueued
            with app.replace_connector(AiasConnector(url=database_url)) as replaced:
                async with replaced.open_async():
                    await replaced.run_worker_async(wait=False, install_signal_handlers=False)
    async with pool.connection() as conn:
        runs = await conn.execute("select name, last_outcome from aias.schedules where last_due_at is not null")
        assert {("tokens", "succeeded"), ("connections", "succeeded")} <= set(await runs.fetchall())
        (row,) = await list_health(conn, tenant="acme")
        jobs = await (await conn.execute("select task, status from aias.jobs where status = 'failed'")).fetchall()
    assert jobs == []
    assert row.integration_id == made.id
    assert (row.status, row.consecutive_failures) == ("connected", 0)
    assert row.last_ok_at is not None
    assert row.token_expires_at is not None
    assert row.token_expires_at > datetime.now(UTC)
    assert [entry.operation for entry in running.shopify.journal.find()].count("shop") == 2  # connecting, checking


DEFINITION = """{"name": "w", "steps": [
    {"id": "a", "action": "shopify.order_get", "input": {}%s},
    {"id": "b", "action": "flow.sleep", "input": {"seconds": 1}},
    {"id": "c", "action": "for_each", "for_each": {"action": "email.send"}}
]}"""


@pytest.fixture
def needy(tx: Any) -> Any:
    """A workflow with steps of Shopify and, in a fan-out, of e-mail; switched off."""
    tx.execute("select aias.create_tenant('acme', 'pro')")

    def make(connection: str = "") -> None:
        tx.execute("select aias.apply_workflow('acme', %s)", (DEFINITION % connection,))
        tx.execute("select aias.set_workflow_enabled('acme', 'w', false)")

    return make


def connect(tx: Any, kind: str, name: str = "default") -> None:
    tx.execute(
        "select aias.connect_integration('acme', %s, %s, '{}', %s, %s, gen_random_uuid())",
        (kind, name, b"\x01" * 29, "0" * 16),
    )


def refusal(tx: Any) -> str | None:
    try:
        with translated(), tx.transaction():
            tx.execute("select aias.set_workflow_enabled('acme', 'w', true)")
    except Conflict as error:
        return error.message
    return None


def test_a_workflow_is_switched_on_only_when_its_connections_are_there_and_connected(tx: Any, needy: Any) -> None:
    needy()
    assert "there is no email connection: connect one" in (refusal(tx) or "")
    connect(tx, "email")
    assert "there is no shopify connection: connect one" in (refusal(tx) or "")
    connect(tx, "shopify")
    assert refusal(tx) is None
    tx.execute(
        """
        select aias_private.set_integration_status(i.tenant_id, i.id, null, 'revoked', 'the token was refused')
        from aias_private.integrations as i where i.kind = 'shopify'
        """
    )
    assert "the connection shopify:default is revoked (the token was refused)" in (refusal(tx) or "")


def test_a_step_that_names_its_connection_needs_that_one_only(tx: Any, needy: Any) -> None:
    needy(', "connection": "main"')
    connect(tx, "email")
    connect(tx, "shopify", "other")
    assert "there is no shopify connection 'main'" in (refusal(tx) or "")
    connect(tx, "shopify", "main")
    tx.execute(
        """
        select aias_private.set_integration_status(i.tenant_id, i.id, null, 'failing', 'down')
        from aias_private.integrations as i where i.name = 'other'
        """
    )
    assert refusal(tx) is None


def test_switching_off_asks_for_nothing(tx: Any, needy: Any) -> None:
    needy()
    tx.execute("select aias.set_workflow_enabled('acme', 'w', false)")


async def test_the_status_is_kept_by_the_version_of_the_credentials(workspace: Any, sims: Simulators) -> None:
    """What a slow check of old credentials found does not mark new ones."""
    row = (await health(workspace))["shopify"]
    await workspace.connect("shopify", {"url": sims.shopify.url}, {"access_token": sims.shopify.token})
    async with workspace.pool.connection() as conn:
        await refresh_queries.record_check(
            conn,
            refresh_queries.Credentials(
                tenant_id=row.tenant_id, integration_id=row.integration_id, credential_version=1
            ),
            is_working=False,
            is_refused=True,
            latency_ms=1,
            error="refused",
        )
    forget_cached()
    assert (await health(workspace))["shopify"].status == "connected"
