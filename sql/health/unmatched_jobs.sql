-- aias_private.unmatched_jobs: executions whose job is gone, or the engine's jobs whose execution is.
--
-- Caller    aias.find_orphans. p_kind is executions_without_job or jobs_without_execution.
-- Promise   what aias_private.repair_jobs would repair, but for a job that a worker has at this moment: that one ends by itself.
-- Plan      the live executions, and the live jobs of the engine.
-- requires: aias_private.job_state
-- requires: aias_private.jobs_of_task
create or replace function aias_private.unmatched_jobs(p_kind text)
returns table (
    sample jsonb,
    place bigint
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select
        u.sample,
        row_number() over ()
    from (
        select jsonb_build_object('tenant_id', e.tenant_id, 'execution_id', e.id, 'job_id', e.job_id) as sample
        from aias_private.executions as e
        where
            p_kind = 'executions_without_job'
            and (
                e.status in ('queued', 'running')
                or (e.status = 'waiting' and (e.wait_until is not null or e.job_id is not null))
            )
            and not exists (
                select from aias_private.job_state(e.job_id) as j where j.status in ('todo', 'doing')
            )
        union all
        select jsonb_build_object('execution_id', j.args ->> 'execution_id', 'job_id', j.job_id)
        from aias_private.jobs_of_task('aias.advance_execution') as j
        where
            p_kind = 'jobs_without_execution'
            and j.status = 'todo'
            and not exists (
                select from aias_private.executions as e
                where
                    e.tenant_id::text = j.args ->> 'tenant_id'
                    and e.id::text = j.args ->> 'execution_id'
                    and e.job_id = j.job_id
            )
    ) as u
$$;
revoke execute on function aias_private.unmatched_jobs(text) from public;
comment on function aias_private.unmatched_jobs(text) is
'Executions whose job is gone, or waiting jobs whose execution is gone or goes on by another.';
