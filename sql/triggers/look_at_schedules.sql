-- aias_private.look_at_schedules: what a scheduler has to do, and how long it may sleep.
--
-- Caller    the scheduler of a worker, each time it wakes.
-- Promise   schedules that were advanced under a clock that has since been put back are planned anew from now: what ran does
--           not run again (its tick is there), what did not runs at its time.
-- Plan      one row from each of four partial or small indexes.
create or replace function aias_private.look_at_schedules()
returns table (
    seconds double precision,
    has_due boolean,
    has_retries boolean,
    has_queued boolean,
    has_backfills boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := aias_private.now();
    v_next timestamptz;
begin
    update aias_private.schedules as s
    set horizon_at = v_now, next_at = null, wake_at = case when s.is_paused then s.wake_at else '-infinity' end
    where
        (s.tenant_id, s.id) in (
            select o.tenant_id, o.id
            from aias_private.schedules as o
            where o.horizon_at > v_now + interval '1 second'
            order by o.tenant_id, o.id
            for update skip locked
        );
    -- null when nothing lies ahead
    v_next := least(
        (select min(s.wake_at) from aias_private.schedules as s where s.wake_at < 'infinity'),
        (select min(t.retry_at) from aias_private.schedule_ticks as t where t.status = 'retrying')
    );
    return query
    select
        case when v_next <= v_now then 0 else extract(epoch from v_next - v_now) end::double precision,
        exists (select from aias_private.schedules as s where s.wake_at <= v_now),
        exists (select from aias_private.schedule_ticks as t where t.status = 'retrying' and t.retry_at <= v_now),
        exists (select from aias_private.schedule_ticks as t where t.status = 'queued'),
        exists (select from aias_private.schedule_backfills as b where b.finished_at is null);
end;
$$;
revoke execute on function aias_private.look_at_schedules() from public;
grant execute on function aias_private.look_at_schedules() to aias_worker;
comment on function aias_private.look_at_schedules() is
'What there is to do for schedules now, and the seconds until the next of them is due.';
