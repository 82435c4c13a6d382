-- aias_private.suspend_execution: let an execution wait without a worker.
--
-- Promise   when its waits have an end, the job that goes on at the earliest of them is enqueued in the same transaction: in the
--           lane `retry` when that is a retry, else in its own. What woke it since its claim is not lost: then it
--           does not suspend.
-- Returns   suspended | again (reload and go on) | superseded (stop).
-- Locks     the execution's row.
-- requires: aias_private.insert_execution_job
create or replace function aias_private.suspend_execution(
    p_tenant uuid,
    p_execution uuid,
    p_attempt integer
)
returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_execution aias_private.executions;
    v_wait record;
    v_now constant timestamptz := aias_private.now();
begin
    select e.* into v_execution
    from aias_private.executions as e
    where e.tenant_id = p_tenant and e.id = p_execution and e.attempt = p_attempt and e.status = 'running'
    for update;
    if not found then
        return 'superseded';
    end if;
    select s.wait_kind, s.wait_until into v_wait
    from aias_private.steps as s
    where s.tenant_id = p_tenant and s.execution_id = p_execution and s.status = 'waiting'
    order by s.wait_until nulls last, s.id, s.item
    limit 1;
    if v_execution.is_wake_requested or v_wait.wait_kind is null or v_wait.wait_until <= v_now then
        update aias_private.executions as e
        set is_wake_requested = false
        where e.tenant_id = p_tenant and e.id = p_execution and e.is_wake_requested;
        return 'again';
    end if;
    update aias_private.executions as e
    set
        status = 'waiting',
        wait_reason = v_wait.wait_kind,
        wait_until = v_wait.wait_until,
        worker_id = null,
        job_id = case when v_wait.wait_until is not null then
            aias_private.insert_execution_job(
                p_tenant,
                p_execution,
                e.workflow_id,
                case when v_wait.wait_kind = 'retry' then 'retry' else e.lane end,
                v_wait.wait_until
            )
        end
    where e.tenant_id = p_tenant and e.id = p_execution;
    return 'suspended';
end;
$$;
revoke execute on function aias_private.suspend_execution(uuid, uuid, integer) from public;
comment on function aias_private.suspend_execution(uuid, uuid, integer) is
'Lets an execution wait without a worker, with the job that goes on when its earliest wait ends.';
