"""A workflow of a template: parameters are values, the same again changes nothing, and what starts it goes with it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from aias.db import Pool
from aias.errors import Conflict, DefinitionError, InvalidArgument, NotFound
from aias.templates import list_uses, load_templates, recommend_templates, use_template
from aias.templates.models import TemplateDocument
from aias.workflows import apply_workflow, get_workflow
from tests.templates.bench import Bench

PLAIN: dict[str, Any] = {
    "name": "plain",
    "version": 1,
    "title": "Plain",
    "description": "For tests.",
    "parameters": {
        "type": "object",
        "properties": {
            "greeting": {"type": "string", "maxLength": 40, "default": "Hello"},
            "hours": {"type": "array", "items": {"type": "integer"}, "default": [1, 2]},
            "cron": {"type": "string", "default": "0 7 * * *"},
            "on": {"type": "string", "default": "order.paid"},
        },
        "additionalProperties": False,
    },
    "triggers": [
        {"kind": "schedule", "name": "daily", "cron": "{{ parameters.cron }}"},
        {"kind": "event", "name": "paid", "type": "{{ parameters.on }}"},
        {"kind": "webhook", "name": "in", "style": "standard", "mapping": {"n": "{{ payload.n }}"}},
    ],
    "workflow": {
        "vars": {"greeting": "{{ parameters.greeting }}", "hours": "{{ parameters.hours }}"},
        "steps": [
            {"id": "say", "action": "transform", "input": {"text": "{{ vars.greeting }} {{ vars.hours | length }}"}}
        ],
    },
}


@pytest.fixture
async def plain(bench: Bench) -> Bench:
    """A bench, and a template of its own name in the gallery."""
    await bench.open([])
    await bench.value("select aias_private.store_templates(%s)", Jsonb([PLAIN]))
    return bench


async def audited(bench: Bench) -> list[str]:
    async with bench.pool.connection() as conn:
        rows = await conn.execute(
            "select action from aias.audit_log where tenant_id = %s and action like 'template.%%' order by id",
            (bench.tenant_id,),
        )
        return [row[0] for row in await rows.fetchall()]


async def test_the_same_again_changes_nothing_and_other_parameters_make_a_version(plain: Bench) -> None:
    first = await plain.use("plain")
    assert (first.version, first.is_changed, first.workflow) == (1, True, "plain")
    (webhook,) = [trigger for trigger in first.triggers if trigger.kind == "webhook"]
    assert webhook.token
    assert webhook.secret
    again = await plain.use("plain")
    assert (again.workflow_id, again.version, again.is_changed) == (first.workflow_id, 1, False)
    assert all(trigger.secret is None for trigger in again.triggers)
    assert await audited(plain) == ["template.used"]
    other = await plain.use("plain", {"greeting": "Hi", "cron": "0 8 * * *"})
    assert (other.version, other.is_changed) == (2, True)
    assert await audited(plain) == ["template.used"] * 2
    async with plain.pool.connection() as conn:
        (use,) = await list_uses(conn, tenant=plain.tenant)
        assert (use.workflow, use.workflow_version, use.template, use.template_version) == ("plain", 2, "plain", 1)
        assert use.parameters == {"greeting": "Hi", "hours": [1, 2], "cron": "0 8 * * *", "on": "order.paid"}
        workflow = await get_workflow(conn, plain.tenant, "plain")
        assert workflow.definition["vars"] == {"greeting": "Hi", "hours": [1, 2]}
    cron = await plain.value("select cron from aias.schedules where tenant = %s and name = 'plain-daily'", plain.tenant)
    assert cron == "0 8 * * *"


async def test_what_starts_it_starts_it(plain: Bench) -> None:
    await plain.use("plain", workflow="mine")
    async with plain.pool.connection() as conn:
        for view in ("schedules", "subscriptions", "webhooks"):
            row = await (
                await conn.execute(
                    "select count(*) from aias." + view + " where tenant = %s and workflow = 'mine'", (plain.tenant,)
                )
            ).fetchone()
            assert row == (1,), view
    await plain.value("select aias.emit_event(%s, 'order.paid', '{}')", plain.tenant)
    await plain.work()
    execution = await plain.value(
        "select id from aias.executions where tenant = %s and workflow = 'mine'", plain.tenant
    )
    assert (await plain.finish(execution)).status == "succeeded"


async def test_a_newer_version_is_taken_and_takes_away_what_it_no_longer_declares(plain: Bench) -> None:
    await plain.use("plain")
    newer = {**PLAIN, "version": 2, "triggers": PLAIN["triggers"][1:2]}
    newer["parameters"] = {**PLAIN["parameters"]}
    await plain.value("select aias_private.store_templates(%s)", Jsonb([newer]))
    try:
        used = await plain.use("plain")
        assert (used.template_version, used.version, used.is_changed) == (2, 1, True)
        assert await plain.value("select count(*) from aias.schedules where tenant = %s", plain.tenant) == 0
    finally:
        await plain.do("delete from aias_private.template_uses where template = 'plain' and template_version = 2")
        await plain.do("delete from aias_private.templates where name = 'plain' and version = 2")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"greeting": 5}, r"\$\.greeting"),
        ({"unknown": 1}, "unknown"),
        ({"greeting": "{{ input.secret }}"}, "no template"),
        ({"hours": ["{% if x %}"]}, "hours"),
        ({"cron": "never"}, "cron"),
    ],
)
async def test_a_parameter_that_does_not_fit_is_refused_and_nothing_is_stored(
    plain: Bench, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidArgument, match=message):
        await plain.use("plain", parameters)
    assert await plain.value("select count(*) from aias.workflows where tenant = %s", plain.tenant) == 0


async def test_what_the_tenant_lacks_is_told_as_applying_would(bench: Bench) -> None:
    await bench.open(["shopify"])
    with pytest.raises(DefinitionError, match="wave") as caught:
        await bench.use("order-to-invoice")
    assert all(problem.path.startswith("$.steps[") for problem in caught.value.problems)
    with pytest.raises(NotFound, match="no-such"):
        await bench.use("no-such")


async def test_a_workflow_that_is_not_the_templates_own_is_not_touched(plain: Bench) -> None:
    async with plain.pool.connection() as conn:
        step = {"id": "one", "action": "noop"}
        await apply_workflow(conn, plain.tenant, {"name": "plain", "steps": [step]})
        with pytest.raises(Conflict, match="not made from this template"):
            await use_template(conn, plain.tenant, "plain")
        used = await use_template(conn, plain.tenant, "plain", workflow="other")
        await apply_workflow(conn, plain.tenant, {"name": "other", "steps": [step]})
        with pytest.raises(Conflict, match="changed since"):
            await use_template(conn, plain.tenant, "plain", {"greeting": "Hi"}, workflow="other")
        assert used.workflow == "other"
        assert await list_uses(conn, tenant=plain.tenant) == []


async def test_the_gallery_is_loaded_once_and_a_changed_file_without_a_new_version_is_refused(gallery: Pool) -> None:
    async with gallery.connection() as conn:
        assert await load_templates(conn) == 0
        changed = {**PLAIN, "name": "order-to-invoice"}
        with pytest.raises(psycopg.Error, match="changed without a new version"):
            await conn.execute("select aias_private.store_templates(%s)", (Jsonb([changed]),))
        await conn.rollback()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vars": {"greeting": "{{ parameters.greeting }}!", "hours": "{{ parameters.hours }}"}}, "stand alone"),
        ({"vars": {"greeting": "{{ parameters.absent }}"}}, "not declared"),
        ({"vars": {"greeting": "{{ parameters.greeting }}"}}, "stand nowhere"),
    ],
)
def test_a_file_with_a_parameter_in_the_wrong_place_is_no_template(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TemplateDocument.model_validate({**PLAIN, "workflow": {**PLAIN["workflow"], **change}})


async def test_a_recommendation_says_why_and_tells_of_no_other_tenant(bench: Bench, gallery: Pool) -> None:
    await bench.open(["shopify"])
    await bench.do("update aias_private.tenants set industry = 'Tea_Houses' where slug = %s", bench.tenant)
    await bench.value("select aias_private.store_templates(%s)", Jsonb([PLAIN]))
    async with gallery.connection() as conn:
        before = {one.template: one for one in await recommend_templates(conn, bench.tenant, limit=100)}
        billing = before["order-to-invoice"]
        assert billing.missing == ["wave"]
        assert not billing.is_ready
        assert {(r["reason"], r.get("what")) for r in billing.reasons} >= {
            ("integration_connected", "shopify"),
            ("integration_missing", "wave"),
        }
        assert {r["reason"] for r in before["plain"].reasons} == {"no_integration_needed", "for_everybody"}
        for number in range(5):
            peer = f"{bench.tenant}-peer-{number}"
            await conn.execute("select aias.create_tenant(%s, 'pro', null, 'tea houses')", (peer,))
            if number == 4:
                # four are too few to be told of
                found = {one.template: one for one in await recommend_templates(conn, bench.tenant, limit=100)}
                assert found["plain"].score == before["plain"].score
            await use_template(conn, peer, "plain")
        await conn.execute("select aias.emit_event(%s, 'shopify.orders/paid', '{}')", (bench.tenant,))
        after = {one.template: one for one in await recommend_templates(conn, bench.tenant, limit=100)}
        told = next(r for r in after["plain"].reasons if r["reason"] == "similar_tenants")
        assert (told["share"], told["points"]) == (1.0, 25.0)
        assert "peer" not in str(after)
        assert "events_come_in" in {r["reason"] for r in after["order-to-invoice"].reasons}
        await use_template(conn, bench.tenant, "plain")
        used = await recommend_templates(conn, bench.tenant, limit=100)
        assert (used[-1].template, used[-1].is_used) == ("plain", True)


async def test_a_workflow_made_by_hand_speaks_against_the_template_that_does_the_same(bench: Bench) -> None:
    await bench.open(["shopify", "wave"])
    async with bench.pool.connection() as conn:
        used = await use_template(conn, bench.tenant, "order-to-invoice", workflow="billing")
        definition = (await get_workflow(conn, bench.tenant, used.workflow)).definition
        await apply_workflow(conn, bench.tenant, {**definition, "name": "by-hand"})
        found = {one.template: one for one in await recommend_templates(conn, bench.tenant, limit=100)}
    reasons = {r["reason"]: r["what"] for r in found["order-to-invoice"].reasons if "what" in r}
    assert (reasons["already_used"], reasons["done_by_hand"]) == ("billing", "by-hand")
