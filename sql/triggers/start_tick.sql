-- aias_private.start_tick: deal with one due time of a schedule, once.
--
-- Caller    advance_schedule and advance_backfill, which hold the schedule's row.
-- Promise   the tick's row is the only one of its due time: a second call finds it and does nothing. While the former run
--           goes on: skip notes that, queue keeps it for later (as many as p_catch_up_limit), allow starts it beside.
-- Returns   whether the tick is new.
-- requires: aias_private.has_live_tick
-- requires: aias_private.launch_tick
create or replace function aias_private.start_tick(
    p_tenant uuid,
    p_schedule uuid,
    p_due_at timestamptz,
    p_is_backfill boolean
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_schedule aias_private.schedules;
    v_now constant timestamptz := aias_private.now();
    v_status text := 'started';
    v_reason text;
begin
    select s.* into strict v_schedule
    from aias_private.schedules as s
    where s.tenant_id = p_tenant and s.id = p_schedule;
    insert into aias_private.schedule_ticks (tenant_id, schedule_id, id, due_at, status, is_backfill)
    values (p_tenant, p_schedule, aias_private.uuid7_floor(p_due_at), p_due_at, 'queued', p_is_backfill)
    on conflict (tenant_id, schedule_id, id) do nothing;
    if not found then
        return false;
    end if;
    if v_schedule.overlap <> 'allow' and not p_is_backfill
        and aias_private.has_live_tick(p_tenant, p_schedule, aias_private.uuid7_floor(p_due_at))
    then
        v_status := case v_schedule.overlap when 'queue' then 'queued' else 'skipped' end;
        v_reason := 'the former run had not ended';
        if v_status = 'queued' and (
            select count(*) > v_schedule.catch_up_limit
            from aias_private.schedule_ticks as t
            where t.tenant_id = p_tenant and t.schedule_id = p_schedule and t.status = 'queued'
        ) then
            v_status := 'skipped';
            v_reason := format('%s due times were waiting for the former run already', v_schedule.catch_up_limit);
        end if;
    end if;
    if v_status = 'started' then
        perform aias_private.launch_tick(p_tenant, p_schedule, p_due_at);
    else
        update aias_private.schedule_ticks as t
        set status = v_status, reason = v_reason, finished_at = case when v_status = 'skipped' then v_now end
        where t.tenant_id = p_tenant and t.schedule_id = p_schedule and t.id = aias_private.uuid7_floor(p_due_at);
    end if;
    return true;
end;
$$;
revoke execute on function aias_private.start_tick(uuid, uuid, timestamptz, boolean) from public;
comment on function aias_private.start_tick(uuid, uuid, timestamptz, boolean) is
'Deals with one due time of a schedule, once.';
