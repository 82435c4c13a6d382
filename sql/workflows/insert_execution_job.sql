-- aias_private.insert_execution_job: enqueue the job that advances an execution.
--
-- Promise   in the caller's transaction; the caller stores the id in executions.job_id, and only that job may claim.
-- requires: aias_private.insert_job
create or replace function aias_private.insert_execution_job(
    p_tenant uuid,
    p_execution uuid,
    p_workflow uuid,
    p_lane text,
    p_run_at timestamptz
)
returns bigint
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select aias_private.insert_job(
        'aias.advance_execution',
        jsonb_build_object('tenant_id', p_tenant, 'execution_id', p_execution),
        l.queue_name,
        l.base_priority,
        p_run_at,
        null,
        p_workflow,
        null
    )
    from aias_private.lanes as l
    where l.name = p_lane
$$;
revoke execute on function aias_private.insert_execution_job(uuid, uuid, uuid, text, timestamptz) from public;
comment on function aias_private.insert_execution_job(uuid, uuid, uuid, text, timestamptz) is
'Enqueues the job that advances an execution, in its lane.';
