-- aias_private.watch_schedule_failed: schedules, and tasks of the system, whose runs fail.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source schedule_failed.
-- Promise   failed runs since the last good one, where there are any. The tasks of the system belong to no tenant.
-- requires: aias.schedules
-- requires: aias_private.nil_uuid
create or replace function aias_private.watch_schedule_failed(p_window interval)
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
        coalesce(s.tenant_id, aias_private.nil_uuid()),
        s.name,
        s.failure_count::double precision,
        jsonb_build_object('workflow', s.workflow, 'task', s.task, 'last_due_at', s.last_due_at, 'error', s.last_error)
    from aias.schedules as s
    where s.failure_count > 0
$$;
revoke execute on function aias_private.watch_schedule_failed(interval) from public;
comment on function aias_private.watch_schedule_failed(interval) is
'The schedules whose runs have failed since the last good one, with how often.';
