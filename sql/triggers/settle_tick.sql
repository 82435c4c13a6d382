-- aias_private.settle_tick: note how the run of a tick ended.
--
-- Promise   a failed one is tried again, after the schedule's delay, doubled each time, until its attempts are used up; the
--           last failure is audited (schedule.run_failed), which is what alerts watch. A tick that waits behind it is
--           started by a scheduler, which is told. A tick that is settled stays as it is.
-- Locks     the tick's row; never the schedule's: the caller may hold an execution's.
-- requires: aias_private.record_audit
create or replace function aias_private.settle_tick(
    p_tenant uuid,
    p_schedule uuid,
    p_tick uuid,
    p_status text,
    p_error jsonb
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_schedule aias_private.schedules;
    v_tick aias_private.schedule_ticks;
    v_now constant timestamptz := aias_private.now();
begin
    select s.* into v_schedule
    from aias_private.schedules as s
    where s.tenant_id = p_tenant and s.id = p_schedule;
    update aias_private.schedule_ticks as t
    set
        status = case when p_status = 'failed' and t.attempt_count < v_schedule.max_attempts then 'retrying' else p_status end,
        retry_at = case when p_status = 'failed' and t.attempt_count < v_schedule.max_attempts then
            v_now + least(v_schedule.retry_delay * power(2, t.attempt_count - 1), interval '1 day')
        end,
        finished_at = case when p_status <> 'failed' or t.attempt_count >= v_schedule.max_attempts then v_now end,
        error = p_error
    where t.tenant_id = p_tenant and t.schedule_id = p_schedule and t.id = p_tick and t.status = 'started'
    returning t.* into v_tick;
    if not found then
        return;
    end if;
    if v_tick.status = 'failed' then
        perform aias_private.record_audit(
            p_tenant,
            'schedule.run_failed',
            'schedule',
            p_schedule::text,
            jsonb_strip_nulls(
                jsonb_build_object(
                    'name', v_schedule.name,
                    'due_at', v_tick.due_at,
                    'attempts', v_tick.attempt_count,
                    'execution_id', v_tick.execution_id,
                    'error', p_error
                )
            )
        );
    end if;
    if v_tick.status = 'retrying'
        or exists (
            select
            from aias_private.schedule_ticks as t
            where t.tenant_id = p_tenant and t.schedule_id = p_schedule and t.status = 'queued'
        )
    then
        perform pg_notify('aias_schedules', '');
    end if;
end;
$$;
revoke execute on function aias_private.settle_tick(uuid, uuid, uuid, text, jsonb) from public;
comment on function aias_private.settle_tick(uuid, uuid, uuid, text, jsonb) is 'Notes how the run of a tick ended.';
