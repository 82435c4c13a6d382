-- aias_private.launch_workflow: start a workflow's current version for a trigger.
--
-- Promise   the execution, its job and its audit row are part of the caller's transaction; all three of the trace that p_origin
--           names, or of that of the settings.
-- Locks     the workflow's row, shared.
-- Errors    JR404 the workflow is deleted; JR409 it is disabled; JR422 the input does not fit, or is no object, or the chain
--           of executions and events is longer than ten; JR429 a hard quota of the plan is used up.
-- requires: aias_private.record_audit
-- requires: aias_private.start_execution
-- requires: aias_private.refuse_over_quota
create or replace function aias_private.launch_workflow(
    p_tenant uuid,
    p_workflow uuid,
    p_input jsonb,
    p_origin jsonb,
    p_detail jsonb
)
returns uuid
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_workflow aias_private.workflows;
    v_execution uuid;
    v_trace_parent constant text := current_setting('aias.traceparent', true);
    v_correlation constant text := current_setting('aias.correlation_id', true);
begin
    select w.* into v_workflow
    from aias_private.workflows as w
    where w.tenant_id = p_tenant and w.id = p_workflow and w.deleted_at is null
    for key share;
    if not found then
        raise exception 'the workflow is deleted' using errcode = 'JR404', column = 'p_workflow';
    end if;
    if not v_workflow.is_enabled then
        raise exception 'the workflow % is disabled', quote_literal(v_workflow.name)
            using errcode = 'JR409', column = 'p_workflow';
    end if;
    if p_input is null or jsonb_typeof(p_input) <> 'object' then
        raise exception '$: an input is a JSON object: a mapping can make one' using errcode = 'JR422', column = 'p_input';
    end if;
    if (p_origin ->> 'depth')::integer >= 10 then
        raise exception 'events and executions follow from each other 10 deep, not deeper: do they call each other?'
            using errcode = 'JR422', column = 'p_workflow';
    end if;
    perform aias_private.refuse_over_quota(p_tenant);
    if p_origin ? 'trace_parent' then
        perform
            set_config('aias.traceparent', p_origin ->> 'trace_parent', true),
            set_config('aias.correlation_id', coalesce(p_origin ->> 'correlation_id', ''), true);
    end if;
    v_execution := aias_private.start_execution(
        p_tenant,
        v_workflow.id,
        v_workflow.current_version,
        p_input,
        (p_origin ->> 'run_at')::timestamptz,
        null,
        aias_private.uuid7(),
        p_origin - 'run_at'
    );
    perform aias_private.record_audit(
        p_tenant,
        'execution.started',
        'execution',
        v_execution::text,
        jsonb_build_object('workflow', v_workflow.name, 'version', v_workflow.current_version) || p_detail
    );
    if p_origin ? 'trace_parent' then
        perform
            set_config('aias.traceparent', coalesce(v_trace_parent, ''), true),
            set_config('aias.correlation_id', coalesce(v_correlation, ''), true);
    end if;
    return v_execution;
end;
$$;
revoke execute on function aias_private.launch_workflow(uuid, uuid, jsonb, jsonb, jsonb) from public;
comment on function aias_private.launch_workflow(uuid, uuid, jsonb, jsonb, jsonb) is
'Starts a workflow''s current version for a trigger.';
