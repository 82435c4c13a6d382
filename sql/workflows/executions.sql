-- aias.executions: the runs of the workflows.
-- requires: aias_private.trace_id
create or replace view aias.executions
with (security_barrier)
as
select
    e.tenant_id,
    t.slug as tenant,
    e.id,
    w.name as workflow,
    e.version,
    e.status,
    e.lane,
    e.input,
    e.output,
    e.error,
    e.attempt,
    e.crash_count,
    e.job_id,
    e.worker_id,
    e.run_at,
    e.wait_reason,
    e.wait_until,
    e.idempotency_key,
    e.parent_execution_id,
    e.replayed_from_id,
    e.trace_parent,
    e.cancel_reason,
    e.created_at,
    e.started_at,
    e.finished_at,
    e.finished_at - e.started_at as duration,
    e.origin,
    e.origin_id,
    aias_private.trace_id(e.id, e.trace_parent) as trace_id,
    coalesce(e.correlation_id, aias_private.trace_id(e.id, e.trace_parent)) as correlation_id
from aias_private.executions as e
inner join aias_private.tenants as t on e.tenant_id = t.id
inner join aias_private.workflows as w on e.tenant_id = w.tenant_id and e.workflow_id = w.id
where
    (select aias_private.caller_sees_all())
    or e.tenant_id = (select aias_private.caller_tenant());
grant select on aias.executions to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.executions is 'The runs of the workflows. Fresh; kept as long as retention says.';
comment on column aias.executions.tenant_id is 'The tenant that it runs for.';
comment on column aias.executions.tenant is 'The tenant''s slug.';
comment on column aias.executions.id is 'The execution''s id (UUIDv7): ordering by it is ordering by start call.';
comment on column aias.executions.workflow is 'The workflow''s name.';
comment on column aias.executions.version is 'The version that it runs, whatever is applied meanwhile.';
comment on column aias.executions.status is 'queued, running, waiting, succeeded, failed or cancelled; the last three are final.';
comment on column aias.executions.lane is 'The lane that it runs in; retries run in the lane retry.';
comment on column aias.executions.input is 'The input it was started with.';
comment on column aias.executions.output is 'What it came to, when succeeded: the definition''s output.';
comment on column aias.executions.error is 'Why it failed: {"type", "message", "detail"}.';
comment on column aias.executions.attempt is 'The fencing token: how often it was claimed, released or cancelled.';
comment on column aias.executions.crash_count is 'How often the worker that ran it died; five times end it.';
comment on column aias.executions.job_id is 'The job that advances it next or now; null when final or when it waits without an end.';
comment on column aias.executions.worker_id is 'The worker that runs it (aias.workers.id); null when none does.';
comment on column aias.executions.run_at is 'The time that it was asked to start at; null is at once.';
comment on column aias.executions.wait_reason is 'What a waiting one waits for first: retry, sleep, event, approval, execution, gate, limit or effect.';
comment on column aias.executions.wait_until is 'When that wait ends by itself; null when it has no end.';
comment on column aias.executions.idempotency_key is 'The key that it was started with; unique per tenant and workflow.';
comment on column aias.executions.parent_execution_id is 'The execution whose step started it and waits for it.';
comment on column aias.executions.replayed_from_id is 'The execution that it is a replay of.';
comment on column aias.executions.trace_parent is 'The W3C trace context that it was started under; null when none was named.';
comment on column aias.executions.cancel_reason is 'The reason given when it was cancelled.';
comment on column aias.executions.created_at is 'When it was asked for.';
comment on column aias.executions.started_at is 'When a worker first took it.';
comment on column aias.executions.finished_at is 'When it became final.';
comment on column aias.executions.duration is 'From its first start to its end, waits included.';
comment on column aias.executions.origin is 'What triggered it: schedule, event or webhook; null for a call.';
comment on column aias.executions.origin_id is 'The schedule, subscription or webhook that did.';
comment on column aias.executions.trace_id is 'The trace that it belongs to (32 hexadecimal digits), for aias.trace.';
comment on column aias.executions.correlation_id is 'The id that whoever caused it gave to all that follows; the trace''s where none was given.';
