-- aias.retry_execution: let a failed or cancelled execution go on from its checkpoints.
--
-- Promise   what succeeded is not run again; what failed starts with a fresh count of attempts; a call in doubt is decided
--           by its step's on_unknown. Its open dead letter is resolved.
-- Errors    JR404 no such execution; JR409 it is neither failed nor cancelled.
-- requires: aias_private.execution_tenant
-- requires: aias_private.lock_execution
-- requires: aias_private.insert_execution_job
-- requires: aias_private.add_execution_event
-- requires: aias_private.record_audit
-- requires: aias_private.caller_actor
create or replace function aias.retry_execution(p_execution uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.execution_tenant(p_execution);
    v_execution constant aias_private.executions := aias_private.lock_execution(v_tenant, p_execution);
    v_now constant timestamptz := aias_private.now();
begin
    if v_execution.status not in ('failed', 'cancelled') then
        raise exception 'the execution % is %: only a failed or cancelled one is retried', p_execution, v_execution.status
            using errcode = 'JR409', column = 'p_execution';
    end if;
    -- its failed and cancelled steps begin anew, but for those whose failure was to be passed over (others went on from
    -- it); what happened to them stays in the history
    delete from aias_private.steps as s
    where
        s.tenant_id = v_tenant
        and s.execution_id = p_execution
        and (
            s.status = 'cancelled'
            or (
                s.status = 'failed'
                and not exists (
                    select
                    from aias_private.workflow_versions as v
                    cross join jsonb_array_elements(v.definition -> 'steps') as d(step)
                    where
                        v.tenant_id = v_tenant
                        and v.workflow_id = v_execution.workflow_id
                        and v.version = v_execution.version
                        and d.step ->> 'id' = s.id
                        and d.step ->> 'on_failure' = 'continue'
                )
            )
        );
    update aias_private.steps as s
    set status = 'running', finished_at = null
    where s.tenant_id = v_tenant and s.execution_id = p_execution and s.status = 'in_doubt';
    update aias_private.executions as e
    set
        status = 'queued',
        attempt = e.attempt + 1,
        crash_count = 0,
        error = null,
        output = null,
        cancel_reason = null,
        finished_at = null,
        is_wake_requested = false,
        job_id = aias_private.insert_execution_job(v_tenant, p_execution, e.workflow_id, e.lane, null)
    where e.tenant_id = v_tenant and e.id = p_execution;
    update aias_private.dead_letters as d
    set resolution = 'requeued', resolved_at = v_now, resolved_by = aias_private.caller_actor()
    where d.tenant_id = v_tenant and d.execution_id = p_execution and d.resolution is null;
    perform aias_private.add_execution_event(
        v_tenant, p_execution, 'retried', null, null, v_execution.attempt, jsonb_build_object('was', v_execution.status)
    );
    perform aias_private.record_audit(
        v_tenant,
        'execution.retried',
        'execution',
        p_execution::text,
        jsonb_build_object(
            'status', 'queued',
            'before', jsonb_strip_nulls(jsonb_build_object('status', v_execution.status, 'error', v_execution.error))
        )
    );
end;
$$;
revoke execute on function aias.retry_execution(uuid) from public;
grant execute on function aias.retry_execution(uuid) to aias_app, aias_admin;
comment on function aias.retry_execution(uuid) is
'Lets a failed or cancelled execution go on from its checkpoints; what succeeded is not run again.';
