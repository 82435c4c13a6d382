from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from aias.errors import InvalidArgument, NotFound
from aias.onboarding import dismiss_guidance, help_for, next_action, onboarding_steps, sign_up
from aias.settings import Settings
from tests.analytics.conftest import NOON, House


@pytest.fixture
async def house(conn: psycopg.AsyncConnection[Any]) -> House:
    house = House(conn=conn)
    await house.at(NOON)
    return house


async def best(house: House, user: UUID) -> str | None:
    found = await next_action(house.conn, user)
    return found.action if found is not None else None


async def times(house: House) -> dict[str, timedelta | None]:
    return {one.step: one.time_taken for one in await onboarding_steps(house.conn, "acme")}


async def test_the_next_best_action_leads_from_the_sign_up_to_a_working_automation(
    house: House, tmp_path: Path
) -> None:
    # ids bear the real time, and what is recent is found by its id
    await house.at(datetime.now(UTC))
    servers = json.dumps({"smtp": {"host": "127.0.0.1", "port": 9004}})
    made = await sign_up(
        house.conn,
        tenant="acme",
        email="ada@example.com",
        settings=Settings(home=tmp_path, simulators=servers),
    )
    ada, minute = made.user_id, timedelta(minutes=1)
    assert await best(house, ada) == "run_sample"
    await house.later(minutes=1)
    await house.run("acme", "sample-daily-summary")
    assert await best(house, ada) == "connect_integration"
    await house.later(minutes=1)
    await house.connect("acme")
    assert await best(house, ada) == "apply_workflow"
    await house.later(minutes=1)
    await house.apply("acme")
    assert await best(house, ada) == "run_workflow"
    await house.later(minutes=1)
    execution = await house.run("acme", status="failed")
    # what is broken comes first
    assert await best(house, ada) == "settle_dead_letters"
    await house.value("select aias.discard_dead_letter((select id from aias.dead_letters), 'seen')")
    assert await best(house, ada) == "look_at_failures"
    await house.later(minutes=1)
    assert execution != await house.run("acme")
    assert await best(house, ada) == "automate"
    assert await times(house) == {
        "signed_up": minute * 0,
        "sample_succeeded": minute,
        "integration_connected": minute * 2,
        "first_workflow": minute * 3,
        "first_run": minute * 4,
        "first_success": minute * 5,
        "automated": None,
        "colleague_invited": None,
    }
    # the same a minute later, when it comes from the rollups, as time to value does
    await house.later(minutes=20)
    await house.roll_up()
    assert (await times(house))["first_success"] == minute * 5
    assert await house.value("select time_to_value from aias.activation where tenant = 'acme'") == minute * 5

    await house.value("select aias.set_schedule('acme', 'nightly', 'flow', '0 3 * * *')")
    assert await best(house, ada) == "invite_colleague"
    assert await dismiss_guidance(house.conn, ada, kind="action", name="invite_colleague")
    assert not await dismiss_guidance(house.conn, ada, kind="action", name="invite_colleague")
    assert await best(house, ada) == "remove_samples"
    assert await dismiss_guidance(house.conn, ada, kind="action", name="invite_colleague", is_dismissed=False)
    eve = await house.value("select aias.create_user('acme', 'eve@example.com', 'Eve', 'viewer')")
    assert await best(house, eve) == "look_at_executions"
    assert await best(house, ada) == "remove_samples"
    await house.value("select aias.remove_samples('acme')")
    assert await best(house, ada) == "look_at_executions"
    # the step stays taken, though its executions are gone
    assert (await times(house))["sample_succeeded"] == minute
    # a connection that breaks can't be dismissed away
    await house.conn.execute("update aias_private.integrations set status = 'revoked', status_reason = 'refused'")
    assert await dismiss_guidance(house.conn, ada, kind="action", name="reconnect_integration")
    found = await next_action(house.conn, ada, language="de")
    assert found is not None
    assert (found.action, found.detail, found.title) == ("reconnect_integration", "shopify:main", "Neu verbinden")
    assert found.why == "Die Verbindung shopify:main funktioniert nicht: Was sie braucht, schlägt fehl oder wartet."


async def test_help_is_told_by_page_and_state_in_the_persons_language_until_it_is_dismissed(house: House) -> None:
    await house.tenant("acme")
    ada = await house.value("select aias.create_user('acme', 'ada@example.com', 'Ada', 'owner')")

    async def title(state: str = "", language: str | None = None) -> str | None:
        found = await help_for(house.conn, ada, page="integrations", state=state, language=language)
        return found.title if found is not None else None

    assert await title("empty") == "Nothing is connected"
    assert await title("nothing_known") == "Connections"
    assert await title("empty", "de-AT") == "Noch nichts verbunden"
    assert await title("empty", "fr") == "Nothing is connected"
    await house.conn.execute("update aias_private.tenants set language = 'de'")
    assert await title() == "Verbindungen"
    await dismiss_guidance(house.conn, ada, kind="help", name="integrations/empty")
    assert await title("empty", "en") == "Connections"
    await dismiss_guidance(house.conn, ada, kind="help", name="integrations")
    assert await title("empty") is None
    with pytest.raises(InvalidArgument):
        await dismiss_guidance(house.conn, ada, kind="help", name="next-action/automate")
    with pytest.raises(NotFound):
        await help_for(house.conn, UUID(int=1), page="integrations")


def test_every_text_is_there_in_both_languages_and_every_action_has_one(tx: psycopg.Connection[Any]) -> None:
    lonely = tx.execute(
        "select page, state from aias_private.help_texts group by page, state having count(distinct language) <> 2"
    ).fetchall()
    assert lonely == []
    told = tx.execute("select state from aias_private.help_texts where page = 'next-action' and language = 'en'")
    (proposed,) = tx.execute("select col_description('aias.next_actions'::regclass, 5)").fetchone() or ("",)
    assert set(proposed.rstrip(".").replace(" or ", ", ").split(", ")) == {state for (state,) in told}


def test_a_confined_caller_sees_its_own_tenants_guidance_only(tx: psycopg.Connection[Any]) -> None:
    people = {
        slug: tx.execute(
            "select t.id, aias.create_user(%s, 'ada@example.com', 'Ada', 'owner')"
            " from (select aias.create_tenant(%s) as id) as t",
            (slug, slug),
        ).fetchone()
        for slug in ("acme", "zeta")
    }
    acme, zeta = people["acme"], people["zeta"]
    assert acme is not None
    assert zeta is not None
    tx.execute("select set_config('aias.tenant_id', %s, true), set_config('role', 'aias_app', true)", (str(acme[0]),))
    for view in ("onboarding_steps", "next_actions", "samples"):
        seen = tx.execute(f"select distinct tenant from aias.{view}").fetchall()
        assert seen in ([("acme",)], [])
    assert tx.execute("select action from aias.next_action(%s)", (acme[1],)).fetchone() is not None
    with pytest.raises(psycopg.Error, match="there is no person"):
        tx.execute("select action from aias.next_action(%s)", (zeta[1],))
