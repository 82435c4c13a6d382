-- aias_private.finish_execution: end an execution as succeeded or failed.
--
-- Promise   with its steps, its dead letter, its fallback and its parent's answer in one transaction.
-- Returns   false when the attempt was superseded: nothing was written.
-- Errors    JR422 p_status is neither succeeded nor failed, or a failure has no error.
-- requires: aias_private.lock_execution
-- requires: aias_private.close_steps
-- requires: aias_private.fail_execution
-- requires: aias_private.answer_parent
create or replace function aias_private.finish_execution(
    p_tenant uuid,
    p_execution uuid,
    p_attempt integer,
    p_status text,
    p_output jsonb,
    p_error jsonb
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_execution constant aias_private.executions := aias_private.lock_execution(p_tenant, p_execution);
begin
    if p_status is null or p_status not in ('succeeded', 'failed') then
        raise exception 'an execution ends as succeeded or failed, not as %', coalesce(quote_literal(p_status), 'null')
            using errcode = 'JR422', column = 'p_status';
    end if;
    if p_status = 'failed' and p_error is null then
        raise exception 'a failure has an error' using errcode = 'JR422', column = 'p_error';
    end if;
    if v_execution.id is null or v_execution.attempt <> p_attempt or v_execution.status <> 'running' then
        return false;
    end if;
    if p_status = 'failed' then
        perform aias_private.fail_execution(p_tenant, p_execution, coalesce(p_error ->> 'message', 'failed'), p_error);
        return true;
    end if;
    perform aias_private.close_steps(p_tenant, p_execution);
    update aias_private.executions as e
    set
        status = 'succeeded',
        output = p_output,
        error = null,
        job_id = null,
        worker_id = null,
        finished_at = aias_private.now()
    where e.tenant_id = p_tenant and e.id = p_execution;
    perform aias_private.answer_parent(p_tenant, p_execution);
    return true;
end;
$$;
revoke execute on function aias_private.finish_execution(uuid, uuid, integer, text, jsonb, jsonb) from public;
comment on function aias_private.finish_execution(uuid, uuid, integer, text, jsonb, jsonb) is
'Ends an execution under the attempt that holds it.';
