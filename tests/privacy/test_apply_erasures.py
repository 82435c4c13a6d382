"""What is restored from an archive holds nobody who was erased meanwhile."""

from __future__ import annotations

import pytest

from aias.privacy import erase_user, finish_erasure
from tests.privacy.conftest import Conn, People, allow_anything, put_everywhere

pytestmark = pytest.mark.anyio


async def test_what_is_restored_at_the_time_is_cleared_with_the_rest(conn: Conn, people: People) -> None:
    await allow_anything(conn)
    await put_everywhere(conn, people.tenant_id, people.ann)
    await conn.execute("create table aias_archive.part_2_of_signals_2026_01 as select * from aias_private.signals")
    await conn.execute("create table aias_archive.of_nobody as select 1 as id")
    done = await finish_erasure(conn, await erase_user(conn, people.ann.id, "asked"))
    cursor = await conn.execute("select payload::text from aias_archive.part_2_of_signals_2026_01")
    ((payload,),) = await cursor.fetchall()
    assert done.pseudonym in payload
    assert people.ann.email.upper() not in payload
    assert done.certificate is not None
    (restored,) = [
        one for one in done.certificate["tables"] if one["table"] == "aias_archive.part_2_of_signals_2026_01"
    ]
    assert restored["anonymized"] > 0


async def test_a_restored_table_is_cleared_of_whoever_was_erased(conn: Conn, people: People) -> None:
    await allow_anything(conn)
    await put_everywhere(conn, people.tenant_id, people.ann)
    await put_everywhere(conn, people.tenant_id, people.bob)
    for table in ("telemetry_events", "steps"):
        await conn.execute(
            f"create table public.{table}_2026_01 as select * from aias_private.{table}"  # pyright: ignore[reportArgumentType]
        )
    await finish_erasure(conn, await erase_user(conn, people.ann.id, "asked"))
    # restored after it
    await conn.execute("alter table public.telemetry_events_2026_01 set schema aias_archive")
    await conn.execute("alter table public.steps_2026_01 set schema aias_archive")

    cursor = await conn.execute("select * from aias_private.apply_erasures('aias_archive.telemetry_events_2026_01')")
    assert await cursor.fetchall() == [(1, 0)]
    cursor = await conn.execute("select * from aias_private.apply_erasures('aias_archive.steps_2026_01')")
    assert await cursor.fetchone() in {(0, 1), (0, 2)}
    rows = await (await conn.execute("select output::text, error::text from aias_archive.steps_2026_01")).fetchall()
    left = [row for row in rows if people.bob.email.upper() not in row[0]]
    assert len(rows) == 2
    assert len(left) == 1
    assert str(people.ann.id) not in left[0][0] + left[0][1]
    assert people.ann.email.upper() not in left[0][0] + left[0][1]
    assert str(people.bob.id) in "".join(map(str, rows))
    cursor = await conn.execute("select user_id from aias_archive.telemetry_events_2026_01")
    assert [user for (user,) in await cursor.fetchall()] == [
        f"asked by <{people.bob.email.upper()}> about {people.bob.id}."
    ]
