"""The bound: claim and complete in plain SQL on the same tables, without anything that makes it a queue.

A batch of 100 is taken in one statement, its jobs are noted, and deleted in the next, each with its own commit; the
table's triggers, indexes and checks are what AIAS has. Settings: BENCH_URL, BENCH_BATCH.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from typing import Any

import psycopg

from bench.programs.recorder import Recorder

__all__ = ["bare_insert", "bare_job_insert", "make_bare_table"]

Connection = psycopg.Connection[tuple[Any, ...]]


def make_bare_table(conn: Connection) -> None:
    """Make the table of the one-row insert that a single enqueue is compared with."""
    conn.execute("create table bare (id bigint generated always as identity primary key, args jsonb not null)")


def bare_insert(conn: Connection, number: int) -> None:
    """Insert one row, committed."""
    conn.execute("insert into bare (args) values (jsonb_build_object('n', %s::integer)) returning id", (number,))


def bare_job_insert(conn: Connection, number: int) -> None:
    """Insert one row into the engine's job table, committed."""
    conn.execute(
        "insert into procrastinate_jobs (task_name, queue_name, args)"
        " values ('bench.noop', 'default', jsonb_build_object('n', %s::integer)) returning id",
        (number,),
    )


def _work(conn: Connection, recorder: Recorder, batch: int) -> bool:
    claimed = conn.execute(
        """
        update public.procrastinate_jobs
        set status = 'doing'
        where id in (
            select id
            from public.procrastinate_jobs
            where status = 'todo' and (scheduled_at is null or scheduled_at <= now())
            order by priority desc, id
            limit %s
            for update skip locked
        )
        returning id, (args ->> 'n')::integer
        """,
        (batch,),
    ).fetchall()
    for _, number in claimed:
        recorder.ran(number)
    if claimed:
        conn.execute("delete from public.procrastinate_jobs where id = any(%s)", ([job for job, _ in claimed],))
    return bool(claimed)


def _main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    recorder = Recorder()
    with psycopg.connect(os.environ["BENCH_URL"], autocommit=True) as conn:
        while True:
            if not _work(conn, recorder, int(os.environ["BENCH_BATCH"])):
                select.select([], [], [], 0.01)


if __name__ == "__main__":
    _main()
