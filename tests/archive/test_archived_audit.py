"""The audit log from end to end: sealed, archived, dropped; the chain holds over what is there and what is archived."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from aias.archive import archive_partition, restore_archive, unload_archive, verify_archive
from aias.db import Pool
from aias.errors import Conflict
from tests.archive.conftest import Connection
from tests.audit.chain import Chain

MONTHS = (("2026_03", "2026-03-01", "2026-04-01"), ("2026_04", "2026-04-01", "2026-05-01"))


async def test_the_chain_holds_over_the_archive_and_a_change_there_is_found(
    conn: Connection, pool: Pool, database_url: str, directory: Path
) -> None:
    for name, begin, end in MONTHS:
        await conn.execute(
            "select aias_private.make_partition('audit_log', %s, format('for values from (%%L) to (%%L)',"
            " aias_private.uuid7_floor(%s::timestamptz), aias_private.uuid7_floor(%s::timestamptz)))",
            (f"audit_log_{name}", f"{begin} 00:00+00", f"{end} 00:00+00"),
        )
    with psycopg.connect(database_url, autocommit=True) as own:
        chain = Chain(conn=own)
        # one row a millisecond, over the end of the month: 30 before it, 30 from it on, and seals of up to 20
        ids = chain.fill(60, begin="2026-03-31 23:59:59.970+00")[:60]
        assert chain.seal(20) >= 4
        counts = [row["row_count"] for row in chain.rows("select row_count from aias.audit_seals order by seq limit 4")]
        assert counts == [20, 10, 20, 10]
        whole = chain.verify()
        assert (whole["ok"], whole["archived"]) == (True, 0)

        archived = await archive_partition(pool, "audit_log", "audit_log_2026_03")
        assert archived.row_count == 30
        chain.rows("drop table aias_private.audit_log_2026_03")
        live = chain.verify()
        assert (live["ok"], live["archived"]) == (True, 30)

        # a row of the archive that was brought back is checked by its seal
        await restore_archive(conn, archived.id)
        restored = chain.verify()
        assert (restored["ok"], restored["archived"]) == (True, 0)
        assert restored["checked"] == live["checked"] + 30
        chain.rows("update aias_archive.audit_log_2026_03 set actor = 'nobody' where id = %s", ids[24])
        found = chain.verify()
        assert (found["finding"], found["first_bad_id"], found["bad_seal"]) == ("altered", ids[24], 2)
        chain.rows("delete from aias_archive.audit_log_2026_03 where id = %s", ids[24])
        found = chain.verify()
        assert (found["finding"], found["first_bad_id"], found["bad_seal"]) == ("missing", ids[24], 2)
        await unload_archive(conn, archived.id)

        # the first row behind the month's end is checked where it is
        chain.tamper("update aias_private.audit_log set actor = 'nobody' where id = %s", ids[30])
        found = chain.verify()
        assert (found["finding"], found["first_bad_id"], found["bad_seal"]) == ("altered", ids[30], 3)

    # one byte of the file
    file = directory / "audit_log" / "audit_log_2026_03.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises((Conflict, OSError)):
        await verify_archive(conn, archived.id)
    with pytest.raises((Conflict, OSError)):
        await restore_archive(conn, archived.id)
    cursor = await conn.execute("select to_regclass('aias_archive.audit_log_2026_03')")
    assert await cursor.fetchone() == (None,)
