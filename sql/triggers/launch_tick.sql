-- aias_private.launch_tick: start the execution, or the job, of a tick.
--
-- Caller    whoever holds the schedule's row: start_tick, and the passes for queued ticks and for retries.
-- Promise   in the caller's transaction. What refuses to start is a failed attempt, tried again as the schedule says; it raises
--           nothing, so that other ticks go on.
-- requires: aias_private.insert_job
-- requires: aias_private.launch_workflow
-- requires: aias_private.settle_tick
create or replace function aias_private.launch_tick(
    p_tenant uuid,
    p_schedule uuid,
    p_due_at timestamptz
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_schedule aias_private.schedules;
    v_now constant timestamptz := aias_private.now();
    v_tick constant uuid := aias_private.uuid7_floor(p_due_at);
    v_execution uuid;
    v_job bigint;
    v_run_at timestamptz;
    v_error jsonb;
begin
    select s.* into strict v_schedule
    from aias_private.schedules as s
    where s.tenant_id = p_tenant and s.id = p_schedule;
    v_run_at := case when v_schedule.jitter > interval '0' then v_now + v_schedule.jitter * random() end;
    if v_schedule.kind = 'task' then
        v_job := aias_private.insert_job(
            'aias.run_scheduled_task',
            jsonb_build_object('schedule', p_schedule, 'due_at', p_due_at),
            (select l.queue_name from aias_private.lanes as l where l.name = 'maintenance'),
            (select l.base_priority from aias_private.lanes as l where l.name = 'maintenance'),
            v_run_at,
            null,
            null,
            null
        );
    else
        begin
            v_execution := aias_private.launch_workflow(
                p_tenant,
                v_schedule.workflow_id,
                v_schedule.input,
                jsonb_build_object('origin', 'schedule', 'origin_id', p_schedule, 'run_at', v_run_at),
                jsonb_build_object('schedule', v_schedule.name, 'due_at', p_due_at)
            );
        exception
            when sqlstate 'JR404' or sqlstate 'JR409' or sqlstate 'JR422' or sqlstate 'JR429' then
                v_execution := null;
                v_error := jsonb_build_object('type', 'NotStarted', 'message', sqlerrm);
        end;
    end if;
    update aias_private.schedule_ticks as t
    set
        status = 'started',
        reason = null,
        error = null,
        retry_at = null,
        attempt_count = t.attempt_count + 1,
        execution_id = v_execution,
        job_id = v_job,
        started_at = v_now
    where t.tenant_id = p_tenant and t.schedule_id = p_schedule and t.id = v_tick;
    if v_error is not null then
        perform aias_private.settle_tick(p_tenant, p_schedule, v_tick, 'failed', v_error);
    end if;
end;
$$;
revoke execute on function aias_private.launch_tick(uuid, uuid, timestamptz) from public;
comment on function aias_private.launch_tick(uuid, uuid, timestamptz) is 'Starts the execution, or the job, of a tick.';
