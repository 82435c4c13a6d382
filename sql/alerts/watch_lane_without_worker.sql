-- aias_private.watch_lane_without_worker: lanes with jobs and without workers.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source lane_without_worker.
-- Promise   jobs that could run now; the evaluation itself runs on some lane, so all of them are never listed.
-- requires: aias.queue_health
-- requires: aias_private.nil_uuid
create or replace function aias_private.watch_lane_without_worker(p_window interval)
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
        q.waiting_count::double precision,
        jsonb_build_object('oldest_wait_seconds', round(extract(epoch from q.oldest_wait)))
    from aias.queue_health as q
    where q.worker_count = 0 and q.waiting_count > 0
$$;
revoke execute on function aias_private.watch_lane_without_worker(interval) from public;
comment on function aias_private.watch_lane_without_worker(interval) is
'The lanes in which jobs wait and nobody works, with how many.';
