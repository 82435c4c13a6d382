-- aias_private.jobs_of_task: the live jobs of one task.
--
-- Caller    the repair, which compares them with the ledger. Reads the whole table of jobs.
create or replace function aias_private.jobs_of_task(p_task text)
returns table (
    job_id bigint,
    status text,
    args jsonb,
    worker_id bigint
)
language sql
stable
security definer
set search_path = public, pg_temp
as $$
    select
        j.id,
        j.status::text,
        j.args,
        j.worker_id
    from procrastinate_jobs as j
    where j.task_name = p_task and j.status in ('todo', 'doing')
$$;
revoke execute on function aias_private.jobs_of_task(text) from public;
comment on function aias_private.jobs_of_task(text) is 'Waiting and running jobs of a task.';
