"""What was altered, is missing, was inserted or swapped is found, at the right place."""

from __future__ import annotations

import time
from uuid import UUID

import psycopg
import pytest

from tests.audit.chain import Chain

ROWS = 100_000
COLUMNS = (
    "tenant_id, at, actor, actor_kind, action, object_kind, object_id, detail, request_id, address, correlation_id,"
    " trace_id"
)


def test_one_row_in_a_hundred_thousand_is_found_at_its_place(chain: Chain) -> None:
    ids = chain.fill(ROWS)
    assert len(ids) == ROWS
    assert chain.seal() == 10
    began = time.monotonic()
    found = chain.verify()
    assert time.monotonic() - began < 30
    assert (found["ok"], found["checked"], found["archived"], found["unsealed"]) == (True, ROWS, 0, 0)

    def finds(finding: str, row: UUID, seal: int, place: int) -> None:
        found = chain.verify()
        assert (found["ok"], found["finding"], found["first_bad_id"], found["bad_seal"]) == (False, finding, row, seal)
        assert f"row {place} of seal {seal}" in found["reason"]
        chain.rows("rollback to savepoint whole")

    chain.rows("savepoint whole")
    # one byte of a value deep in the detail
    chain.tamper(
        "update aias_private.audit_log set detail = jsonb_set(detail, '{before,name}', '\"Müller & Sohne\"')"
        " where id = %s",
        ids[54_321],
    )
    finds("altered", ids[54_321], 6, 4_322)
    chain.tamper("delete from aias_private.audit_log where id = %s", ids[99_999])
    finds("missing", ids[99_999], 10, 10_000)
    between = UUID(int=ids[20_000].int + 1)
    chain.rows(
        "insert into aias_private.audit_log (id, actor, actor_kind, action, object_kind, object_id)"
        " values (%s, 'kim', 'user', 'workflow.applied', 'workflow', '1')",
        between,
    )
    finds("inserted", between, 3, 2)
    # two rows change places: each has what the other had
    chain.tamper(
        "update aias_private.audit_log as a set"
        " (tenant_id, at, actor, actor_kind, action, object_kind, object_id, detail, request_id)"
        " = (b.tenant_id, b.at, b.actor, b.actor_kind, b.action, b.object_kind, b.object_id, b.detail, b.request_id)"
        " from aias_private.audit_log as b where (a.id, b.id) in ((%s, %s), (%s, %s))",
        ids[700],
        ids[80_000],
        ids[80_000],
        ids[700],
    )
    finds("altered", ids[700], 1, 701)
    assert chain.verify()["ok"]


def test_every_column_is_sealed(chain: Chain) -> None:
    ids = chain.fill(3)
    chain.seal()
    for column in COLUMNS.split(", "):
        chain.rows("savepoint whole")
        value = {
            "tenant_id": "gen_random_uuid()",
            "at": "at + interval '1 microsecond'",
            "detail": "detail || '{\"x\": 1}'",
            "actor_kind": "'worker'",
        }.get(column, f"coalesce({column}, '') || 'x'")
        chain.tamper(f"update aias_private.audit_log set {column} = {value} where id = %s", ids[1])  # pyright: ignore[reportArgumentType]
        found = chain.verify()
        assert (found["finding"], found["first_bad_id"]) == ("altered", ids[1]), column
        chain.rows("rollback to savepoint whole")


def test_no_setting_of_a_session_changes_a_hash(chain: Chain) -> None:
    chain.fill(20)
    chain.seal()
    for setting in (
        "set local timezone = 'Asia/Kathmandu'",
        "set local datestyle = 'German, DMY'",
        "set local intervalstyle = 'sql_standard'",
        "set local extra_float_digits = -5",
        "set local bytea_output = 'escape'",
        "set local standard_conforming_strings = off",
        "set local search_path = aias",
    ):
        chain.rows(setting)
    assert chain.verify()["ok"]


