-- aias_private.finish_job: write how a job ended.
--
-- Caller    the worker that claimed it. Worker and attempts are the fencing token: a job that was taken over meanwhile (its
--           worker was thought dead) has another worker or another count, and nothing is changed.
-- Promise   true: written. False: not this worker's any more; also when an earlier call was committed and its answer lost. A
--           failed job gets its dead letter in the same transaction.
-- Errors    JR422 p_status is none of succeeded, failed, aborted.
-- Plan      by the primary key: the conditions are written so that no partial index of running jobs (it looks empty to the
--           planner and is full of dead entries) fits them.
-- requires: aias_private.bury_job
-- requires: aias_private.free_limits
-- requires: aias_private.wake_lock_waiters
create or replace function aias_private.finish_job(
    p_job bigint,
    p_worker bigint,
    p_attempts integer,
    p_status text,
    p_is_deleted boolean,
    p_error jsonb
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
    if p_status = 'failed' then
        perform
        from procrastinate_jobs as j
        where j.id = p_job and j.status::text = 'doing' and coalesce(j.worker_id, 0) = p_worker and j.attempts = p_attempts
        for update;
        if not found then
            return false;
        end if;
        perform aias_private.bury_job(
            p_job,
            left(split_part(coalesce(p_error ->> 'message', 'failed'), E'\n', 1), 200),
            coalesce(p_error, '{}'),
            p_is_deleted
        );
        return true;
    elsif p_status not in ('succeeded', 'aborted') or p_status is null then
        raise exception 'a job ends succeeded, failed or aborted, not %', coalesce(quote_literal(p_status), 'null')
            using errcode = 'JR422', column = 'p_status';
    end if;
    if p_is_deleted then
        delete from procrastinate_jobs as j
        where j.id = p_job and j.status::text = 'doing' and coalesce(j.worker_id, 0) = p_worker and j.attempts = p_attempts
        returning j.* into v_job;
    else
        update procrastinate_jobs as j
        set
            status = p_status::procrastinate_job_status,
            attempts = j.attempts + 1,
            abort_requested = false,
            worker_id = null
        where j.id = p_job and j.status::text = 'doing' and coalesce(j.worker_id, 0) = p_worker and j.attempts = p_attempts
        returning j.* into v_job;
    end if;
    if not found then
        return false;
    end if;
    perform aias_private.wake_lock_waiters(v_job.lock);
    perform aias_private.free_limits(array[v_job.tenant_id], array[v_job.workflow_id], array[v_job.limit_key]);
    return true;
end;
$$;
revoke execute on function aias_private.finish_job(bigint, bigint, integer, text, boolean, jsonb) from public;
grant execute on function aias_private.finish_job(bigint, bigint, integer, text, boolean, jsonb) to aias_worker;
comment on function aias_private.finish_job(bigint, bigint, integer, text, boolean, jsonb) is
'Writes the end of a job, for the worker that still holds it.';
