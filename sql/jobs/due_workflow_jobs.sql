-- aias_private.due_workflow_jobs: the jobs that would advance executions of a workflow now.
--
-- Caller    aias_private.divert. With p_parked_for only those that are parked for it, which an index finds; without it everything
--           of the workflow that is due, in one look over the waiting jobs.
create or replace function aias_private.due_workflow_jobs(
    p_workflow uuid,
    p_parked_for text,
    p_limit integer
)
returns table (
    job_id bigint,
    execution_id uuid
)
language plpgsql
stable
set search_path = public, pg_temp
as $$
begin
    if p_parked_for is not null then
        return query
        select j.id, (j.args ->> 'execution_id')::uuid
        from procrastinate_jobs as j
        where j.status = 'todo' and j.parked_for is not null and j.parked_for = p_parked_for
        order by j.id
        limit p_limit;
    else
        return query
        select j.id, (j.args ->> 'execution_id')::uuid
        from procrastinate_jobs as j
        where
            j.status = 'todo'
            and j.workflow_id = p_workflow
            and (j.scheduled_at is null or j.scheduled_at <= aias_private.now())
        order by j.id
        limit p_limit;
    end if;
end;
$$;
revoke execute on function aias_private.due_workflow_jobs(uuid, text, integer) from public;
comment on function aias_private.due_workflow_jobs(uuid, text, integer) is
'The jobs that would advance executions of a workflow now, with their executions.';
