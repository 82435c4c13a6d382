-- aias_private.hear_scheduled_execution: let a schedule know how what it started ended, or that it goes on again.
--
-- Why       an execution ends in several functions, and a retry by hand reopens it: a trigger on the state misses none.
--           Executions that no schedule started pay for the comparison of two texts.
-- requires: aias_private.settle_tick
create or replace function aias_private.hear_scheduled_execution()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if new.status in ('succeeded', 'failed', 'cancelled') then
        perform aias_private.settle_tick(t.tenant_id, t.schedule_id, t.id, new.status, new.error)
        from aias_private.schedule_ticks as t
        where t.tenant_id = new.tenant_id and t.execution_id = new.id;
    elsif old.status in ('failed', 'cancelled') then
        update aias_private.schedule_ticks as t
        set status = 'started', retry_at = null, finished_at = null, error = null
        where t.tenant_id = new.tenant_id and t.execution_id = new.id and t.status in ('retrying', 'failed', 'cancelled');
    end if;
    return null;
end;
$$;
revoke execute on function aias_private.hear_scheduled_execution() from public;
comment on function aias_private.hear_scheduled_execution() is
'Tells the tick that started an execution how it ended, or that it goes on again.';

create or replace trigger aias_hear_scheduled_execution
after update of status on aias_private.executions
for each row
when (new.origin = 'schedule' and old.status <> new.status)
execute function aias_private.hear_scheduled_execution();
