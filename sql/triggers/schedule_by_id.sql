-- aias_private.schedule_by_id: the schedule that a caller names, locked.
--
-- Promise   a confined caller finds its own tenant's only; the system's own are for administrators.
-- Locks     the schedule's row.
-- Errors    JR404 no such schedule.
create or replace function aias_private.schedule_by_id(p_schedule uuid)
returns aias_private.schedules
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_schedule aias_private.schedules;
begin
    select s.* into v_schedule
    from aias_private.schedules as s
    where
        s.id = p_schedule
        and (aias_private.caller_sees_all() or s.tenant_id is not distinct from aias_private.caller_tenant())
    for update;
    if not found then
        raise exception 'there is no schedule %', coalesce(p_schedule::text, 'null')
            using errcode = 'JR404', column = 'p_schedule';
    end if;
    return v_schedule;
end;
$$;
revoke execute on function aias_private.schedule_by_id(uuid) from public;
comment on function aias_private.schedule_by_id(uuid) is 'The schedule that the caller names and may see, locked.';
