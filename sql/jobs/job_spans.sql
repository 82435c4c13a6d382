-- aias_private.job_spans: the jobs that wait or run and belong to a trace, as spans.
--
-- Why       a job that has ended was noted by its worker; the jobs of executions are no spans of their own.
-- requires: aias_private.given_trace_parent
create or replace view aias_private.job_spans
as
select
    coalesce(j.tenant_id, '00000000-0000-0000-0000-000000000000') as tenant_id,
    split_part(j.trace_parent, '-', 2) as key,
    split_part(j.trace_parent, '-', 2) as trace_id,
    left(md5('job ' || j.id::text), 16) as span_id,
    split_part(j.trace_parent, '-', 3) as parent_span_id,
    coalesce(j.correlation_id, split_part(j.trace_parent, '-', 2)) as correlation_id,
    'job' as kind,
    j.task_name::text as name,
    greatest(j.created_at, j.scheduled_at) as started_at,
    null::timestamptz as finished_at,
    case j.status when 'doing' then 'running' else 'waiting' end as status,
    null::text as request_id,
    null::uuid as execution_id,
    null::text as step,
    null::integer as item,
    j.attempts as attempt,
    jsonb_build_object('job', j.id) as detail
from public.procrastinate_jobs as j
where
    j.status in ('todo', 'doing')
    and j.trace_parent is not null
    and j.task_name <> 'aias.advance_execution'
    and aias_private.given_trace_parent(j.trace_parent) is not null;
comment on view aias_private.job_spans is 'The jobs of traces that wait or run, as aias.traces has them.';
