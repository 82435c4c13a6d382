-- aias_private.cancel_tree: cancel an execution and what it started.
--
-- Caller    cancel_execution, which holds the lock of the row and of its parent. Children are locked after their parent.
-- requires: aias_private.abort_job
-- requires: aias_private.close_steps
-- requires: aias_private.add_execution_event
create or replace function aias_private.cancel_tree(
    p_tenant uuid,
    p_execution uuid,
    p_reason text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_former aias_private.executions;
    v_child uuid;
begin
    select e.* into v_former
    from aias_private.executions as e
    where e.tenant_id = p_tenant and e.id = p_execution and e.status in ('queued', 'running', 'waiting')
    for update;
    if not found then
        return;
    end if;
    perform aias_private.close_steps(p_tenant, p_execution);
    -- the new attempt fences the worker that may be in the middle of it
    update aias_private.executions as e
    set
        status = 'cancelled',
        attempt = e.attempt + 1,
        cancel_reason = p_reason,
        job_id = null,
        worker_id = null,
        wait_reason = null,
        wait_until = null,
        finished_at = aias_private.now()
    where e.tenant_id = p_tenant and e.id = p_execution;
    if v_former.job_id is not null then
        perform aias_private.abort_job(v_former.job_id);
    end if;
    perform aias_private.add_execution_event(
        p_tenant, p_execution, 'cancelled', null, null, v_former.attempt,
        jsonb_strip_nulls(jsonb_build_object('reason', p_reason, 'was', v_former.status))
    );
    for v_child in
        select c.id
        from aias_private.executions as c
        where
            c.tenant_id = p_tenant
            and c.parent_execution_id = p_execution
            and c.status in ('queued', 'running', 'waiting')
        order by c.id
    loop
        perform aias_private.cancel_tree(p_tenant, v_child, 'the execution that started it was cancelled');
    end loop;
end;
$$;
revoke execute on function aias_private.cancel_tree(uuid, uuid, text) from public;
comment on function aias_private.cancel_tree(uuid, uuid, text) is 'Cancels an execution and the executions that it started.';
