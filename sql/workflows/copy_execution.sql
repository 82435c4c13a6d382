-- aias_private.copy_execution: start a new execution from another one's input and checkpoints.
--
-- Caller    replay_execution and replay_where.
-- Promise   checkpoints that succeeded or were skipped and do not come after p_from_step are reused where the
--           version has the same step with the same action; everything else runs again, under ids (and so idempotency keys)
--           of its own.
-- Errors    JR404 no such version; JR409 the original is not final; JR422 no such step, or the patched input does not fit.
-- requires: aias_private.span_id
-- requires: aias_private.start_execution
-- requires: aias_private.trace_parent
-- requires: aias_private.merge_patch
-- requires: aias_private.steps_after
-- requires: aias_private.add_execution_event
create or replace function aias_private.copy_execution(
    p_tenant uuid,
    p_execution uuid,
    p_from_step text,
    p_input_patch jsonb,
    p_version integer,
    p_run_at timestamptz
)
returns uuid
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_original aias_private.executions;
    v_definition jsonb;
    v_id constant uuid := aias_private.uuid7();
begin
    select e.* into strict v_original
    from aias_private.executions as e
    where e.tenant_id = p_tenant and e.id = p_execution
    for share;
    if v_original.status not in ('succeeded', 'failed', 'cancelled') then
        raise exception 'the execution % is %: only a final one is replayed', p_execution, v_original.status
            using errcode = 'JR409', column = 'p_execution';
    end if;
    select v.definition into v_definition
    from aias_private.workflow_versions as v
    where
        v.tenant_id = p_tenant
        and v.workflow_id = v_original.workflow_id
        and v.version = coalesce(p_version, v_original.version);
    if not found then
        raise exception 'the workflow has no version %', p_version using errcode = 'JR404', column = 'p_version';
    end if;
    if p_from_step is not null and not exists (
        select from jsonb_array_elements(v_definition -> 'steps') as s(step) where s.step ->> 'id' = p_from_step
    ) then
        raise exception 'the version has no step %', quote_literal(p_from_step)
            using errcode = 'JR422', column = 'p_from_step';
    end if;
    if p_input_patch is not null and jsonb_typeof(p_input_patch) <> 'object' then
        raise exception '$: a patch of an input is a JSON object' using errcode = 'JR422', column = 'p_input_patch';
    end if;
    perform aias_private.start_execution(
        p_tenant,
        v_original.workflow_id,
        coalesce(p_version, v_original.version),
        aias_private.merge_patch(v_original.input, coalesce(p_input_patch, '{}')),
        p_run_at,
        null,
        v_id,
        jsonb_build_object(
            'replayed_from_id', p_execution,
            'trace_parent', aias_private.trace_parent(
                p_execution, v_original.trace_parent, aias_private.span_id(p_execution)
            ),
            'correlation_id', v_original.correlation_id,
            'trace_state', v_original.trace_state
        )
    );
    if p_from_step is not null then
        insert into aias_private.steps (
            tenant_id, execution_id, id, item, action, effect, status, attempt_count, execution_attempt, output,
            started_at, finished_at
        )
        select
            o.tenant_id, v_id, o.id, o.item, o.action, o.effect, o.status, o.attempt_count, 0, o.output,
            o.started_at, o.finished_at
        from aias_private.steps as o
        inner join jsonb_array_elements(v_definition -> 'steps') as d(step)
            on d.step ->> 'id' = o.id and (o.item >= 0 or d.step ->> 'action' = o.action)
        where
            o.tenant_id = p_tenant
            and o.execution_id = p_execution
            and o.status in ('succeeded', 'skipped')
            and o.id not in (select a.a from aias_private.steps_after(v_definition, p_from_step) as a(a));
    end if;
    perform aias_private.add_execution_event(
        p_tenant, v_id, 'replayed', p_from_step, null, null, jsonb_build_object('from', p_execution)
    );
    return v_id;
end;
$$;
revoke execute on function
aias_private.copy_execution(uuid, uuid, text, jsonb, integer, timestamptz) from public;
comment on function aias_private.copy_execution(uuid, uuid, text, jsonb, integer, timestamptz) is
'Starts a new execution from another one''s input and checkpoints.';