def test_a_seal_that_was_touched_is_found(chain: Chain) -> None:
    ids = chain.fill(50)
    assert chain.seal(10) == 5
    chain.rows("savepoint whole")

    def finds(finding: str, seal: int) -> None:
        found = chain.verify()
        assert (found["ok"], found["finding"], found["bad_seal"]) == (False, finding, seal)
        chain.rows("rollback to savepoint whole")

    # the row and what its seal says of it, in one go
    chain.tamper("update aias_private.audit_log set actor = 'nobody' where id = %s", ids[25])
    chain.tamper("update aias_private.audit_seals set rows_digest = sha256('x') where seq = 3")
    finds("seal_altered", 3)
    chain.tamper("update aias_private.audit_seals set sealed_at = sealed_at + interval '1 s' where seq = 4")
    finds("seal_altered", 4)
    # a seal made anew fits itself, but not the one after it
    chain.tamper("update aias_private.audit_log set actor = 'nobody' where id = %s", ids[25])
    chain.tamper("delete from aias_private.audit_seals where seq >= 3")
    chain.rows("create temporary table kept as select * from aias_private.audit_seals")
    assert chain.seal(10) == 3
    assert chain.verify()["ok"]
    chain.rows("rollback to savepoint whole")
    chain.tamper("delete from aias_private.audit_seals where seq = 2")
    finds("seal_missing", 2)
    chain.tamper("delete from aias_private.audit_seals where seq = 1")
    finds("seal_missing", 1)
    assert chain.verify(2, 4)["ok"]


def test_a_guard_that_is_off_is_found(chain: Chain) -> None:
    chain.fill(5)
    chain.seal()
    chain.rows("alter table aias_private.audit_log_default disable trigger audit_log_is_append_only")
    found = chain.verify()
    assert (found["ok"], found["finding"], found["first_bad_id"]) == (False, "guard_off", None)
    assert found["reason"] == "aias_private.audit_log_default lacks 2 of its three guards against changes"


def test_rows_after_the_last_seal_are_counted_and_an_empty_log_is_whole(chain: Chain) -> None:
    found = chain.verify()
    assert (found["ok"], found["checked"], found["to_seal"]) == (True, 0, 0)
    chain.fill(5)
    chain.seal()
    chain.fill(3, begin="now")
    found = chain.verify()
    assert (found["ok"], found["checked"], found["unsealed"]) == (True, 5, 3)


def test_a_range_of_seals_is_one_that_exists(chain: Chain) -> None:
    chain.fill(20)
    chain.seal(10)
    assert chain.verify(2, 2)["checked"] == 10
    for first, last, state in ((0, None, "JR404"), (3, None, "JR404"), (None, 3, "JR404"), (2, 1, "JR422")):
        with pytest.raises(psycopg.Error) as refused, chain.conn.transaction():
            chain.verify(first, last)
        assert refused.value.sqlstate == state


def test_only_operators_verify(chain: Chain) -> None:
    for role in ("aias_app", "aias_analyst"):
        chain.rows("select set_config('role', %s, true)", role)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), chain.conn.transaction():
            chain.verify()
        chain.rows("reset role")
    for role in ("aias_admin", "aias_worker"):
        chain.rows("select set_config('role', %s, true)", role)
        assert chain.verify()["ok"]
        chain.rows("reset role")


def test_what_is_archived_and_dropped_is_not_missing_and_the_chain_goes_on(chain: Chain) -> None:
    chain.fill(20)
    ids = chain.fill(10, begin="2026-04-10 08:00:00+00")
    assert chain.seal(10) == 3
    chain.rows("create temporary table kept as select * from aias_private.audit_log")
    chain.tamper("delete from aias_private.audit_log where id < aias_private.uuid7_floor('2026-04-01 00:00+00')")
    found = chain.verify()
    assert (found["finding"], found["first_bad_id"], found["bad_seal"]) == ("missing", ids[0], 1)
    # what the archive says, once it was read back
    chain.rows(
        "create or replace function aias_private.archived_audit()"
        " returns table (from_id uuid, to_id uuid, restored regclass) language sql stable as $$"
        " select aias_private.uuid7_floor('2026-03-01 00:00+00'), aias_private.uuid7_floor('2026-04-01 00:00+00'),"
        " to_regclass('aias_archive.audit_log_2026_03') $$"
    )
    found = chain.verify()
    assert (found["ok"], found["checked"], found["archived"]) == (True, 10, 20)
    # what was brought back is read itself
    chain.rows("create table aias_archive.audit_log_2026_03 as select * from pg_temp.kept where at < '2026-04-01'")
    found = chain.verify()
    assert (found["ok"], found["checked"], found["archived"]) == (True, 30, 0)
    chain.rows("update aias_archive.audit_log_2026_03 set actor = 'nobody' where id = %s", ids[13])
    found = chain.verify()
    assert (found["finding"], found["first_bad_id"], found["bad_seal"]) == ("altered", ids[13], 2)
    chain.rows("drop table aias_archive.audit_log_2026_03")
    # the archive's word is good for what is wholly gone only, and not beyond its range
    chain.tamper("delete from aias_private.audit_log where id = %s", ids[25])
    assert chain.verify()["first_bad_id"] == ids[25]
    chain.tamper("delete from aias_private.audit_log")
    assert chain.verify()["first_bad_id"] == ids[20]
