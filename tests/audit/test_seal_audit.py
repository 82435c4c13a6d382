"""Each row is sealed once, also one that is committed late, and whoever writes waits for nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.audit.chain import Chain

ADD = (
    "insert into aias_private.audit_log (id, actor, actor_kind, action, object_kind, object_id)"
    " values (aias_private.uuid7_floor(%s::timestamptz), 'kim', 'user', 'workflow.applied', 'workflow', '1')"
)
ADD_NOW = (
    "insert into aias_private.audit_log (actor, actor_kind, action, object_kind, object_id)"
    " values ('kim', 'user', 'workflow.applied', 'workflow', '1')"
)
SEALED = (
    "select coalesce(array_agg(u order by u), '{}')"
    " from aias_private.audit_seals as s cross join unnest(s.row_ids) as u"
)


def test_each_row_is_in_one_seal_and_no_seal_reaches_over_a_month(chain: Chain) -> None:
    chain.fill(25)
    ids = chain.fill(5, begin="2026-03-31 23:59:59.998+00")
    assert chain.seal(10) == 4
    assert chain.value(SEALED) == ids
    seals = chain.rows(
        "select seq, row_count, first_id, last_id, hash, previous_hash from aias.audit_seals order by seq"
    )
    assert [seal["row_count"] for seal in seals] == [10, 10, 7, 3]
    assert [seal["previous_hash"] for seal in seals[1:]] == [seal["hash"] for seal in seals[:-1]]
    assert seals[0]["previous_hash"] == "0" * 64
    assert chain.seal() == 0
    assert chain.verify()["ok"]


def test_what_is_not_yet_safe_is_left_for_the_next_seal(chain: Chain) -> None:
    chain.fill(5, begin="now")
    assert chain.seal() == 0
    assert chain.verify()["unsealed"] == 5


def test_a_row_that_is_committed_late_is_sealed_later_and_nobody_waits(database_url: str) -> None:
    with psycopg.connect(database_url) as late, psycopg.connect(database_url, autocommit=True) as sealing:
        chain = Chain(conn=sealing)
        chain.fill(5)
        (began,) = late.execute("select clock_timestamp()").fetchone() or (None,)
        late.execute(ADD, (began,))
        sealing.execute("set lock_timeout = '2 s'")
        # a row whose id is later than the late one's, committed before it: neither is sealed while that is open
        sealing.execute(ADD_NOW)
        assert chain.seal() == 1
        assert chain.value("select row_count from aias.audit_seals") == 5
        late.commit()
        assert chain.verify()["unsealed"] == 2
        assert chain.verify()["ok"]


def test_while_one_seals_others_insert_and_do_not_seal(database_url: str) -> None:
    with (
        psycopg.connect(database_url) as first,
        psycopg.connect(database_url, autocommit=True) as second,
    ):
        second.execute("set lock_timeout = '2 s'")
        chain = Chain(conn=second)
        chain.fill(5)
        assert Chain(conn=first).value("select aias.seal_audit()") == 5
        assert chain.value("select aias.seal_audit()") == 0
        second.execute(ADD_NOW)
        first.commit()
        assert chain.value("select count(*) from aias.audit_seals") == 1
        assert chain.verify()["ok"]


def test_many_who_write_and_seal_at_once_leave_a_whole_chain(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as conn:
        chain = Chain(conn=conn)
        ids = chain.fill(400)

        def work(number: int) -> int:
            with psycopg.connect(database_url, autocommit=True) as own:
                sealed = 0
                for n in range(20):
                    own.execute(ADD_NOW)
                    if number % 2 and n % 2:
                        sealed += Chain(conn=own).value("select aias.seal_audit(10)")
                return sealed

        with ThreadPoolExecutor(4) as pool:
            sealed = sum(pool.map(work, range(4)))
        sealed += 10 * chain.seal(10)
        assert sealed >= 400
        assert set(ids) == set(chain.value(SEALED))
        found = chain.verify()
        assert (found["ok"], found["checked"], found["unsealed"]) == (True, 400, 80)


def test_a_snapshot_that_stands_still_seals_nothing(database_url: str) -> None:
    with psycopg.connect(database_url) as conn:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(psycopg.Error, match="read committed") as refused:
            conn.execute("select aias.seal_audit()")
        assert refused.value.sqlstate == "JR409"
