-- Traces: what began under which trace and correlation id, and the spans that no other table records.
--
-- Nothing is stored where nobody brought a trace along: an execution or event without a trace_parent is a trace of its own,
-- whose id is its own (a UUIDv7 is a valid trace id, the second half of it a valid span id). So starting an execution costs
-- no more than before. See docs/how-to/trace.md.
-- The functions are made again from their files in the same run.
-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion, ban-drop-function
alter table aias_private.executions
add column correlation_id text,
add column trace_state text;
alter table aias_private.events
add column correlation_id text,
add column trace_parent text;
alter table aias_private.webhook_deliveries
add column correlation_id text,
add column trace_parent text,
add column request_id text;
alter table aias_private.webhook_messages
add column correlation_id text,
add column trace_parent text;
alter table aias_private.audit_log
add column correlation_id text,
add column trace_id text;

-- whoever enqueues, through our functions or the engine's, says by settings of its transaction for whom; without them: null
alter table public.procrastinate_jobs
add column correlation_id text,
add column trace_parent text,
add column trace_state text;
alter table public.procrastinate_jobs
alter column correlation_id set default nullif(current_setting('aias.correlation_id', true), ''),
alter column trace_parent set default nullif(current_setting('aias.traceparent', true), ''),
alter column trace_state set default nullif(current_setting('aias.tracestate', true), '');
comment on column public.procrastinate_jobs.correlation_id is 'AIAS: the correlation id of whoever enqueued it.';
comment on column public.procrastinate_jobs.trace_parent is 'AIAS: the W3C trace context of whoever enqueued it.';
comment on column public.procrastinate_jobs.trace_state is 'AIAS: the W3C tracestate of whoever enqueued it.';

create table aias_private.trace_spans (
    tenant_id uuid default '00000000-0000-0000-0000-000000000000' not null,
    id uuid default aias_private.uuid7() not null,
    trace_id text not null,
    span_id text not null,
    parent_span_id text,
    correlation_id text,
    kind text not null,
    name text not null,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    status text not null,
    request_id text,
    execution_id uuid,
    step_id text,
    item integer,
    attempt integer,
    detail jsonb default '{}' not null,
    constraint trace_spans_pkey primary key (tenant_id, id),
    constraint trace_id_is_one check (trace_id ~ '^[0-9a-f]{32}$'),
    constraint span_ids_are_some check (span_id ~ '^[0-9a-f]{16}$' and parent_span_id ~ '^[0-9a-f]{16}$'),
    constraint kind_is_known check (kind in ('request', 'job', 'step', 'call')),
    constraint name_is_short check (length(name) between 1 and 200),
    constraint finished_at_is_not_before check (finished_at >= started_at),
    constraint status_is_known check (status in ('succeeded', 'failed', 'deferred', 'cancelled')),
    constraint detail_is_an_object check (jsonb_typeof(detail) = 'object')
) partition by range (id);
create table aias_private.trace_spans_default partition of aias_private.trace_spans default;
create index trace_spans_trace_idx on aias_private.trace_spans (trace_id, tenant_id);
create index trace_spans_correlation_idx on aias_private.trace_spans (correlation_id, tenant_id)
where correlation_id is not null;
create index trace_spans_request_idx on aias_private.trace_spans (request_id, tenant_id)
where request_id is not null;
comment on table aias_private.trace_spans is
'Spans that no other table records: requests, jobs with a trace, failed attempts, calls of upstreams. Written in batches.';

alter table aias_private.trace_spans enable row level security;
alter table aias_private.trace_spans force row level security;
create policy tenant_isolation on aias_private.trace_spans
using ((select aias_private.caller_sees_all()) or tenant_id = (select aias_private.caller_tenant()));

-- found by the trace, whosever it is
drop index aias_private.executions_trace_idx;
create index executions_trace_idx on aias_private.executions ((split_part(trace_parent, '-', 2)), tenant_id)
where trace_parent is not null;
create index executions_correlation_idx on aias_private.executions (correlation_id, tenant_id)
where correlation_id is not null;
create index events_trace_idx on aias_private.events ((split_part(trace_parent, '-', 2)), tenant_id)
where trace_parent is not null;
create index webhook_deliveries_trace_idx
on aias_private.webhook_deliveries ((split_part(trace_parent, '-', 2)), tenant_id)
where trace_parent is not null;
create index webhook_deliveries_request_idx on aias_private.webhook_deliveries (request_id, tenant_id)
where request_id is not null;
create index webhook_messages_trace_idx
on aias_private.webhook_messages ((split_part(trace_parent, '-', 2)), tenant_id)
where trace_parent is not null;
create index aias_jobs_trace_idx on public.procrastinate_jobs ((split_part(trace_parent, '-', 2)))
where trace_parent is not null;

-- they return more columns now
drop function if exists aias_private.claim_execution(uuid, uuid, bigint, bigint);
drop function if exists aias_private.claim_jobs(text[], bigint, integer, boolean);
drop function if exists aias_private.outgoing_message(uuid, uuid);
drop function if exists aias.find_audit(uuid, text, text, text, text, text, timestamptz, timestamptz, uuid, integer);
