-- aias_private.start_fallback: start the workflow that a definition names for its failure.
--
-- Promise   once per failed execution. The fallback gets {"execution_id", "workflow", "input", "error"} as input. One that
--           can't be started (unknown, disabled, an input that it refuses) is noted in the history and holds nothing up;
--           a fallback's own failure starts none.
-- requires: aias_private.span_id
-- requires: aias_private.start_execution
-- requires: aias_private.trace_parent
-- requires: aias_private.workflow_by_name
-- requires: aias_private.add_execution_event
-- requires: aias_private.failure_advice
create or replace function aias_private.start_fallback(
    p_tenant uuid,
    p_execution uuid,
    p_error jsonb
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_execution aias_private.executions;
    v_name text;
    v_fallback text;
    v_workflow aias_private.workflows;
    v_id constant uuid := aias_private.uuid7();
begin
    select e.* into v_execution
    from aias_private.executions as e
    where e.tenant_id = p_tenant and e.id = p_execution;
    select v.definition ->> 'name', v.definition #>> '{on_failure,workflow}' into v_name, v_fallback
    from aias_private.workflow_versions as v
    where v.tenant_id = p_tenant and v.workflow_id = v_execution.workflow_id and v.version = v_execution.version;
    if v_fallback is null or v_execution.depth >= 10 then
        return;
    end if;
    insert into aias_private.idempotency_keys (tenant_id, scope, key, target, request_hash)
    values (p_tenant, 'fallback', p_execution::text || ':' || v_execution.attempt::text, v_id::text, '')
    on conflict (tenant_id, scope, key) do nothing;
    if not found then
        return;
    end if;
    begin
        v_workflow := aias_private.workflow_by_name(p_tenant, v_fallback);
        perform aias_private.start_execution(
            p_tenant,
            v_workflow.id,
            v_workflow.current_version,
            jsonb_build_object(
                'execution_id', p_execution,
                'workflow', v_name,
                'input', v_execution.input,
                'error', p_error
            ),
            null,
            null,
            v_id,
            jsonb_build_object(
                'depth', v_execution.depth + 1,
                'trace_parent', aias_private.trace_parent(
                    p_execution, v_execution.trace_parent, aias_private.span_id(p_execution)
                ),
                'correlation_id', v_execution.correlation_id,
                'trace_state', v_execution.trace_state
            )
        );
        perform aias_private.add_execution_event(
            p_tenant, p_execution, 'fallback_started', null, null, null,
            jsonb_build_object('workflow', v_fallback, 'execution_id', v_id)
        );
        perform aias_private.add_execution_event(
            p_tenant, p_execution, 'fallback_used', null, null, null,
            jsonb_build_object(
                'used', 'workflow',
                'workflow', v_fallback,
                'execution_id', v_id,
                'why', coalesce(p_error ->> 'message', 'no reason was given'),
                'advice', aias_private.failure_advice(p_error)
            )
        );
    exception
        when sqlstate 'JR404' or sqlstate 'JR422' then
            perform aias_private.add_execution_event(
                p_tenant, p_execution, 'fallback_started', null, null, null,
                jsonb_build_object('workflow', v_fallback, 'problem', sqlerrm)
            );
    end;
end;
$$;
revoke execute on function aias_private.start_fallback(uuid, uuid, jsonb) from public;
comment on function aias_private.start_fallback(uuid, uuid, jsonb) is
'Starts the workflow that a definition names for its failure, once.';
