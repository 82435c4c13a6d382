-- aias_private.seconds_to_next_job: how long an idle worker may sleep.
--
-- Promise   seconds until the next waiting job falls due, in any queue; null when none is scheduled. A worker that wakes for
--           a job of another queue just finds nothing.
-- Plan      aias_jobs_due_idx: one row.
create or replace function aias_private.seconds_to_next_job()
returns double precision
language sql
stable
security definer
set search_path = public, pg_temp
as $$
    select extract(epoch from j.scheduled_at - aias_private.now())::double precision
    from procrastinate_jobs as j
    where
        j.status = 'todo'
        and j.scheduled_at > aias_private.now()
        and j.scheduled_at < 'infinity'
    order by j.scheduled_at
    limit 1
$$;
revoke execute on function aias_private.seconds_to_next_job() from public;
grant execute on function aias_private.seconds_to_next_job() to aias_worker;
comment on function aias_private.seconds_to_next_job() is 'Seconds until the next scheduled job falls due.';
