"""A person who is erased is found nowhere any more, and nobody else is touched."""

from __future__ import annotations

import hashlib
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import AsyncConnection, sql

from aias.errors import InvalidArgument, NotFound
from aias.jobs import enqueue_job
from aias.privacy import Erasure, erase_user, export_user, finish_erasure, get_erasure
from aias.tenants import create_tenant
from aias.workflows import apply_workflow, run_workflow
from tests.privacy.conftest import Conn, People, Person, allow_anything, places, put_everywhere

pytestmark = pytest.mark.anyio

KEPT = {("audit_log", "actor"), ("audit_log", "object_id"), ("audit_log", "detail")}


async def scan(conn: Conn, needle: str) -> dict[tuple[str, str], int]:
    """Count the rows that hold a text, in every column of every table of ours and of the engine's."""
    cursor = await conn.execute(
        """
        select c.relnamespace::regnamespace::text, c.relname, a.attname, format_type(a.atttypid, null)
        from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relkind in ('r', 'p') and not c.relispartition
            and c.relnamespace in ('aias_private'::regnamespace, 'public'::regnamespace)
        """
    )
    found: dict[tuple[str, str], int] = {}
    for schema, table, column, kind in await cursor.fetchall():
        told = sql.SQL("encode({}, 'escape')" if kind == "bytea" else "{}::text").format(sql.Identifier(column))
        counted = await conn.execute(
            sql.SQL("select count(*) from {} where position(lower({}) in lower({})) > 0").format(
                sql.Identifier(schema, table), needle, told
            )
        )
        row = await counted.fetchone()
        assert row is not None
        if row[0]:
            found[table, column] = row[0]
    return found


async def erased(conn: Conn, person: Person, *, limit: int = 500) -> Erasure:
    erasure = await erase_user(conn, person.id, "asked by mail")
    return await finish_erasure(conn, erasure, limit=limit)


async def test_whoever_is_erased_is_found_only_where_it_is_declared_kept_and_another_is_untouched(
    conn: Conn, people: People
) -> None:
    await allow_anything(conn)
    tables = await put_everywhere(conn, people.tenant_id, people.ann)
    await put_everywhere(conn, people.tenant_id, people.bob)
    declared = await places(conn)
    before = await scan(conn, people.ann.email)
    by_id = await scan(conn, str(people.ann.id))
    found = {table for table, _ in [*before, *by_id]}
    assert found >= {table.removeprefix("public.") for table in declared} - {"audit_log"}
    bob_before = await scan(conn, people.bob.email)
    bobs_id_before = await scan(conn, str(people.bob.id))

    done = await erased(conn, people.ann)

    cursor = await conn.execute("select table_name, column_name from aias_private.personal_data where action = 'keep'")
    kept = {(table, column) for table, column in await cursor.fetchall()}
    # Bob's address ends like Ann's: what is left of hers is his
    left = {place: count for place, count in (await scan(conn, people.ann.email)).items() if place not in kept}
    assert left == {place: count for place, count in (await scan(conn, people.bob.email)).items() if place not in kept}
    assert {place for place in await scan(conn, str(people.ann.id)) if place not in kept} == set()
    assert await scan(conn, people.bob.email) == bob_before
    assert await scan(conn, str(people.bob.id)) == bobs_id_before
    assert done.certificate is not None
    touched = {one["table"] for one in done.certificate["tables"] if one["deleted"] + one["anonymized"]}
    assert touched == {table for table in declared if table != "audit_log"}
    assert len(touched) == tables + 1
    assert {one["column"] for one in done.certificate["kept"]} == {
        column for _, column in kept if column not in ("customer_id", "order_ids")
    }


async def test_the_certificate_proves_itself_and_names_nobody(conn: Conn, people: People) -> None:
    erasure = await erase_user(conn, people.ann.id, f"asked for by {people.ann.email} herself")
    done = await finish_erasure(conn, erasure)
    certificate = done.certificate
    assert certificate is not None
    cursor = await conn.execute(
        "select encode(sha256(convert_to((certificate - 'sha256')::text, 'UTF8')), 'hex'), certificate::text"
        " from aias.erasures where id = %s",
        (erasure,),
    )
    row = await cursor.fetchone()
    assert row is not None
    assert row[0] == certificate["sha256"]
    assert people.ann.email not in row[1]
    assert str(people.ann.id) not in row[1]
    assert certificate["subject_sha256"] == hashlib.sha256(str(people.ann.id).encode()).hexdigest()
    assert certificate["reason"] == f"asked for by {done.pseudonym}@erased.invalid herself"


async def test_the_audit_log_keeps_its_rows_and_gets_a_tombstone(conn: Conn, people: People) -> None:
    query = "select action, object_id from aias.audit_log where object_id = %s order by id"
    before = await (await conn.execute(query, (str(people.ann.id),))).fetchall()
    done = await erased(conn, people.ann)
    after = await (await conn.execute(query, (str(people.ann.id),))).fetchall()
    assert after[: len(before)] == before
    assert [action for action, _ in after[len(before) :]] == ["user.erasure_requested", "user.erased"]
    assert done.certificate is not None


