-- aias_private.watch_queue_wait: how long jobs wait in each lane.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source queue_wait.
-- Promise   seconds that the oldest job which could run has waited.
-- requires: aias.queue_health
-- requires: aias_private.nil_uuid
create or replace function aias_private.watch_queue_wait(p_window interval)
returns table (
    tenant_id uuid,
    key text,
    value double precision,
    details jsonb
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        aias_private.nil_uuid(),
        q.lane,
        extract(epoch from q.oldest_wait)::double precision,
        jsonb_build_object('waiting', q.waiting_count, 'running', q.running_count, 'workers', q.worker_count)
    from aias.queue_health as q
    where q.oldest_wait is not null
$$;
revoke execute on function aias_private.watch_queue_wait(interval) from public;
comment on function aias_private.watch_queue_wait(interval) is
'The lanes in which jobs wait, with for how many seconds.';
