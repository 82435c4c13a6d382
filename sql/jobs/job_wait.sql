-- aias_private.job_wait: what the execution waits for that a scheduled job will go on with.
--
-- Caller    explain_job. No row: the job advances no execution, or one that waits for nothing but its time.
-- requires: aias_private.step_waits
create or replace function aias_private.job_wait(p_job bigint)
returns table (
    reason text,
    detail text,
    until timestamptz
)
language sql
stable
set search_path = public, pg_temp
as $$
    select
        w.reason,
        w.detail,
        w.until
    from procrastinate_jobs as j
    inner join aias_private.executions as e
        on
            e.tenant_id = j.tenant_id
            -- arguments of other tasks may hold anything
            and e.id = case when j.task_name = 'aias.advance_execution' then (j.args ->> 'execution_id')::uuid end
            and e.job_id = j.id
            and e.status = 'waiting'
    cross join lateral aias_private.step_waits(e.tenant_id, e.id) as w
    where j.id = p_job
    limit 1
$$;
revoke execute on function aias_private.job_wait(bigint) from public;
comment on function aias_private.job_wait(bigint) is 'What the execution waits for that a scheduled job will go on with.';
