-- aias_private.job_state: where a job stands.
--
-- Promise   no row when the engine has no such job (any more): succeeded jobs are deleted.
create or replace function aias_private.job_state(p_job bigint)
returns table (
    status text,
    queue_name text,
    run_at timestamptz,
    worker_id bigint,
    worker_heartbeat_at timestamptz
)
language sql
stable
security definer
set search_path = public, pg_temp
as $$
    select
        j.status::text,
        j.queue_name::text,
        j.scheduled_at,
        j.worker_id,
        w.last_heartbeat
    from procrastinate_jobs as j
    left join procrastinate_workers as w on w.id = j.worker_id
    where j.id = p_job
$$;
revoke execute on function aias_private.job_state(bigint) from public;
grant execute on function aias_private.job_state(bigint) to aias_worker;
comment on function aias_private.job_state(bigint) is 'A job''s status, queue, time and worker.';
