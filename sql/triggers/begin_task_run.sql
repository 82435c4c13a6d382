-- aias_private.begin_task_run: what the job of a system schedule is to run.
--
-- Caller    the task aias.run_scheduled_task, with the id of its own job.
-- Returns   the task's name; no row when the tick is settled or has another job: there is nothing to do.
-- requires: aias_private.nil_uuid
create or replace function aias_private.begin_task_run(
    p_schedule uuid,
    p_due_at timestamptz,
    p_job bigint
)
returns text
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    update aias_private.schedule_ticks as t
    set started_at = aias_private.now()
    from aias_private.schedules as s
    where
        s.tenant_id = aias_private.nil_uuid()
        and s.id = p_schedule
        and t.tenant_id = s.tenant_id
        and t.schedule_id = s.id
        and t.id = aias_private.uuid7_floor(p_due_at)
        and t.status = 'started'
        and t.job_id = p_job
    returning s.task
$$;
revoke execute on function aias_private.begin_task_run(uuid, timestamptz, bigint) from public;
grant execute on function aias_private.begin_task_run(uuid, timestamptz, bigint) to aias_worker;
comment on function aias_private.begin_task_run(uuid, timestamptz, bigint) is
'The task that the job of a system schedule is to run; null when there is nothing to do.';
