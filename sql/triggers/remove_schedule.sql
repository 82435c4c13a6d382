-- aias.remove_schedule: let nothing run by a schedule any more, and forget it.
--
-- Promise   its ticks and backfills go with it; what it started goes on.
-- Locks     the schedule's row.
-- Errors    JR404 no such schedule; JR409 it is the system's own (pause it instead).
-- requires: aias_private.record_audit
-- requires: aias_private.schedule_by_id
create or replace function aias.remove_schedule(p_schedule uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_schedule constant aias_private.schedules := aias_private.schedule_by_id(p_schedule);
begin
    if v_schedule.kind = 'task' then
        raise exception 'the schedule % is the system''s own: pause it instead', quote_literal(v_schedule.name)
            using errcode = 'JR409', column = 'p_schedule';
    end if;
    delete from aias_private.schedules as s where s.tenant_id = v_schedule.tenant_id and s.id = p_schedule;
    perform aias_private.record_audit(
        v_schedule.tenant_id,
        'schedule.removed',
        'schedule',
        p_schedule::text,
        jsonb_build_object(
            'name', v_schedule.name,
            'before', jsonb_strip_nulls(
                to_jsonb(v_schedule)
                - array['tenant_id', 'id', 'next_at', 'wake_at', 'horizon_at', 'updated_at', 'created_at']
            )
        )
    );
end;
$$;
revoke execute on function aias.remove_schedule(uuid) from public;
grant execute on function aias.remove_schedule(uuid) to aias_app, aias_admin;
comment on function aias.remove_schedule(uuid) is 'Removes a schedule; what it started goes on.';
