-- aias_private.answer_parent: tell the step that waits for this execution how it ended.
--
-- Caller    whoever ends an execution; it locked the parent's row before the child's.
-- requires: aias_private.wake_execution
create or replace function aias_private.answer_parent(
    p_tenant uuid,
    p_execution uuid
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_child aias_private.executions;
begin
    select e.* into v_child
    from aias_private.executions as e
    where e.tenant_id = p_tenant and e.id = p_execution;
    if v_child.parent_execution_id is null then
        return;
    end if;
    update aias_private.steps as s
    set
        status = case when v_child.status = 'succeeded' then 'succeeded' else 'failed' end,
        output = case when v_child.status = 'succeeded' then coalesce(v_child.output, 'null') end,
        error = case when v_child.status <> 'succeeded' then
            jsonb_build_object(
                'type', 'ChildExecution',
                'message', format('the execution %s that it started has %s', p_execution, v_child.status),
                'detail', v_child.error
            )
        end,
        wait_kind = null,
        wait_until = null,
        finished_at = aias_private.now()
    where
        s.tenant_id = p_tenant
        and s.execution_id = v_child.parent_execution_id
        and s.id = v_child.parent_step_id
        and s.item = v_child.parent_item
        and s.status = 'waiting'
        and s.wait_kind = 'execution';
    if found then
        perform aias_private.wake_execution(p_tenant, v_child.parent_execution_id);
    end if;
end;
$$;
revoke execute on function aias_private.answer_parent(uuid, uuid) from public;
comment on function aias_private.answer_parent(uuid, uuid) is
'Tells the step that waits for an execution how it ended, and wakes it.';
