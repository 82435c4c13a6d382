from __future__ import annotations

from typing import Any

import psycopg
import pytest

from aias.audit import list_audit, set_actor
from aias.errors import Conflict, InvalidArgument, NotFound
from aias.tenants import create_tenant, create_user, list_lanes, list_tenants, set_plan

Connection = psycopg.AsyncConnection[Any]


async def test_a_tenant_runs_in_its_plans_lane(conn: Connection) -> None:
    made = await create_tenant(conn, slug="acme", plan="pro", name="Ünïcode 株式会社", industry="retail")
    (tenant,) = await list_tenants(conn)
    assert (tenant.id, tenant.name, tenant.lane, tenant.industry) == (made, "Ünïcode 株式会社", "pro", "retail")
    await set_plan(conn, tenant="acme", plan="enterprise")
    (tenant,) = await list_tenants(conn)
    assert (tenant.plan, tenant.lane) == ("enterprise", "enterprise")


@pytest.mark.parametrize("slug", ["", "A", "-a", "a b", "a" * 64, "ä", "a\n"])
async def test_a_bad_slug_is_refused(conn: Connection, slug: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        await create_tenant(conn, slug=slug)
    assert caught.value.argument == "p_slug"


async def test_a_slug_is_taken_once(conn: Connection) -> None:
    await create_tenant(conn, slug="acme")
    with pytest.raises(Conflict):
        await create_tenant(conn, slug="acme")


async def test_an_unknown_plan_or_tenant_is_not_found(conn: Connection) -> None:
    with pytest.raises(NotFound):
        await create_tenant(conn, slug="acme", plan="golden")
    with pytest.raises(NotFound):
        await set_plan(conn, tenant="nobody", plan="pro")


async def test_a_person_belongs_to_a_tenant_once(conn: Connection) -> None:
    await create_tenant(conn, slug="acme")
    await create_user(conn, tenant="acme", email="zoe@example.test", name="Zoë")
    with pytest.raises(Conflict):
        await create_user(conn, tenant="acme", email="ZOE@example.test", name="Zoë")
    for email in ("zoe", "zoe@", "a b@example.test", "x" * 320 + "@example.test"):
        with pytest.raises(InvalidArgument):
            await create_user(conn, tenant="acme", email=email, name="Zoë")
    with pytest.raises(InvalidArgument):
        await create_user(conn, tenant="acme", email="y@example.test", name="Y", role="emperor")


async def test_lanes_come_most_urgent_first(conn: Connection) -> None:
    names = [lane.name for lane in await list_lanes(conn)]
    assert names == ["critical", "enterprise", "pro", "starter", "retry", "free", "bulk", "maintenance"]


async def test_what_a_person_does_is_recorded_under_their_name(conn: Connection) -> None:
    await set_actor(conn, "zoe@example.test")
    await create_tenant(conn, slug="acme")
    await set_plan(conn, tenant="acme", plan="pro")
    entries = await list_audit(conn, tenant="acme")
    assert [(e.action, e.actor, e.actor_kind) for e in entries] == [
        ("tenant.plan_changed", "zoe@example.test", "user"),
        ("tenant.created", "zoe@example.test", "user"),
    ]
    assert entries[0].detail == {"from": "free", "to": "pro", "before": {"plan": "free"}}
    assert [e.action for e in await list_audit(conn, action="tenant.created", limit=1)] == ["tenant.created"]
