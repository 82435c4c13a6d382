-- aias_private.quarantine_job: take a job that can't be loaded out of the engine's table.
--
-- Caller    a worker that claimed the job and can't read it; the claim itself for a row that the table refuses to update.
-- Promise   the row is gone, so nobody stumbles over it again; the dead letter keeps what it held as one string (`args_text`,
--           its first 1,000,000 characters): as JSON it would stop the readers of the dead letters instead.
--           The tenant is kept where there is one. Requeueing such a letter is refused.
-- requires: aias_private.nil_uuid
-- requires: aias_private.free_limits
-- requires: aias_private.wake_lock_waiters
create or replace function aias_private.quarantine_job(
    p_job bigint,
    p_message text
)
returns boolean
language plpgsql
volatile
security definer
set search_path = public, pg_temp
as $$
declare
    v_job procrastinate_jobs;
begin
    delete from procrastinate_jobs as j
    where j.id = p_job and j.status in ('todo', 'doing')
    returning j.* into v_job;
    if not found then
        return false;
    end if;
    insert into aias_private.dead_letters (tenant_id, kind, job_id, reason, error, snapshot)
    values (
        coalesce(v_job.tenant_id, aias_private.nil_uuid()),
        'job',
        p_job,
        'cannot be loaded',
        jsonb_build_object('type', 'JobNotLoadable', 'message', p_message),
        (to_jsonb(v_job) - 'args' - 'last_error') || jsonb_build_object('args_text', left(v_job.args::text, 1000000))
    );
    perform aias_private.wake_lock_waiters(v_job.lock);
    perform aias_private.free_limits(array[v_job.tenant_id], array[v_job.workflow_id], array[v_job.limit_key]);
    return true;
end;
$$;
revoke execute on function aias_private.quarantine_job(bigint, text) from public;
grant execute on function aias_private.quarantine_job(bigint, text) to aias_worker;
comment on function aias_private.quarantine_job(bigint, text) is
'Moves a job that no worker can load into the dead letters.';
