-- aias_private.divert_execution: end an execution that a blown fuse keeps from going on.
--
-- Caller    aias_private.divert, with the job that would have advanced it.
-- Promise   true: the job is gone, the execution has failed and is one dead letter that names the fuse; retrying it goes on
--           from its checkpoints. No fallback is started: it would be a storm of its own. A parent is answered, as by any
--           failure. False: something else has happened to the execution meanwhile, and nothing was changed.
-- Locks     the parent's row, then the execution's (lock_execution), then the job's.
-- requires: aias_private.add_execution_dead_letter
-- requires: aias_private.answer_parent
-- requires: aias_private.close_steps
-- requires: aias_private.delete_waiting_job
-- requires: aias_private.lock_execution
create or replace function aias_private.divert_execution(
    p_tenant uuid,
    p_execution uuid,
    p_job bigint,
    p_fuse uuid,
    p_reason text
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_execution constant aias_private.executions := aias_private.lock_execution(p_tenant, p_execution);
    v_error constant jsonb := jsonb_build_object(
        'type', 'FuseBlown', 'message', p_reason, 'detail', jsonb_build_object('fuse_id', p_fuse)
    );
begin
    if v_execution.job_id is distinct from p_job
        or v_execution.status not in ('queued', 'running', 'waiting')
        or not aias_private.delete_waiting_job(p_job)
    then
        return false;
    end if;
    perform aias_private.close_steps(p_tenant, p_execution);
    update aias_private.executions as e
    set
        status = 'failed',
        error = v_error,
        job_id = null,
        worker_id = null,
        wait_reason = null,
        wait_until = null,
        finished_at = aias_private.now()
    where e.tenant_id = p_tenant and e.id = p_execution;
    perform aias_private.add_execution_dead_letter(p_tenant, p_execution, left(p_reason, 200), v_error);
    update aias_private.dead_letters as d
    set fuse_id = p_fuse
    where d.tenant_id = p_tenant and d.execution_id = p_execution and d.resolution is null;
    perform aias_private.answer_parent(p_tenant, p_execution);
    return true;
end;
$$;
revoke execute on function aias_private.divert_execution(uuid, uuid, bigint, uuid, text) from public;
comment on function aias_private.divert_execution(uuid, uuid, bigint, uuid, text) is
'Ends an execution that a blown fuse keeps from going on, as a dead letter that names the fuse.';
