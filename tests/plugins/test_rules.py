"""Plugins that tenants may or may not use, flags and an action's own policy, as the engine honours them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from pydantic import BaseModel

from aias.db import open_pool
from aias.errors import ConfigurationError, DefinitionError, Forbidden, TransientError
from aias.integrations import Kind, close_gate, connect_tried, open_gate, register_integration
from aias.plugins import ActionContext, RetryPolicy, action, forget_rules, refuse_plugin, reset_plugin
from aias.staging import Stage, loading
from tests.workflows.lab import CallInput, CallOutput, Lab, step

Tx = psycopg.Connection[Any]


@pytest.fixture
async def lab(database_url: str) -> AsyncIterator[Lab]:
    async with await open_pool(database_url, min_size=1, max_size=10) as pool:
        lab = await Lab(pool=pool, tenant="acme").open()
        with lab.actions():
            yield lab
    forget_rules()


def brought_by(plugin: str, lab: Lab, name: str = "foreign.call") -> None:
    """Register an action as a plugin of that name would."""

    async def call(context: ActionContext, data: CallInput) -> CallOutput:
        return await lab.behave(context, data)

    call.__qualname__ = f"behave_{name}"
    with loading(plugin):
        action(name)(call)


def flow(name: str = "foreign.call") -> dict[str, Any]:
    return {"steps": [step("a", action=name)]}


async def test_a_refused_plugin_neither_validates_nor_runs_and_its_return_is_noticed(lab: Lab) -> None:
    brought_by("acme-parcel", lab)
    before = await lab.start(flow())
    async with lab.pool.connection() as conn:
        await refuse_plugin(conn, "acme-parcel", tenant="acme", reason="not in the contract")
    with pytest.raises(DefinitionError) as caught:
        await lab.start({"name": "other", **flow()})
    (problem,) = caught.value.problems
    assert problem.path == "$.steps[0].action"
    assert "acme-parcel" in problem.message
    assert "not in the contract" in problem.message

    execution = await lab.drive(before)
    assert execution.status == "failed"
    assert execution.error is not None
    assert execution.error["type"] == "PluginRefused"
    assert "acme-parcel (not in the contract)" in execution.error["message"]
    assert lab.called() == []
    told = await lab.value(
        "select array_agg(action order by id) from aias.audit_log"
        " where action in ('plugin.refused', 'execution.refused') and tenant_id = %s",
        lab.tenant_id,
    )
    assert told == ["plugin.refused", "execution.refused"]

    async with lab.pool.connection() as conn:
        await reset_plugin(conn, "acme-parcel", tenant="acme")
    forget_rules()
    assert (await lab.finish({"name": "other", **flow()})).status == "succeeded"


class Nothing(BaseModel):
    """No settings, no secret."""


async def test_a_refused_plugins_integration_is_not_connected(lab: Lab) -> None:
    async def check(connection: object) -> None:
        """Everything works."""

    kind = Kind(name="rulekind", config=Nothing, secret=Nothing)
    before = Stage()
    try:
        with loading("acme-parcel"):
            register_integration(kind, base_url=lambda _: "http://x", headers=lambda _: {}, check=check)
        async with lab.pool.connection() as conn:
            await refuse_plugin(conn, "acme-parcel", tenant="acme", reason="in trial")
        with pytest.raises(Forbidden, match="in trial"):
            await connect_tried(lab.pool, tenant="acme", kind="rulekind", config={}, secret={})
    finally:
        before.undo()


async def test_what_a_plugin_is_refused_does_not_touch_other_tenants_or_workflows(lab: Lab) -> None:
    brought_by("acme-parcel", lab)
    async with lab.pool.connection() as conn:
        await conn.execute("select aias.create_tenant('zoo')")
        await refuse_plugin(conn, "acme-parcel", tenant="zoo")
    assert (await lab.finish(flow())).status == "succeeded"
    assert (await lab.finish({"name": "plain", "steps": [step("a")]})).status == "succeeded"


def test_a_tenants_rule_comes_before_the_one_for_all(tx: Tx) -> None:
    for name in ("first", "second"):
        tx.execute("select aias.create_tenant(%s)", (name,))

    def refused(tenant: str) -> list[Any]:
        return tx.execute("select * from aias.refused_plugins(%s)", (tenant,)).fetchall()

    tx.execute("select aias.refuse_plugin('acme-parcel', p_reason => 'in trial')")
    tx.execute("select aias.allow_plugin('acme-parcel', 'second')")
    assert refused("first") == [("acme-parcel", "in trial")]
    assert refused("second") == []
    tx.execute("select aias.allow_plugin('acme-parcel')")
    tx.execute("select aias.refuse_plugin('acme-parcel', 'second')")
    assert refused("first") == []
    assert refused("second") == [("acme-parcel", None)]
    for call in ("aias.refuse_plugin('aias')", "aias.refuse_plugin('No Such')"):
        with pytest.raises(psycopg.Error) as caught, tx.transaction():
            tx.execute(f"select {call}".encode())
        assert caught.value.sqlstate == "JR422"
    tx.execute("set local role aias_app")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tx.execute("select aias.refuse_plugin('acme-parcel', 'first')")


async def waits(lab: Lab, name: str, definition: dict[str, Any], count: int = 24) -> list[timedelta]:
    """How long the retries of one failure each wait."""
    found: list[timedelta] = []
    for _ in range(count):
        execution = await lab.start({"name": name, **definition})
        await lab.advance(execution)
        found.append(
            await lab.value(
                "select s.wait_until - s.started_at from aias.execution_steps as s where s.execution_id = %s", execution
            )
        )
    return found


async def test_a_flag_changes_how_the_engine_waits_for_the_tenant_that_has_it_only(lab: Lab) -> None:
    lab.behaviours["down"] = [TransientError("down")]
    definition = {"steps": [step("a", input={"do": "down"}, retry={"initial": 1000, "max_delay": 1000})]}
    before = await waits(lab, "down", definition)
    assert min(before) < timedelta(seconds=500), "full jitter: any part of the delay"
    await lab.value("select aias.set_flag('equal_jitter', p_tenant => 'acme', p_is_on => true)")
    after = await waits(lab, "down", definition)
    assert min(after) >= timedelta(seconds=499)
    assert max(after) <= timedelta(seconds=1001)


async def test_an_actions_own_policy_counts_where_neither_step_nor_operator_say_otherwise(lab: Lab) -> None:
    lab.behaviours["down"] = [TransientError("down")]

    async def call(context: ActionContext, data: CallInput) -> CallOutput:
        return await lab.behave(context, data)

    action("foreign.once", retry=RetryPolicy(max_attempts=1))(call)
    given = {"do": "down"}
    assert (await lab.finish({"steps": [step("a", action="foreign.once", input=given)]})).status == "failed"
    stepped = {"steps": [step("a", action="foreign.once", input=given, retry={"max_attempts": 3})]}
    assert (await lab.finish(stepped)).status == "waiting"
    async with lab.pool.connection() as conn:
        await conn.execute(
            "insert into aias_private.retry_policies values ('foreign.*', 2, interval '1 s', 1, interval '1 s')"
        )
    assert (await lab.finish({"steps": [step("a", action="foreign.once", input=given)]})).status == "waiting"


async def test_an_action_waits_for_the_gates_that_it_declares_or_fails_as_it_says(lab: Lab) -> None:
    async def call(context: ActionContext, data: CallInput) -> CallOutput:
        return await lab.behave(context, data)

    async def call_or_fail(context: ActionContext, data: CallInput) -> CallOutput:
        return await lab.behave(context, data)

    action("foreign.wait", gates=("shopify",))(call)
    action("foreign.fail", gates=("shopify",), on_gate="fail")(call_or_fail)
    assert (await lab.finish(flow("foreign.wait"))).status == "succeeded"
    async with lab.pool.connection() as conn:
        await close_gate(conn, "shopify", until=None, reason="the shop is down")
    waiting = await lab.finish(flow("foreign.wait"))
    assert (waiting.status, waiting.wait_reason) == ("waiting", "gate")
    failed = await lab.finish({"name": "strict", **flow("foreign.fail")})
    assert failed.status == "failed"
    assert failed.error is not None
    assert "the shop is down" in failed.error["message"]
    patient = {"name": "patient", "steps": [step("a", action="foreign.fail", on_gate="wait")]}
    assert (await lab.finish(patient)).status == "waiting"
    made = len(lab.made)
    async with lab.pool.connection() as conn:
        await open_gate(conn, "shopify")
    assert (await lab.drive(waiting.id)).status == "succeeded"
    assert len(lab.made) == made + 1


@pytest.mark.parametrize("values", [{"max_attempts": 0}, {"factor": 0.5}, {"initial": -1}, {"max_delay": 1e12}])
def test_a_policy_that_makes_no_sense_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        RetryPolicy(**values)
