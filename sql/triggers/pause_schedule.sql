-- aias.pause_schedule: let nothing run by a schedule until it is resumed.
--
-- Promise   due times that pass meanwhile are not made up for. Pausing again changes the reason.
-- Locks     the schedule's row.
-- Errors    JR404 no such schedule; JR422 the reason is too long.
-- requires: aias_private.record_audit
-- requires: aias_private.schedule_by_id
create or replace function aias.pause_schedule(
    p_schedule uuid,
    p_reason text default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_schedule constant aias_private.schedules := aias_private.schedule_by_id(p_schedule);
begin
    if length(p_reason) > 1000 then
        raise exception 'a reason has at most 1000 characters, not %', length(p_reason)
            using errcode = 'JR422', column = 'p_reason';
    end if;
    update aias_private.schedules as s
    set is_paused = true, pause_reason = p_reason, next_at = null, wake_at = 'infinity', updated_at = aias_private.now()
    where s.tenant_id = v_schedule.tenant_id and s.id = p_schedule;
    perform aias_private.record_audit(
        v_schedule.tenant_id,
        'schedule.paused',
        'schedule',
        p_schedule::text,
        jsonb_strip_nulls(
            jsonb_build_object(
                'name', v_schedule.name,
                'reason', p_reason,
                'before', jsonb_build_object('is_paused', v_schedule.is_paused, 'reason', v_schedule.pause_reason)
            )
        )
    );
end;
$$;
revoke execute on function aias.pause_schedule(uuid, text) from public;
grant execute on function aias.pause_schedule(uuid, text) to aias_app, aias_admin;
comment on function aias.pause_schedule(uuid, text) is
'Pauses a schedule; due times that pass meanwhile are not made up for.';
