-- aias_private.postpone_job: a job's attempt failed; try it again later.
--
-- Caller    the worker that claimed it, with the fencing token as in finish_job. The delay counts from the database's clock:
--           a worker's own may be wrong.
-- Promise   true: it waits for its next attempt (or ended aborted, if that was asked for meanwhile). False: not this worker's.
-- Plan      by the primary key: the conditions are written so that no partial index of running jobs (it looks empty to the
--           planner and is full of dead entries) fits them.
-- requires: aias_private.put_back_job
create or replace function aias_private.postpone_job(
    p_job bigint,
    p_worker bigint,
    p_attempts integer,
    p_delay interval,
    p_priority integer,
    p_queue text,
    p_lock text,
    p_error jsonb
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
    perform aias_private.put_back_job(
        p_job, true, false, coalesce(p_delay, interval '0'), p_priority, p_queue, p_lock, p_error
    );
    return true;
end;
$$;
revoke execute on function
aias_private.postpone_job(bigint, bigint, integer, interval, integer, text, text, jsonb)
from public;
grant execute on function
aias_private.postpone_job(bigint, bigint, integer, interval, integer, text, text, jsonb)
to aias_worker;
comment on function aias_private.postpone_job(bigint, bigint, integer, interval, integer, text, text, jsonb) is
'Schedules the next attempt of a job, for the worker that still holds it.';
