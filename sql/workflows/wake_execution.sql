-- aias_private.wake_execution: let a waiting execution go on now.
--
-- Promise   waiting: its timer's job is replaced by one that is due; running: it will not suspend before it has looked
--           again; queued: its job comes anyway; final: nothing.
-- Locks     the execution's row (the caller holds its parent's before, never after).
-- requires: aias_private.insert_execution_job
-- requires: aias_private.delete_waiting_job
create or replace function aias_private.wake_execution(
    p_tenant uuid,
    p_execution uuid
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_execution aias_private.executions;
begin
    select e.* into v_execution
    from aias_private.executions as e
    where e.tenant_id = p_tenant and e.id = p_execution
    for update;
    if v_execution.status = 'running' then
        update aias_private.executions as e
        set is_wake_requested = true
        where e.tenant_id = p_tenant and e.id = p_execution;
    elsif v_execution.status = 'waiting' then
        perform aias_private.delete_waiting_job(v_execution.job_id);
        update aias_private.executions as e
        set
            status = 'queued',
            wait_reason = null,
            wait_until = null,
            job_id = aias_private.insert_execution_job(p_tenant, p_execution, e.workflow_id, e.lane, null)
        where e.tenant_id = p_tenant and e.id = p_execution;
    end if;
end;
$$;
revoke execute on function aias_private.wake_execution(uuid, uuid) from public;
comment on function aias_private.wake_execution(uuid, uuid) is 'Lets a waiting execution go on now.';
