-- aias_private.start_queued_tick: start one tick that waited for the former run of its schedule.
--
-- Caller    the scheduler, one transaction each, until there is none. A run that ends tells the schedulers.
-- Promise   the oldest first, one of a schedule at a time.
-- Returns   whether there was one that could start.
-- Locks     the schedule's row, skip locked.
-- requires: aias_private.has_live_tick
-- requires: aias_private.launch_tick
create or replace function aias_private.start_queued_tick()
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_schedule record;
    v_tick aias_private.schedule_ticks;
begin
    for v_schedule in
        select s.tenant_id, s.id
        from aias_private.schedules as s
        where
            not s.is_paused
            and (s.tenant_id, s.id) in (
                select t.tenant_id, t.schedule_id from aias_private.schedule_ticks as t where t.status = 'queued'
            )
        order by s.tenant_id, s.id
        for update skip locked
    loop
        select t.* into v_tick
        from aias_private.schedule_ticks as t
        where t.tenant_id = v_schedule.tenant_id and t.schedule_id = v_schedule.id and t.status = 'queued'
        order by t.id
        limit 1;
        if found and not aias_private.has_live_tick(v_tick.tenant_id, v_tick.schedule_id, v_tick.id) then
            perform aias_private.launch_tick(v_tick.tenant_id, v_tick.schedule_id, v_tick.due_at);
            return true;
        end if;
    end loop;
    return false;
end;
$$;
revoke execute on function aias_private.start_queued_tick() from public;
grant execute on function aias_private.start_queued_tick() to aias_worker;
comment on function aias_private.start_queued_tick() is
'Starts one tick that waited for the former run of its schedule; whether there was one that could.';
