-- aias_private.pauses_of_jobs: which pauses keep which jobs from running.
--
-- Caller    the claim (park_jobs) and explain_job: one rule for both.
-- Promise   a blown fuse is a pause of one tenant's task, or of one workflow; the nil tenant's is of jobs without one.
-- requires: aias_private.nil_uuid
create or replace function aias_private.pauses_of_jobs(p_ids bigint[])
returns table (
    job_id bigint,
    key text,
    scope text,
    name text,
    reason text,
    paused_by text,
    paused_at timestamptz
)
language sql
stable
set search_path = public, pg_temp
as $$
    select
        j.id,
        p.key,
        p.scope,
        p.name,
        p.reason,
        p.paused_by,
        p.paused_at
    from procrastinate_jobs as j
    left join aias_private.lanes as l on l.queue_name = j.queue_name
    inner join aias_private.pauses as p
        on p.key in (
            'lane:' || coalesce(l.name, j.queue_name),
            'task:' || j.task_name,
            'tenant:' || j.tenant_id,
            'workflow:' || j.workflow_id,
            'fuse:task:' || j.task_name || ':' || coalesce(j.tenant_id, aias_private.nil_uuid()),
            'fuse:workflow:' || j.workflow_id
        )
    where j.id = any(p_ids)
$$;
revoke execute on function aias_private.pauses_of_jobs(bigint[]) from public;
comment on function aias_private.pauses_of_jobs(bigint[]) is 'The pauses under which jobs fall.';
