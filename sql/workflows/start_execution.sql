-- aias_private.start_execution: make an execution and the job that advances it.
--
-- Caller    run_workflow, replay_execution, the engine's child executions and fallbacks, the triggers.
-- Promise   one row and one job in the caller's transaction, or neither. Its trace and its correlation id are those of
--           p_origin; where that has none, those of the settings aias.traceparent, aias.tracestate and aias.correlation_id.
-- Errors    JR422 the input does not fit the version's schema.
-- requires: aias_private.insert_execution_job
-- requires: aias_private.assert_json_input
-- requires: aias_private.given_trace_parent
create or replace function aias_private.start_execution(
    p_tenant uuid,
    p_workflow uuid,
    p_version integer,
    p_input jsonb,
    p_run_at timestamptz,
    p_lane text,
    p_id uuid,
    p_origin jsonb
)
returns uuid
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_definition jsonb;
    v_lane text;
    v_trace_parent text := p_origin ->> 'trace_parent';
    v_correlation text := p_origin ->> 'correlation_id';
    v_trace_state text := p_origin ->> 'trace_state';
begin
    if v_trace_parent is null then
        v_trace_parent := nullif(current_setting('aias.traceparent', true), '');
        v_correlation := nullif(current_setting('aias.correlation_id', true), '');
        if v_trace_parent is not null then
            v_trace_parent := aias_private.given_trace_parent(v_trace_parent);
            v_trace_state := nullif(left(current_setting('aias.tracestate', true), 512), '');
        end if;
    end if;
    select v.definition into strict v_definition
    from aias_private.workflow_versions as v
    where v.tenant_id = p_tenant and v.workflow_id = p_workflow and v.version = p_version;
    perform aias_private.assert_json_input('p_input', p_input, coalesce(v_definition -> 'input', 'true'), 1000000);
    select coalesce(p_lane, p.lane) into strict v_lane
    from aias_private.tenants as t
    inner join aias_private.plans as p on p.name = t.plan
    where t.id = p_tenant;
    insert into aias_private.executions (
        tenant_id, id, workflow_id, version, input, lane, run_at, job_id, idempotency_key, parent_execution_id,
        parent_step_id, parent_item, depth, replayed_from_id, trace_parent, correlation_id, trace_state, origin, origin_id
    )
    values (
        p_tenant,
        p_id,
        p_workflow,
        p_version,
        p_input,
        v_lane,
        p_run_at,
        aias_private.insert_execution_job(p_tenant, p_id, p_workflow, v_lane, p_run_at),
        p_origin ->> 'idempotency_key',
        (p_origin ->> 'parent_execution_id')::uuid,
        p_origin ->> 'parent_step_id',
        (p_origin ->> 'parent_item')::integer,
        coalesce((p_origin ->> 'depth')::integer, 0),
        (p_origin ->> 'replayed_from_id')::uuid,
        v_trace_parent,
        nullif(left(v_correlation, 200), split_part(v_trace_parent, '-', 2)),
        v_trace_state,
        p_origin ->> 'origin',
        (p_origin ->> 'origin_id')::uuid
    );
    return p_id;
end;
$$;
revoke execute on function
aias_private.start_execution(uuid, uuid, integer, jsonb, timestamptz, text, uuid, jsonb) from public;
comment on function aias_private.start_execution(uuid, uuid, integer, jsonb, timestamptz, text, uuid, jsonb) is
'Makes an execution of one version and enqueues its job.';
