-- aias_private.end_task_run: note how the run of a system schedule ended.
--
-- Caller    the task aias.run_scheduled_task, with the id of its own job. p_error null: it succeeded.
-- requires: aias_private.nil_uuid
-- requires: aias_private.settle_tick
create or replace function aias_private.end_task_run(
    p_schedule uuid,
    p_due_at timestamptz,
    p_job bigint,
    p_error jsonb
)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        aias_private.settle_tick(
            t.tenant_id, t.schedule_id, t.id, case when p_error is null then 'succeeded' else 'failed' end, p_error
        )
    from aias_private.schedule_ticks as t
    where
        t.tenant_id = aias_private.nil_uuid()
        and t.schedule_id = p_schedule
        and t.id = aias_private.uuid7_floor(p_due_at)
        and t.job_id = p_job
$$;
revoke execute on function aias_private.end_task_run(uuid, timestamptz, bigint, jsonb) from public;
grant execute on function aias_private.end_task_run(uuid, timestamptz, bigint, jsonb) to aias_worker;
comment on function aias_private.end_task_run(uuid, timestamptz, bigint, jsonb) is
'Notes how the run of a system schedule ended.';
