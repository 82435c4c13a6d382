-- aias_private.release_jobs: give back jobs that were claimed and not started, many at once.
--
-- Caller    a worker that stops with jobs in its buffer. Worker and attempts fence each, as in release_job.
-- Promise   they wait as if they had not been claimed; workers are woken once per queue. One whose stop was asked for ends
--           `aborted` instead.
-- requires: aias_private.release_job
create or replace function aias_private.release_jobs(
    p_worker bigint,
    p_jobs bigint[],
    p_attempts integer[]
)
returns integer
language sql
volatile
security definer
set search_path = public, pg_temp
as $$
    select count(*) filter (where aias_private.release_job(g.id, p_worker, g.attempts))::integer
    from (
        select u.id, u.attempts
        from unnest(p_jobs, p_attempts) as u(id, attempts)
        order by u.id
    ) as g
$$;
revoke execute on function aias_private.release_jobs(bigint, bigint[], integer[]) from public;
grant execute on function aias_private.release_jobs(bigint, bigint[], integer[]) to aias_worker;
comment on function aias_private.release_jobs(bigint, bigint[], integer[]) is
'Gives back jobs that were claimed and not started, and says how many.';
