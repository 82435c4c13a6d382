-- aias_private.fail_execution: end an execution as failed: dead letter, fallback workflow, parent.
--
-- Caller    finish_execution and claim_execution, which hold the row's lock.
-- requires: aias_private.close_steps
-- requires: aias_private.add_execution_dead_letter
-- requires: aias_private.answer_parent
-- requires: aias_private.start_fallback
create or replace function aias_private.fail_execution(
    p_tenant uuid,
    p_execution uuid,
    p_reason text,
    p_error jsonb
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform aias_private.close_steps(p_tenant, p_execution);
    update aias_private.executions as e
    set
        status = 'failed',
        error = p_error,
        job_id = null,
        worker_id = null,
        wait_reason = null,
        wait_until = null,
        finished_at = aias_private.now()
    where e.tenant_id = p_tenant and e.id = p_execution and e.status in ('queued', 'running', 'waiting');
    perform aias_private.add_execution_dead_letter(p_tenant, p_execution, p_reason, p_error);
    perform aias_private.start_fallback(p_tenant, p_execution, p_error);
    perform aias_private.answer_parent(p_tenant, p_execution);
end;
$$;
revoke execute on function aias_private.fail_execution(uuid, uuid, text, jsonb) from public;
comment on function aias_private.fail_execution(uuid, uuid, text, jsonb) is
'Ends an execution as failed and keeps it among the dead letters.';
