-- aias.traces: what happened in which trace, span by span.
--
-- Plan      for figures over many traces: it reads all spans of the kinds that are asked for. One trace is found by aias.trace, which
--           knows the index of each kind; here trace_id is no column, as an execution without a caller's trace has its own id for one.
-- requires: aias_private.delivery_spans
-- requires: aias_private.event_spans
-- requires: aias_private.execution_spans
-- requires: aias_private.job_spans
-- requires: aias_private.message_spans
-- requires: aias_private.noted_spans
-- requires: aias_private.schedule_spans
-- requires: aias_private.step_spans
create or replace view aias.traces
with (security_barrier)
as
select
    nullif(s.tenant_id, '00000000-0000-0000-0000-000000000000') as tenant_id,
    s.trace_id,
    s.span_id,
    s.parent_span_id,
    s.correlation_id,
    s.kind,
    s.name,
    s.started_at,
    s.finished_at,
    s.finished_at - s.started_at as duration,
    s.status,
    s.request_id,
    s.execution_id,
    s.step,
    s.item,
    s.attempt,
    s.detail
from (
    select
        n.tenant_id,
        n.trace_id,
        n.span_id,
        n.parent_span_id,
        n.correlation_id,
        n.kind,
        n.name,
        n.started_at,
        n.finished_at,
        n.status,
        n.request_id,
        n.execution_id,
        n.step,
        n.item,
        n.attempt,
        n.detail
    from aias_private.noted_spans as n
    union all
    select
        e.tenant_id,
        e.trace_id,
        e.span_id,
        e.parent_span_id,
        e.correlation_id,
        e.kind,
        e.name,
        e.started_at,
        e.finished_at,
        e.status,
        e.request_id,
        e.execution_id,
        e.step,
        e.item,
        e.attempt,
        e.detail
    from aias_private.execution_spans as e
    union all
    select
        s.tenant_id,
        s.trace_id,
        s.span_id,
        s.parent_span_id,
        s.correlation_id,
        s.kind,
        s.name,
        s.started_at,
        s.finished_at,
        s.status,
        s.request_id,
        s.execution_id,
        s.step,
        s.item,
        s.attempt,
        s.detail
    from aias_private.schedule_spans as s
    union all
    select
        s.tenant_id,
        s.trace_id,
        s.span_id,
        s.parent_span_id,
        s.correlation_id,
        s.kind,
        s.name,
        s.started_at,
        s.finished_at,
        s.status,
        s.request_id,
        s.execution_id,
        s.step,
        s.item,
        s.attempt,
        s.detail
    from aias_private.step_spans as s
    union all
    select
        e.tenant_id,
        e.trace_id,
        e.span_id,
        e.parent_span_id,
        e.correlation_id,
        e.kind,
        e.name,
        e.started_at,
        e.finished_at,
        e.status,
        e.request_id,
        e.execution_id,
        e.step,
        e.item,
        e.attempt,
        e.detail
    from aias_private.event_spans as e
    union all
    select
        d.tenant_id,
        d.trace_id,
        d.span_id,
        d.parent_span_id,
        d.correlation_id,
        d.kind,
        d.name,
        d.started_at,
        d.finished_at,
        d.status,
        d.request_id,
        d.execution_id,
        d.step,
        d.item,
        d.attempt,
        d.detail
    from aias_private.delivery_spans as d
    union all
    select
        m.tenant_id,
        m.trace_id,
        m.span_id,
        m.parent_span_id,
        m.correlation_id,
        m.kind,
        m.name,
        m.started_at,
        m.finished_at,
        m.status,
        m.request_id,
        m.execution_id,
        m.step,
        m.item,
        m.attempt,
        m.detail
    from aias_private.message_spans as m
    union all
    select
        j.tenant_id,
        j.trace_id,
        j.span_id,
        j.parent_span_id,
        j.correlation_id,
        j.kind,
        j.name,
        j.started_at,
        j.finished_at,
        j.status,
        j.request_id,
        j.execution_id,
        j.step,
        j.item,
        j.attempt,
        j.detail
    from aias_private.job_spans as j
) as s
where
    (select aias_private.caller_sees_all())
    or s.tenant_id = (select aias_private.caller_tenant());
grant select on aias.traces to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.traces is
'The spans of all traces: requests, triggers, executions, attempts of steps, calls of upstreams, jobs, events, webhooks. At most 2 seconds behind. Kept as long as what they tell of.';
comment on column aias.traces.tenant_id is 'The tenant that it was done for; null for the system itself.';
comment on column aias.traces.trace_id is 'The trace (W3C: 32 hexadecimal digits).';
comment on column aias.traces.span_id is 'The span (W3C: 16 hexadecimal digits), unique in its trace.';
comment on column aias.traces.parent_span_id is 'The span that caused it; null at the root. One that is not here is the caller''s own.';
comment on column aias.traces.correlation_id is 'The id that whoever caused it all gave to it; the trace''s where none was given.';
comment on column aias.traces.kind is 'request, schedule, webhook_in, event, execution, step (an attempt), call (of an upstream), job or webhook_out.';
comment on column aias.traces.name is 'What it was: the route, the workflow, the step, the upstream and its operation, the task, the type.';
comment on column aias.traces.started_at is 'When it began; for executions and jobs: from when on it could run, so the wait for a worker is included.';
comment on column aias.traces.finished_at is 'When it ended; null while it goes on.';
comment on column aias.traces.duration is 'From its start to its end; null while it goes on.';
comment on column aias.traces.status is 'How it stands or ended, in the words of its kind; of calls and requests: succeeded, failed, deferred or cancelled.';
comment on column aias.traces.request_id is 'The HTTP request (its X-Request-ID), where it is one or came with one.';
comment on column aias.traces.execution_id is 'The execution that it is or belongs to (aias.executions.id).';
comment on column aias.traces.step is 'The step that it is an attempt of, or was called by.';
comment on column aias.traces.item is 'The item of a fan-out, from 0; null outside of one.';
comment on column aias.traces.attempt is 'The number of the attempt, from 1.';
comment on column aias.traces.detail is 'The particulars by kind: action, error, status of the answer, ids.';
