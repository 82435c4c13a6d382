-- aias_private.start_child: start the execution that a step of another one waits for.
--
-- Promise   one child per step and item, however often it is called. The child runs in its parent's lane.
-- Errors    JR404 no such workflow; JR409 it is disabled; JR422 the input does not fit, or the executions are nested deeper
--           than ten (a workflow that calls itself for ever ends here).
-- requires: aias_private.attempt_span
-- requires: aias_private.start_execution
-- requires: aias_private.trace_parent
-- requires: aias_private.workflow_by_name
create or replace function aias_private.start_child(
    p_tenant uuid,
    p_parent uuid,
    p_step text,
    p_item integer,
    p_detail jsonb
)
returns uuid
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_workflow aias_private.workflows;
    v_parent record;
    v_id uuid;
    v_attempt integer;
begin
    select s.child_execution_id, s.attempt_count into v_id, v_attempt
    from aias_private.steps as s
    where s.tenant_id = p_tenant and s.execution_id = p_parent and s.id = p_step and s.item = p_item;
    if v_id is not null then
        return v_id;
    end if;
    v_workflow := aias_private.workflow_by_name(p_tenant, p_detail ->> 'workflow');
    if not v_workflow.is_enabled then
        raise exception 'the workflow % is disabled', quote_literal(v_workflow.name)
            using errcode = 'JR409', column = 'p_workflow';
    end if;
    select e.lane, e.depth, e.trace_parent, e.correlation_id, e.trace_state into strict v_parent
    from aias_private.executions as e
    where e.tenant_id = p_tenant and e.id = p_parent;
    if v_parent.depth >= 10 then
        raise exception 'executions may be nested 10 deep, not deeper: does % call itself?', quote_literal(v_workflow.name)
            using errcode = 'JR422', column = 'p_workflow';
    end if;
    return aias_private.start_execution(
        p_tenant,
        v_workflow.id,
        v_workflow.current_version,
        coalesce(nullif(p_detail -> 'input', 'null'), '{}'),
        null,
        v_parent.lane,
        aias_private.uuid7(),
        jsonb_build_object(
            'parent_execution_id', p_parent,
            'parent_step_id', p_step,
            'parent_item', p_item,
            'depth', v_parent.depth + 1,
            'trace_parent', aias_private.trace_parent(
                p_parent,
                v_parent.trace_parent,
                aias_private.attempt_span(p_parent, p_step, p_item, coalesce(v_attempt, 1))
            ),
            'correlation_id', v_parent.correlation_id,
            'trace_state', v_parent.trace_state
        )
    );
end;
$$;
revoke execute on function aias_private.start_child(uuid, uuid, text, integer, jsonb) from public;
comment on function aias_private.start_child(uuid, uuid, text, integer, jsonb) is
'Starts the execution that a step waits for, once.';
