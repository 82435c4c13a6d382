"""Who goes first: turns between tenants, shares between lanes."""

from __future__ import annotations

from collections import Counter

import psycopg

from tests.jobs.queue_rows import Tx, claim, finish, insert, make_clocks, tenant, value, worker


def fill(tx: Tx, count: int, *, queue: str = "pro", tenant_id: object = None) -> None:
    tx.execute(
        "insert into procrastinate_jobs (queue_name, task_name, tenant_id)"
        " select %s, 't', %s::uuid from generate_series(1, %s)",
        (queue, tenant_id, count),
    )


def test_a_tenant_with_2000_waiting_jobs_delays_anothers_single_one_by_one_turn(tx: Tx) -> None:
    own = worker(tx)
    fill(tx, 2000, tenant_id=tenant(tx, "many"))
    make_clocks(tx, own)
    assert len(claim(tx, own, 100, is_thorough=False)) == 100
    single = insert(tx, tenant_id=tenant(tx, "one"))
    assert single in claim(tx, own, 2, is_thorough=False)


def test_tenants_take_turns_however_many_jobs_each_has(tx: Tx) -> None:
    own = worker(tx)
    tenants = {tenant(tx, f"t{i}"): f"t{i}" for i in range(3)}
    for count, tenant_id in zip((500, 60, 50), tenants, strict=True):
        fill(tx, count, tenant_id=tenant_id)
    claimed = claim(tx, own, 120)
    rows = tx.execute("select tenant_id from procrastinate_jobs where id = any(%s)", (claimed,)).fetchall()
    assert sorted(Counter(tenants[row[0]] for row in rows).values()) == [40, 40, 40]


def test_what_was_scheduled_for_one_time_does_not_come_in_one_block(tx: Tx) -> None:
    own = worker(tx)
    many, one = tenant(tx, "many"), tenant(tx, "one")
    fill(tx, 50)
    assert len(claim(tx, own, 50)) == 50
    tx.execute(
        "insert into procrastinate_jobs (queue_name, task_name, tenant_id, scheduled_at)"
        " select 'pro', 't', %s, now() from generate_series(1, 200)",
        (many,),
    )
    assert len(claim(tx, own, 10)) == 10
    single = insert(tx, tenant_id=one)
    assert single in claim(tx, own, 3)


def test_lanes_share_by_weight(tx: Tx) -> None:
    own = worker(tx)
    weights: dict[str, int] = dict(tx.execute("select queue_name, weight from aias_private.lanes").fetchall())
    lanes = ("enterprise", "pro", "starter", "free")
    for lane in lanes:
        fill(tx, 2200, queue=lane)
    make_clocks(tx, own)
    taken: Counter[str] = Counter()
    for _ in range(200):
        rows = tx.execute("select id, queue_name from aias_private.claim_jobs(null, %s, 20, false)", (own,)).fetchall()
        assert len(rows) == 20
        taken.update(row[1] for row in rows)
    total = sum(weights[lane] for lane in lanes)
    for lane in lanes:
        share = 4000 * weights[lane] / total
        assert abs(taken[lane] - share) <= 0.1 * share, (lane, taken)


def test_a_lane_with_little_gives_its_places_away_and_none_twice(tx: Tx) -> None:
    own = worker(tx)
    fill(tx, 3, queue="enterprise")
    fill(tx, 100, queue="free")
    make_clocks(tx, own)
    claimed = claim(tx, own, 50, is_thorough=False)
    assert len(claimed) == len(set(claimed)) == 50


def test_a_low_lane_moves_while_a_high_one_is_full(tx: Tx) -> None:
    own = worker(tx)
    fill(tx, 1000, queue="critical")
    low = insert(tx, queue_name="maintenance")
    make_clocks(tx, own)
    claimed: list[int] = []
    for _ in range(40):
        claimed += claim(tx, own, 20, is_thorough=False)
        if low in claimed:
            break
    assert low in claimed


def test_a_job_that_was_committed_late_is_found_by_a_thorough_claim(database_url: str) -> None:
    with (
        psycopg.connect(database_url) as slow,
        psycopg.connect(database_url, autocommit=True) as conn,
    ):
        own = worker(conn)
        late = insert(slow)
        fill(conn, 30)
        make_clocks(conn, own)
        claimed = claim(conn, own, 20, is_thorough=False)
        slow.commit()
        assert late not in claim(conn, own, 5, is_thorough=False)
        assert claim(conn, own, 1) == [late]
        finish(conn, own, *claimed)
        assert value(conn, "select count(*) from procrastinate_jobs where status = 'doing'") == 6