async def test_asking_again_is_the_same_erasure_also_when_the_person_is_gone(conn: Conn, people: People) -> None:
    first = await erase_user(conn, people.ann.id, "asked")
    assert await erase_user(conn, people.ann.id, "asked again") == first
    await finish_erasure(conn, first)
    assert await erase_user(conn, people.ann.id, "once more") == first
    assert (await get_erasure(conn, first)).status == "done"


async def test_an_erasure_goes_on_where_it_was_killed(database_url: str, conn: Conn, people: People) -> None:
    await conn.execute(
        """
        insert into aias_private.telemetry_events (
            tenant_id, id, event_id, name, user_id, occurred_at, received_at, properties
        )
        select %(tenant)s, aias_private.uuid7(), i::text, 'seen', case when i %% 2 = 0 then %(user)s else 'someone' end,
            now(), now(), jsonb_build_object('by', %(email)s::text)
        from generate_series(1, 1000) as i
        """,
        {"tenant": people.tenant_id, "user": str(people.ann.id), "email": people.ann.email},
    )
    erasure = await erase_user(conn, people.ann.id, "asked")
    left = "select count(*) from aias_private.telemetry_events where properties::text like '%%ann@shop%%'"
    other = await AsyncConnection[Any].connect(database_url)
    cursor = await other.execute("select pg_backend_pid()")
    row = await cursor.fetchone()
    assert row is not None
    async with conn.cursor() as reading:
        while (await (await reading.execute(left)).fetchall()) == [(1000,)]:
            await conn.execute("select aias_private.erase_batch(%s, 100)", (erasure,))
    # in the middle of a batch that is not committed
    await other.execute("select aias_private.erase_batch(%s, 100)", (erasure,))
    await conn.execute("select pg_terminate_backend(%s)", (row[0],))
    with pytest.raises(psycopg.OperationalError):
        await other.execute("select 1")
    assert (await get_erasure(conn, erasure)).status == "running"
    done = await finish_erasure(conn, erasure, limit=100)
    assert await (await conn.execute(left)).fetchall() == [(0,)]
    assert done.certificate is not None
    (events,) = [one for one in done.certificate["tables"] if one["table"] == "telemetry_events"]
    assert (events["deleted"], events["anonymized"]) == (500, 500)


async def test_an_unknown_person_and_a_missing_reason_are_refused(conn: Conn, people: People) -> None:
    with pytest.raises(NotFound):
        await erase_user(conn, people.tenant_id, "asked")
    with pytest.raises(InvalidArgument):
        await erase_user(conn, people.ann.id, "")


async def test_an_application_erases_and_exports_people_of_its_own_tenant_only(conn: Conn, people: People) -> None:
    other = await create_tenant(conn, slug="other", plan="pro")
    refused: LiteralString
    for tenant, is_theirs in ((other, False), (people.tenant_id, True)):
        async with conn.transaction(force_rollback=True):
            await conn.execute("set local role aias_app")
            await conn.execute("select set_config('aias.tenant_id', %s, true)", (str(tenant),))
            if is_theirs:
                assert (await export_user(conn, people.ann.id))["row_count"] > 0
                assert (await get_erasure(conn, await erase_user(conn, people.ann.id, "asked"))).status == "running"
                continue
            for refused in ("select aias.export_user(%s)", "select aias.erase_user(%s, 'asked')"):
                with pytest.raises(psycopg.DatabaseError, match="there is no user"):
                    async with conn.transaction():
                        await conn.execute(refused, (people.ann.id,))


async def test_what_real_work_leaves_of_a_person_is_erased_within_the_rules_of_its_tables(
    conn: Conn, people: People
) -> None:
    """No rule of a table stands in the way: rows are made by the interface."""
    ann = people.ann
    await conn.execute("select set_config('aias.actor', %s, false)", (ann.email,))
    await apply_workflow(
        conn, "shop", {"name": "greet", "steps": [{"id": "ok", "action": "approval", "input": {"message": "?"}}]}
    )
    execution = await run_workflow(conn, "shop", "greet", {"mail": ann.email}, idempotency_key=f"greet:{ann.email}")
    await enqueue_job(conn, "aias.none", {"mail": ann.email}, tenant="shop")
    await conn.execute(
        "select aias.emit_event('shop', 'signed.up', jsonb_build_object('mail', %s::text), %s)", (ann.email, ann.email)
    )
    await conn.execute("select aias.pause('workflow', 'shop/greet', %s)", (f"{ann.email} wants it",))
    await conn.execute("select aias.cancel_execution(%s, %s)", (execution, f"{ann.email} wants it"))
    await conn.execute("select set_config('aias.actor', '', false)")
    before = await scan(conn, ann.email)
    assert {
        ("executions", "input"),
        ("events", "payload"),
        ("procrastinate_jobs", "args"),
        ("pauses", "paused_by"),
    } <= set(before)
    await erased(conn, ann)
    # the other one's address holds it too
    assert {table for table, _ in await scan(conn, ann.email)} == {"audit_log", "users"}
