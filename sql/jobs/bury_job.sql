-- aias_private.bury_job: a job failed for good; keep it whole among the dead letters.
--
-- Caller    functions of this folder that hold the row's lock and have found the job running.
-- Promise   the engine's row stays as `failed`, or goes when p_is_deleted; the dead letter holds the row as it was, with its
--           arguments, so that it can be enqueued again. One transaction.
-- requires: aias_private.nil_uuid
-- requires: aias_private.free_limits
-- requires: aias_private.wake_lock_waiters
create or replace function aias_private.bury_job(
    p_job bigint,
    p_reason text,
    p_error jsonb,
    p_is_deleted boolean
)
returns void
language plpgsql
volatile
set search_path = public, pg_temp
as $$
declare
    v_job procrastinate_jobs;
begin
    select j.* into strict v_job from procrastinate_jobs as j where j.id = p_job for update;
    if p_is_deleted then
        delete from procrastinate_jobs as j where j.id = p_job;
    else
        update procrastinate_jobs as j
        set
            status = 'failed',
            attempts = j.attempts + 1,
            abort_requested = false,
            worker_id = null,
            last_error = p_error
        where j.id = p_job;
    end if;
    insert into aias_private.dead_letters (tenant_id, kind, job_id, reason, error, snapshot)
    values (
        coalesce(v_job.tenant_id, aias_private.nil_uuid()), 'job', p_job, p_reason, p_error, to_jsonb(v_job)
    );
    perform aias_private.wake_lock_waiters(v_job.lock);
    perform aias_private.free_limits(array[v_job.tenant_id], array[v_job.workflow_id], array[v_job.limit_key]);
end;
$$;
revoke execute on function aias_private.bury_job(bigint, text, jsonb, boolean) from public;
comment on function aias_private.bury_job(bigint, text, jsonb, boolean) is
'Ends a job as failed and keeps it whole among the dead letters.';
