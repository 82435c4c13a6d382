-- aias_private.retry_tick: try one failed tick again whose time has come.
--
-- Caller    the scheduler, one transaction each, until there is none.
-- Promise   an execution goes on from its checkpoints; what never started is started; a task runs again.
-- Returns   whether there was one.
-- Locks     the schedule's row (skip locked), then the execution's, then the tick's.
-- requires: aias_private.launch_tick
-- requires: aias_private.lock_execution
-- requires: aias.retry_execution
create or replace function aias_private.retry_tick()
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tick aias_private.schedule_ticks;
    v_execution aias_private.executions;
    v_now constant timestamptz := aias_private.now();
begin
    select t.* into v_tick
    from aias_private.schedule_ticks as t
    inner join aias_private.schedules as s on s.tenant_id = t.tenant_id and s.id = t.schedule_id
    where t.status = 'retrying' and t.retry_at <= v_now
    order by t.retry_at
    limit 1
    for update of s skip locked;
    if not found then
        return false;
    end if;
    if v_tick.execution_id is not null then
        v_execution := aias_private.lock_execution(v_tick.tenant_id, v_tick.execution_id);
    end if;
    perform from aias_private.schedule_ticks as t
    where
        t.tenant_id = v_tick.tenant_id
        and t.schedule_id = v_tick.schedule_id
        and t.id = v_tick.id
        and t.status = 'retrying'
        and t.retry_at <= v_now
    for update;
    if not found then
        return true;
    end if;
    if v_execution.status in ('failed', 'cancelled') then
        perform aias.retry_execution(v_tick.execution_id);  -- its trigger sets the tick to started
        update aias_private.schedule_ticks as t
        set attempt_count = t.attempt_count + 1, started_at = v_now
        where t.tenant_id = v_tick.tenant_id and t.schedule_id = v_tick.schedule_id and t.id = v_tick.id;
    else
        perform aias_private.launch_tick(v_tick.tenant_id, v_tick.schedule_id, v_tick.due_at);
    end if;
    return true;
end;
$$;
revoke execute on function aias_private.retry_tick() from public;
grant execute on function aias_private.retry_tick() to aias_worker;
comment on function aias_private.retry_tick() is 'Tries one failed tick again whose time has come; whether there was one.';
