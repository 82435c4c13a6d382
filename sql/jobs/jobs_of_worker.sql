-- aias_private.jobs_of_worker: what a worker holds, by the table.
--
-- Caller    the worker itself, to compare with what it has in hand: a job that it does not know of is a claim whose answer was
--           lost, one that is missing here was taken from it, one marked is to be stopped.
create or replace function aias_private.jobs_of_worker(p_worker bigint)
returns table (
    job_id bigint,
    attempts integer,
    abort_requested boolean
)
language sql
stable
security definer
set search_path = public, pg_temp
as $$
    select j.id, j.attempts, j.abort_requested
    from procrastinate_jobs as j
    where j.worker_id = p_worker and j.status = 'doing'
$$;
revoke execute on function aias_private.jobs_of_worker(bigint) from public;
grant execute on function aias_private.jobs_of_worker(bigint) to aias_worker;
comment on function aias_private.jobs_of_worker(bigint) is 'The running jobs of a worker.';
