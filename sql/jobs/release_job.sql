-- aias_private.release_job: give a claimed job back unfinished.
--
-- Caller    the worker that claimed it: it shuts down, or finds that it never got to know of the claim.
-- Promise   true: the job waits again as if it had not been claimed, and counts no attempt. False: not this worker's.
-- Plan      by the primary key: the conditions are written so that no partial index of running jobs (it looks empty to the
--           planner and is full of dead entries) fits them.
-- requires: aias_private.put_back_job
create or replace function aias_private.release_job(
    p_job bigint,
    p_worker bigint,
    p_attempts integer
)
returns boolean
language plpgsql
volatile
security definer
set search_path = public, pg_temp
as $$
begin
    perform
    from procrastinate_jobs as j
    where j.id = p_job and j.status::text = 'doing' and coalesce(j.worker_id, 0) = p_worker and j.attempts = p_attempts
    for update;
    if not found then
        return false;
    end if;
    perform aias_private.put_back_job(p_job, false, false, null, null, null, null, null);
    return true;
end;
$$;
revoke execute on function aias_private.release_job(bigint, bigint, integer) from public;
grant execute on function aias_private.release_job(bigint, bigint, integer) to aias_worker;
comment on function aias_private.release_job(bigint, bigint, integer) is 'Gives a claimed job back to its queue, uncounted.';
