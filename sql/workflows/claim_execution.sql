-- aias_private.claim_execution: take an execution to advance it, under a new attempt.
--
-- Caller    the task aias.advance_execution, with the id of its own job.
-- Promise   only the job that the execution names may claim; the attempt that it gets is the only one whose writes are
--           taken from now on. An execution that is found running lost its holder: that is counted, noted as `rescued`, and
--           after five times the execution goes to the dead letters instead of killing workers for ever.
-- Returns   no row: the job is superseded, or the execution is final or unknown; the job has nothing to do.
-- Locks     the execution's row.
-- requires: aias_private.step_rows
-- requires: aias_private.fail_execution
-- requires: aias_private.add_execution_event
create or replace function aias_private.claim_execution(
    p_tenant uuid,
    p_execution uuid,
    p_job bigint,
    p_worker bigint
)
returns table (
    attempt integer,
    tenant_slug text,
    workflow_name text,
    workflow_id uuid,
    version integer,
    input jsonb,
    steps jsonb,
    depth integer,
    trace_parent text,
    correlation_id text,
    trace_state text,
    created_at timestamptz,
    started_at timestamptz
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_execution aias_private.executions;
    v_is_rescue boolean;
    v_now constant timestamptz := aias_private.now();
begin
    select e.* into v_execution
    from aias_private.executions as e
    where
        e.tenant_id = p_tenant
        and e.id = p_execution
        and e.job_id = p_job
        and e.status in ('queued', 'running', 'waiting')
    for update;
    if not found then
        return;
    end if;
    v_is_rescue := v_execution.status = 'running';
    update aias_private.executions as e
    set
        status = 'running',
        attempt = e.attempt + 1,
        crash_count = e.crash_count + v_is_rescue::integer,
        worker_id = p_worker,
        is_wake_requested = false,
        wait_reason = null,
        wait_until = null,
        claimed_at = v_now,
        started_at = coalesce(e.started_at, v_now)
    where e.tenant_id = p_tenant and e.id = p_execution
    returning e.* into v_execution;
    if v_is_rescue then
        perform aias_private.add_execution_event(
            p_tenant, p_execution, 'rescued', null, null, v_execution.attempt,
            jsonb_build_object('crash_count', v_execution.crash_count, 'worker_id', p_worker)
        );
        if v_execution.crash_count >= 5 then
            perform aias_private.fail_execution(
                p_tenant,
                p_execution,
                'crash loop',
                jsonb_build_object(
                    'type', 'CrashLoop',
                    'message', format('the workers that ran it died %s times', v_execution.crash_count)
                )
            );
            return;
        end if;
    end if;
    return query
    select
        v_execution.attempt,
        t.slug,
        w.name,
        w.id,
        v_execution.version,
        v_execution.input,
        aias_private.step_rows(p_tenant, p_execution),
        v_execution.depth,
        v_execution.trace_parent,
        v_execution.correlation_id,
        v_execution.trace_state,
        v_execution.created_at,
        v_execution.started_at
    from aias_private.workflows as w
    inner join aias_private.tenants as t on t.id = w.tenant_id
    where w.tenant_id = p_tenant and w.id = v_execution.workflow_id;
end;
$$;
revoke execute on function aias_private.claim_execution(uuid, uuid, bigint, bigint) from public;
comment on function aias_private.claim_execution(uuid, uuid, bigint, bigint) is
'Takes an execution under a new attempt, for the one job that it names.';
