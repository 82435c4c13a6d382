-- aias_private.register_worker: a worker starts, or comes back after it was given up.
--
-- Promise   the worker's id, new each time: the engine's row (its workers and ours count as one kind) and our own. The first
--           heartbeat is this call.
-- Time      the server's own clock, here and in heartbeats and sweeps: a lease is a matter of physical time, not of the clock
--           that tests set.
create or replace function aias_private.register_worker(
    p_name text,
    p_host text,
    p_pid integer,
    p_queues text[],
    p_concurrency integer,
    p_version text,
    p_stalled_after interval
)
returns bigint
language sql
volatile
security definer
set search_path = public, pg_temp
as $$
    with registered as (
        insert into procrastinate_workers default values
        returning id
    )
    insert into aias_private.workers (id, name, host, pid, queues, concurrency, version, stalled_after)
    select r.id, p_name, p_host, p_pid, p_queues, p_concurrency, p_version, p_stalled_after
    from registered as r
    returning id
$$;
revoke execute on function
aias_private.register_worker(text, text, integer, text[], integer, text, interval)
from public;
grant execute on function
aias_private.register_worker(text, text, integer, text[], integer, text, interval)
to aias_worker;
comment on function aias_private.register_worker(text, text, integer, text[], integer, text, interval) is
'Registers a worker and returns its id.';
