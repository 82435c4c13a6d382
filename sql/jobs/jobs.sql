-- aias.jobs: what waits, runs or has failed in the queue.
create or replace view aias.jobs
with (security_barrier)
as
select
    j.tenant_id,
    t.slug as tenant,
    j.id,
    j.task_name::text as task,
    coalesce(l.name, j.queue_name::text) as lane,
    j.queue_name::text as queue_name,
    case j.status
        when 'todo' then case when j.scheduled_at > aias_private.now() then 'scheduled' else 'waiting' end
        when 'doing' then case when j.abort_requested then 'stopping' else 'running' end
        else j.status::text
    end as status,
    j.priority,
    j.scheduled_at as run_at,
    j.args,
    j.attempts as attempt_count,
    j.rescue_count,
    j.lock,
    j.queueing_lock,
    j.worker_id,
    j.last_error,
    j.created_at,
    substring(j.trace_parent from '^[0-9a-f]{2}-([0-9a-f]{32})-') as trace_id,
    coalesce(
        j.correlation_id, substring(j.trace_parent from '^[0-9a-f]{2}-([0-9a-f]{32})-')
    ) as correlation_id
from public.procrastinate_jobs as j
left join aias_private.tenants as t on j.tenant_id = t.id
left join aias_private.lanes as l on j.queue_name = l.queue_name
where
    (select aias_private.caller_sees_all())
    or j.tenant_id = (select aias_private.caller_tenant());
grant select on aias.jobs to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.jobs is 'The queue: jobs that wait, run or have failed. Succeeded jobs are deleted. Fresh.';
comment on column aias.jobs.tenant_id is 'The tenant that it runs for; null for the system''s own.';
comment on column aias.jobs.tenant is 'The tenant''s slug.';
comment on column aias.jobs.id is 'The job''s id, for explain_job, cancel_job and retry_job.';
comment on column aias.jobs.task is 'The name of the task that it runs.';
comment on column aias.jobs.lane is 'Its lane; the queue''s name when no lane has that queue.';
comment on column aias.jobs.queue_name is 'Its queue, as workers name it.';
comment on column aias.jobs.status is
'waiting, scheduled (its time has not come), running, stopping (running, asked to stop), failed, aborted, cancelled or succeeded.';
comment on column aias.jobs.priority is 'Higher goes first.';
comment on column aias.jobs.run_at is 'When it falls due; null is at once.';
comment on column aias.jobs.args is 'The task''s arguments.';
comment on column aias.jobs.attempt_count is 'How many attempts are behind it, lost ones included.';
comment on column aias.jobs.rescue_count is 'How often a worker died with it; five times send it to the dead letters.';
comment on column aias.jobs.lock is 'Of jobs with the same lock one runs at a time.';
comment on column aias.jobs.queueing_lock is 'Of jobs with the same queueing lock one waits at a time.';
comment on column aias.jobs.worker_id is 'The worker that runs it (aias.workers.id).';
comment on column aias.jobs.last_error is 'Why the last attempt failed: {"type", "message", ...}.';
comment on column aias.jobs.created_at is 'When it was enqueued.';
comment on column aias.jobs.trace_id is 'The trace of whoever enqueued it (32 hexadecimal digits); null where none was named.';
comment on column aias.jobs.correlation_id is 'The correlation id of whoever enqueued it; null where none was named.';
