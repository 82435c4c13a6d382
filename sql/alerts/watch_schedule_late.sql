-- aias_private.watch_schedule_late: due times that passed and that nobody dealt with.
--
-- Caller    aias_private.evaluate_alerts, for the rules of the source schedule_late.
-- Promise   minutes since the due time and its jitter. A schedule that can''t be advanced counts from its last due time.
create or replace function aias_private.watch_schedule_late(p_window interval)
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
        s.tenant_id,
        s.name,
        extract(epoch from aias_private.now() - s.jitter - least(s.next_at, case when s.problem is not null then s.horizon_at end))
        ::double precision / 60,
        jsonb_strip_nulls(jsonb_build_object('due_at', nullif(s.next_at, 'infinity'), 'problem', s.problem))
    from aias_private.schedules as s
    where not s.is_paused and (s.next_at < aias_private.now() - s.jitter or s.problem is not null)
$$;
revoke execute on function aias_private.watch_schedule_late(interval) from public;
comment on function aias_private.watch_schedule_late(interval) is
'The schedules whose due time has passed, with how many minutes ago.';
