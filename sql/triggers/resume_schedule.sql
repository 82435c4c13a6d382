-- aias.resume_schedule: let a paused schedule run again, from now on.
--
-- Locks     the schedule's row.
-- Errors    JR404 no such schedule; JR409 it is not paused.
-- requires: aias_private.record_audit
-- requires: aias_private.schedule_by_id
create or replace function aias.resume_schedule(p_schedule uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_schedule constant aias_private.schedules := aias_private.schedule_by_id(p_schedule);
    v_now constant timestamptz := aias_private.now();
begin
    if not v_schedule.is_paused then
        raise exception 'the schedule % is not paused', quote_literal(v_schedule.name)
            using errcode = 'JR409', column = 'p_schedule';
    end if;
    update aias_private.schedules as s
    set
        is_paused = false,
        pause_reason = null,
        horizon_at = v_now,
        next_at = null,
        wake_at = '-infinity',
        problem = null,
        updated_at = v_now
    where s.tenant_id = v_schedule.tenant_id and s.id = p_schedule;
    perform pg_notify('aias_schedules', '');
    perform aias_private.record_audit(
        v_schedule.tenant_id,
        'schedule.resumed',
        'schedule',
        p_schedule::text,
        jsonb_strip_nulls(
            jsonb_build_object(
                'name', v_schedule.name,
                'before', jsonb_build_object('is_paused', v_schedule.is_paused, 'reason', v_schedule.pause_reason)
            )
        )
    );
end;
$$;
revoke execute on function aias.resume_schedule(uuid) from public;
grant execute on function aias.resume_schedule(uuid) to aias_app, aias_admin;
comment on function aias.resume_schedule(uuid) is 'Lets a paused schedule run again, from now on.';
