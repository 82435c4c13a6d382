-- aias.set_system_schedule: run one of the system's own tasks at other times.
--
-- Promise   stands until it is changed again, whatever a later release declares. Pausing is aias.pause_schedule.
-- Locks     the schedule's row.
-- Errors    JR403 the caller is confined to a tenant; JR404 no such schedule; JR422 the expression or the zone is not valid.
-- requires: aias_private.assert_cron
-- requires: aias_private.assert_time_zone
-- requires: aias_private.nil_uuid
-- requires: aias_private.record_audit
create or replace function aias.set_system_schedule(
    p_name text,
    p_cron text,
    p_time_zone text default 'UTC'
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_cron constant text := aias_private.assert_cron(p_cron);
    v_former aias_private.schedules;
    v_now constant timestamptz := aias_private.now();
begin
    if not aias_private.caller_sees_all() then
        raise exception 'the system''s own schedules are a matter for administrators'
            using errcode = 'JR403', column = 'p_name';
    end if;
    perform aias_private.assert_time_zone(p_time_zone);
    select s.* into v_former
    from aias_private.schedules as s
    where s.tenant_id = aias_private.nil_uuid() and s.name = p_name
    for update;
    if not found then
        raise exception 'the system has no schedule %', coalesce(quote_literal(p_name), 'null')
            using errcode = 'JR404', column = 'p_name';
    end if;
    update aias_private.schedules as s
    set
        cron = v_cron,
        time_zone = p_time_zone,
        is_customized = true,
        horizon_at = v_now,
        next_at = null,
        wake_at = case when s.is_paused then 'infinity' else '-infinity' end::timestamptz,
        problem = null,
        updated_at = v_now
    where s.tenant_id = v_former.tenant_id and s.id = v_former.id;
    perform aias_private.record_audit(
        null,
        'schedule.changed',
        'schedule',
        v_former.id::text,
        jsonb_build_object(
            'name', p_name,
            'before', jsonb_build_object('cron', v_former.cron, 'time_zone', v_former.time_zone),
            'after', jsonb_build_object('cron', v_cron, 'time_zone', p_time_zone)
        )
    );
    perform pg_notify('aias_schedules', '');
    return v_former.id;
end;
$$;
revoke execute on function aias.set_system_schedule(text, text, text) from public;
grant execute on function aias.set_system_schedule(text, text, text) to aias_admin;
comment on function aias.set_system_schedule(text, text, text) is
'Runs one of the system''s own tasks at other times; administrators only.';
